/** The replication machine with a peer that says anything: an input is a whole conversation, decision by decision. */
import type { ResourceSettings } from "../../../src/core/replication/settings.ts";
import { PacketType } from "../../../src/formats/drbd/packet-type.ts";
import type { FuzzTarget } from "../fuzz-target.ts";
import { Choices } from "../inputs/choices.ts";
import { randomPacket } from "../inputs/random-packet.ts";
import { Conversation } from "../rubbish/conversation.ts";
import { deviceBytes, emptyImage, plainSettings } from "../rubbish/one-volume.ts";

const stepsMax = 400;

export const replication: FuzzTarget = {
  name: "replication",
  inputs: 20_000,
  make: (chance) => chance.bytes(chance.between(20, 1500)),
  run: (input) => {
    const choices = new Choices(input);
    const conversation = new Conversation(choices, {
      settings: anySettings(choices),
      image: emptyImage,
    });
    conversation.start(choices.pick(["Primary", "Secondary", "new"]));
    // The rubbish begins before, in or after the handshake.
    for (let proper = choices.pick([0, 3, 8, 12, 20, 60, 60, 60]); proper > 0; proper--) {
      properStep(conversation);
    }
    for (let step = 0; step < stepsMax && !choices.areOver; step++) oneStep(conversation);
    conversation.end();
    return conversation.refused ? "refused" : "read";
  },
};

const attachCommand = {
  name: "attach",
  volume: 0,
  dataBytes: deviceBytes,
  metaBytes: deviceBytes,
  placement: { kind: "internal" },
} as const;
function anySettings(choices: Choices): ResourceSettings {
  const { net, volumes, ...plain } = plainSettings;
  const protocol = choices.pick(["C", "C", "B", "A"] as const);
  return {
    ...plain,
    remote: { address: choices.pick(["10.0.0.2", "10.0.0.0"]), port: 7789 },
    net: {
      ...net,
      protocol,
      allowTwoPrimaries: choices.chance(0.3) && protocol === "C",
      verifyAlg: choices.pick(["", "sha1", "crc32c"]),
      csumsAlg: choices.pick(["", "", "md5"]),
      dataIntegrityAlg: choices.pick(["", "", "", "", "crc32c"]),
      cramHmacAlg: choices.pick(["", "", "", "", "", "", "", "sha1"]),
      afterSb0pri: choices.pick(["disconnect", "discard-zero-changes", "discard-remote"]),
      afterSb1pri: choices.pick(["disconnect", "consensus", "discard-secondary"]),
      rrConflict: choices.pick(["disconnect", "violently"]),
    },
    volumes: volumes.map((volume) => ({
      ...volume,
      disk: {
        ...volume.disk,
        onIoError: choices.pick(["detach", "pass_on", "call-local-io-error"]),
        fencing: choices.pick(["dont-care", "dont-care", "resource-only"]),
      },
    })),
  };
}

function oneStep(c: Conversation): void {
  const { choices } = c;
  switch (choices.below(16)) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 4:
      properStep(c);
      return;
    case 5:
    case 6:
    case 7:
      // A handshake ends with the first thing that is wrong: most conversations get beyond it.
      if (!c.isConnected && choices.chance(0.85)) properStep(c);
      else c.sayAnything((peer) => randomPacket(peer.numbers(), choices));
      return;
    case 8:
    case 9:
      c.use();
      return;
    case 10:
      c.finishOne(choices.below(8), choices.chance(0.02));
      return;
    case 11:
      c.passTime(choices.pick([1, 50, 500, 3000, 20_000]));
      return;
    case 12:
      c.command(anyCommand(choices));
      return;
    case 13:
      choices.pick([() => c.openOrRelease(), () => c.failConnecting()])();
      return;
    case 14:
      c.stranger(
        choices.pick([
          { type: PacketType.InitialData },
          { type: PacketType.InitialMeta },
          { type: PacketType.Ping },
        ]),
      );
      return;
    default:
      if (choices.chance(0.5)) properStep(c);
      else choices.pick([() => c.sayRubbish(), () => c.closeOne()])();
  }
}

function properStep(c: Conversation): void {
  if (!c.goOn()) c.passTime(100);
}

function anyCommand(choices: Choices): Parameters<Conversation["command"]>[0] {
  const volume = 0;
  return choices.pick<Parameters<Conversation["command"]>[0]>([
    { name: "primary" },
    { name: "secondary" },
    { name: "connect" },
    { name: "connect", discardMyData: true },
    { name: "disconnect" },
    { name: "invalidate", volume },
    { name: "invalidate-remote", volume },
    { name: "outdate", volume },
    { name: "pause-sync", volume },
    { name: "resume-sync", volume },
    { name: "verify", volume },
    { name: "suspend-io" },
    { name: "resume-io" },
    { name: "new-current-uuid", volume, clearBitmap: choices.chance(0.5) },
    { name: "two-primaries-window", open: choices.chance(0.5) },
    { name: "detach", volume, force: choices.chance(0.5) },
    attachCommand,
    attachCommand,
  ]);
}
