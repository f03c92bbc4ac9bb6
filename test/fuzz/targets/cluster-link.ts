/** What comes from the network between daemons: datagrams of the membership, streams of the link. */
import { assert } from "../../../src/base/assert.ts";
import { concatBytes, equalBytes } from "../../../src/base/bytes.ts";
import { encodeUtf8 } from "../../../src/base/utf8.ts";
import { decodeMessage } from "../../../src/core/node/message-codec.ts";
import {
  decodeHeartbeat,
  encodeHeartbeat,
  type Heartbeat,
} from "../../../src/formats/cluster-packet/heartbeat.ts";
import type { Keyring } from "../../../src/formats/cluster-packet/keyring.ts";
import {
  frameParts,
  handshakeFrameBytesMax,
  type LinkFrame,
  LinkFrameReader,
} from "../../../src/formats/cluster-packet/link-frame.ts";
import {
  decodeHello,
  decodeSigned,
  decodeSignedFrame,
  decodeWelcome,
  encodeFrameSignature,
  encodeGreeting,
  encodeSigned,
} from "../../../src/formats/cluster-packet/link-handshake.ts";
import { openPacket, sealPacket } from "../../../src/formats/cluster-packet/sealed-packet.ts";
import type { Chance, FuzzTarget, Outcome } from "../fuzz-target.ts";
import { chunksOf } from "../inputs/chunks.ts";
import { mutateBytes } from "../inputs/mutate-bytes.ts";
import { mutateText } from "../inputs/mutate-text.ts";

/** Takes every signature of four bytes: what is behind it is what is looked at here. */
const openKeyring: Keyring = {
  signingKey: 1,
  sign: () => Uint8Array.of(1, 2, 3, 4),
  verify: (_key, _bytes, signature) => signature.length === 4,
  knows: (key) => key < 16,
};

export const clusterPacket: FuzzTarget = {
  name: "cluster-packet",
  inputs: 300_000,
  make: (chance) => {
    const body = encodeHeartbeat(anyHeartbeat(chance));
    const mutated = chance.below(2) === 0 ? mutateBytes(body, chance).slice(0, 1300) : body;
    const packet = { kind: 1, sender: "xen1", body: mutated };
    return mutateBytes(sealPacket(packet, openKeyring), chance);
  },
  run: (datagram) => {
    const opened = openPacket(datagram, openKeyring);
    if (!opened.ok) return "refused";
    const heartbeat = decodeHeartbeat(opened.value.body);
    if (heartbeat === undefined) return "refused";
    const again = encodeHeartbeat(heartbeat);
    const twice = decodeHeartbeat(again);
    assert(twice !== undefined && equalBytes(encodeHeartbeat(twice), again), "it comes back");
    return "read";
  },
};

function anyHeartbeat(chance: Chance): Heartbeat {
  const name = (): string => chance.pick(["xen1", "xen2", "a.b-c", "n0"]);
  const heard = Array.from({ length: chance.below(4) }, () => ({
    name: name(),
    incarnation: chance.u64(),
    sequence: chance.u32(),
    episode: chance.u32(),
    hears: chance.below(2) === 0,
  }));
  return {
    uuid: "00112233-4455-6677-8899-aabbccddeeff",
    incarnation: chance.u64(),
    bootId: chance.u64(),
    sequence: chance.u32(),
    intent: chance.pick(["running", "restarting", "leaving"]),
    holdMs: chance.u32(),
    answerAtOnce: chance.below(2) === 0,
    addresses: chance.pick([[], ["10.0.0.1"], ["10.0.0.1", "192.168.0.1"]]),
    heard,
    announcement: chance.pick([{}, { dc: "xen1" }, { term: "7", __proto__x: "ä" }]),
  };
}

export const linkStream: FuzzTarget = {
  name: "link-stream",
  inputs: 300_000,
  make: (chance) => {
    const frames: Uint8Array[] = [];
    for (let i = 1 + chance.below(4); i > 0; i--) frames.push(...anyFrame(chance));
    return mutateBytes(concatBytes(frames), chance);
  },
  run: (stream) => {
    const whole = framesOf([stream]);
    const cut = framesOf(chunksOf(stream));
    assert(whole.frames.length === cut.frames.length, "a stream that is cut reads the same");
    assert(whole.fault === cut.fault, "and ends the same");
    let refused = whole.fault !== undefined;
    for (const frame of whole.frames) if (!readFrame(frame)) refused = true;
    return refused ? "refused" : "read";
  },
};

function anyFrame(chance: Chance): readonly Uint8Array[] {
  const signed = { key: 1, signature: chance.bytes(20) };
  const greeting = encodeGreeting({
    version: 1,
    from: "xen1",
    to: "xen2",
    incarnation: chance.u64(),
    nonce: chance.bytes(16),
  });
  const payload = encodeUtf8('{"kind":"want-cib","term":3}');
  switch (chance.below(5)) {
    case 0:
      return frameParts("hello", [greeting]);
    case 1:
      return frameParts("welcome", [greeting, encodeSigned(signed)]);
    case 2:
      return frameParts("confirm", [encodeSigned(signed)]);
    case 3:
      return frameParts("ping", [encodeFrameSignature(signed)]);
    default:
      return frameParts("message", [encodeFrameSignature(signed), payload]);
  }
}

function framesOf(chunks: Iterable<Uint8Array>): {
  readonly frames: readonly LinkFrame[];
  readonly fault?: string;
} {
  const reader = new LinkFrameReader();
  const frames: LinkFrame[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (;;) {
      const taken = reader.take(handshakeFrameBytesMax);
      if (!taken.ok) return { frames, fault: taken.error };
      if (taken.value === undefined) break;
      frames.push(taken.value);
    }
  }
  return { frames };
}

function readFrame({ kind, body }: LinkFrame): boolean {
  switch (kind) {
    case "hello":
      return decodeHello(body) !== undefined;
    case "welcome":
      return decodeWelcome(body) !== undefined;
    case "confirm":
      return decodeSigned(body) !== undefined;
    case "ready":
    case "ping":
    case "message":
      return decodeSignedFrame(body) !== undefined;
  }
}

const messages: readonly string[] = [
  '{"kind":"want-cib","term":3}',
  '{"kind":"offer","term":1,"standing":{"obeys":"7f","version":{"adminEpoch":0,"epoch":1,"numUpdates":2}}}',
  '{"kind":"own-cib","term":3,"cib":["cib",{"epoch":"1"},[["status",{},[]]]],"lineage":[]}',
  '{"kind":"cib-whole","term":3,"sequence":1,"cib":["cib",{},[]],"lineage":[]}',
];

export const linkMessage: FuzzTarget = {
  name: "link-message",
  inputs: 100_000,
  isText: true,
  make: (chance) => mutateText(chance.pick(messages), messageWords, chance),
  run: (bytes): Outcome => (decodeMessage(bytes).ok ? "read" : "refused"),
};

const messageWords = [
  ...["term", "cib", "standing", "lineage", "kind", "offer", "join", "refusal", "__proto__"],
  ...["null", "true", "[]", "{}", "1e999", "-1", '"x"', ",", ":", "[", "]", "[[[[[[[["],
];
