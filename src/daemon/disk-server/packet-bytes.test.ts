import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { concatBytes } from "../../base/bytes.ts";
import type { Packet } from "../../formats/drbd/packet.ts";
import { encodePacket } from "../../formats/drbd/packet-encode.ts";
import { PacketType } from "../../formats/drbd/packet-type.ts";
import { LentMemory } from "../../host/stream/lent-memory.ts";
import { lendPayload, PacketBytes } from "./packet-bytes.ts";

test("payloads stay as they are until they are given back, however the bytes come", () => {
  const sectors = fc.oneof(fc.integer({ min: 1, max: 16 }), fc.integer({ min: 30, max: 700 }));
  const step = fc.record({ sectors, giveBack: fc.array(fc.nat(), { maxLength: 3 }) });
  const cuts = fc.array(fc.integer({ min: 1, max: 200_000 }), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), cuts, (steps, sizes) => {
      const memory = new LentMemory();
      const stream = concatBytes(
        steps.flatMap((one, i) => encodePacket(dataPacket(i, 512 * one.sectors), "100")),
      );
      const held: { readonly payload: Uint8Array; readonly value: number }[] = [];
      let count = 0;
      receive(new PacketBytes(memory), stream, sizes, (packet) => {
        assert.ok(packet.type === PacketType.Data);
        lendPayload(memory, packet);
        held.push({ payload: packet.payload, value: count & 0xff });
        for (const number of steps[count]?.giveBack ?? []) {
          const [given] = held.splice(number % Math.max(1, held.length), 1);
          if (given !== undefined) memory.giveBack(given.payload);
        }
        count++;
        for (const { payload, value } of held) assert.ok(payload.every((byte) => byte === value));
      });
      assert.equal(count, steps.length);
    }),
    { numRuns: 40 },
  );
});

test("writes that reach the disk one after the other go through the same memory", () => {
  const memory = new LentMemory();
  const buffers = new Set<ArrayBufferLike>();
  const packets = Array.from({ length: 400 }, (_, i) =>
    dataPacket(i, i % 2 === 0 ? 4096 : 1 << 20),
  );
  const bytes = new PacketBytes(memory);
  for (const sent of packets) {
    receive(bytes, concatBytes(encodePacket(sent, "100")), [150_000], (packet) => {
      assert.ok(packet.type === PacketType.Data);
      lendPayload(memory, packet);
      buffers.add(packet.payload.buffer);
      memory.giveBack(packet.payload);
    });
  }
  assert.ok(buffers.size <= 6, `${buffers.size} blocks of memory`);
});

test("a payload that somebody may keep is never written over", () => {
  const memory = new LentMemory();
  const bytes = new PacketBytes(memory);
  const kept: Uint8Array[] = [];
  const bitmap: Packet = {
    type: PacketType.Bitmap,
    volume: 0,
    payload: new Uint8Array(4096).fill(1),
  };
  for (let i = 0; i < 400; i++) {
    const stream = concatBytes([
      ...encodePacket(bitmap, "100"),
      ...encodePacket(dataPacket(2, 4096), "100"),
    ]);
    receive(bytes, stream, [100_000], (packet) => {
      lendPayload(memory, packet);
      if (packet.type === PacketType.Bitmap) kept.push(packet.payload);
      else if ("payload" in packet) memory.giveBack(packet.payload);
    });
  }
  assert.equal(kept.length, 400);
  assert.ok(kept.every((payload) => payload.every((byte) => byte === 1)));
});

function receive(
  bytes: PacketBytes,
  stream: Uint8Array,
  sizes: readonly number[],
  onPacket: (packet: Packet) => void,
): void {
  for (let at = 0, i = 0; at < stream.length; i++) {
    const space = bytes.space();
    const part = stream.subarray(at, at + Math.min(sizes[i % sizes.length] ?? 1, space.length));
    space.set(part);
    bytes.received(part.length);
    at += part.length;
    for (let read = bytes.reader.next(); read !== undefined; read = bytes.reader.next()) {
      assert.ok(read.ok);
      onPacket(read.value);
    }
  }
}

function dataPacket(value: number, lengthBytes: number): Packet {
  const payload = new Uint8Array(lengthBytes).fill(value);
  return { type: PacketType.Data, volume: 0, sector: 8, id: 1n, seq: 1, flags: 2, payload };
}
