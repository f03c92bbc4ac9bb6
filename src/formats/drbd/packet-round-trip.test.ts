/** Laws of the whole packet table: each type comes back as it was, in each header that can carry it, however it is cut. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Choices } from "../../../test/fuzz/inputs/choices.ts";
import { randomPacket, wildNumbers } from "../../../test/fuzz/inputs/random-packet.ts";
import { concatBytes } from "../../base/bytes.ts";
import type { Packet } from "./packet.ts";
import { encodePacket } from "./packet-encode.ts";
import type { HeaderKind } from "./packet-header.ts";
import { PacketReader } from "./packet-reader.ts";
import { PacketType, packetName } from "./packet-type.ts";

test("every type of packet is written, read and written again the same", () => {
  const met = new Set<number>();
  fc.assert(
    fc.property(packets(), fc.constantFrom<HeaderKind>("80", "95", "100"), (packet, kind) => {
      const carried = kind === "100" ? packet : withoutVolume(packet);
      const bytes = concatBytes(encodePacket(carried, kind));
      const [read, ...more] = readAll(bytes, [bytes.length]);
      assert.deepEqual([plain(read), more], [plain(carried), []]);
      assert.deepEqual(concatBytes(encodePacket(read as Packet, kind)), bytes);
      met.add(packet.type);
    }),
    { numRuns: 3000 },
  );
  const missing = Object.values(PacketType).filter((type) => !met.has(type));
  assert.deepEqual(missing.map(packetName), []);
});

test("a stream of any packets reads the same however it is cut", () => {
  fc.assert(
    fc.property(
      fc.array(packets(), { minLength: 1, maxLength: 6 }),
      fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 30 }),
      (sent, cuts) => {
        const stream = concatBytes(sent.flatMap((packet) => encodePacket(packet, "100")));
        assert.deepEqual(readAll(stream, cuts).map(plain), sent.map(plain));
      },
    ),
    { numRuns: 300 },
  );
});

function packets(): fc.Arbitrary<Packet> {
  return fc.uint8Array({ minLength: 60, maxLength: 700 }).map((bytes) => {
    const choices = new Choices(bytes);
    return randomPacket(wildNumbers(choices), choices);
  });
}

/** Headers before protocol 100 have no room for it. */
function withoutVolume(packet: Packet): Packet {
  return "volume" in packet ? { ...packet, volume: 0 } : packet;
}

function readAll(stream: Uint8Array, cuts: readonly number[]): Packet[] {
  const reader = new PacketReader();
  const out: Packet[] = [];
  for (let at = 0, i = 0; at < stream.length; i++) {
    const length = cuts[i % cuts.length] as number;
    reader.push(stream.slice(at, at + length));
    at += length;
    for (let read = reader.next(); read !== undefined; read = reader.next()) {
      assert.ok(read.ok);
      out.push(read.value);
    }
  }
  return out;
}

/** Payloads as plain arrays: a view equals a copy. */
function plain(packet: Packet | undefined): unknown {
  return packet !== undefined && "payload" in packet
    ? { ...packet, payload: [...packet.payload] }
    : packet;
}
