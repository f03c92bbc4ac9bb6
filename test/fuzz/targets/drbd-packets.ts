/**
 * DRBD's packets: streams of valid ones, changed, and cut where TCP might cut them. Beyond "no throw": however the
 * stream is cut the same packets come out, and a packet that was read comes back when it is written and read again.
 */
import { assert } from "../../../src/base/assert.ts";
import { concatBytes, equalBytes } from "../../../src/base/bytes.ts";
import type { Packet } from "../../../src/formats/drbd/packet.ts";
import { encodePacket } from "../../../src/formats/drbd/packet-encode.ts";
import type { HeaderKind } from "../../../src/formats/drbd/packet-header.ts";
import { PacketReader, type ReadPacket } from "../../../src/formats/drbd/packet-reader.ts";
import type { Chance, FuzzTarget } from "../fuzz-target.ts";
import { chunksOf } from "../inputs/chunks.ts";
import { mutateBytes } from "../inputs/mutate-bytes.ts";
import { randomPacket, wildNumbers } from "../inputs/random-packet.ts";

export const drbdPackets: FuzzTarget = {
  name: "drbd-packets",
  inputs: 5_000_000,
  make: (chance) => mutateBytes(packetStream(chance), chance),
  run: (stream) => {
    const whole = readAll([stream.slice()]);
    assert(sameReads(whole, readAll(chunksOf(stream))), "a stream that is cut reads the same");
    for (const read of whole) if (read.ok) assertComesBack(read.value);
    return whole.at(-1)?.ok === true ? "read" : "refused";
  },
};

/** Header 80 and 95 carry no volume. */
function packetStream(chance: Chance): Uint8Array {
  const numbers = wildNumbers(chance);
  const kind: HeaderKind = chance.below(6) === 0 ? chance.pick(["80", "95"]) : "100";
  const ofKind = kind === "100" ? numbers : { ...numbers, volume: () => 0 };
  const parts: Uint8Array[] = [];
  for (let i = 1 + chance.below(4); i > 0; i--) {
    parts.push(...encodePacket(randomPacket(ofKind, chance), kind));
  }
  return concatBytes(parts);
}

function readAll(chunks: Iterable<Uint8Array>): readonly ReadPacket[] {
  const reader = new PacketReader();
  const reads: ReadPacket[] = [];
  for (const chunk of chunks) {
    reader.push(chunk);
    for (let read = reader.next(); read !== undefined; read = reader.next()) reads.push(read);
  }
  return reads;
}

function sameReads(a: readonly ReadPacket[], b: readonly ReadPacket[]): boolean {
  return a.length === b.length && a.every((read, i) => sameRead(read, b[i] as ReadPacket));
}

function sameRead(a: ReadPacket, b: ReadPacket): boolean {
  if (a.ok && b.ok) return samePacket(a.value, b.value);
  return !a.ok && !b.ok && a.error.message === b.error.message;
}

function assertComesBack(packet: Packet): void {
  const [again] = readAll([concatBytes(encodePacket(packet, "100"))]);
  assert(again?.ok === true, "what was read can be written and read again");
  assert(samePacket(packet, again.value), "and is the same then");
}

function samePacket(a: Packet, b: Packet): boolean {
  return sameValue(a, b);
}

function sameValue(a: unknown, b: unknown): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return equalBytes(a, b);
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) return a === b;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) =>
    sameValue((a as Record<string, unknown>)[key], (b as Record<string, unknown>)[key]),
  );
}
