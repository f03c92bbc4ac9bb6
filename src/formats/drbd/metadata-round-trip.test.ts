/** Laws of the structures of metadata v08: each comes back as it was, and a layout never lies outside its devices. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  alContextMax,
  alFreeSlot,
  alRingSlot,
  alUpdatesMax,
  decodeAlBlock,
  encodeAlBlock,
} from "./activity-log-block.ts";
import { alSectors, bitmapSectors, metadataLayout } from "./metadata-layout.ts";
import { decodeSuperblock, encodeSuperblock } from "./superblock.ts";

const u16 = fc.integer({ min: 0, max: 0xffff });
const u32 = fc.integer({ min: 0, max: 0xffffffff });
const i32 = fc.integer({ min: -0x80000000, max: 0x7fffffff });
const uuid = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });

test("a superblock with any fields comes back, and is written again the same", () => {
  const superblocks = fc.record({
    laSizeSectors: fc.integer({ min: 0, max: 2 ** 44 - 1 }),
    uuids: fc.record({ current: uuid, bitmap: uuid, history1: uuid, history2: uuid }),
    deviceUuid: uuid,
    flags: u32,
    clean: fc.boolean(),
    mdSizeSectors: u32,
    alOffset: i32,
    alExtents: u32,
    bmOffset: i32,
    laPeerMaxBioBytes: u32,
    // Both 0 is how the fields were before there were stripes.
    alStripes: fc.integer({ min: 1, max: 0xffffffff }),
    alStripeSize4k: u32,
  });
  fc.assert(
    fc.property(superblocks, (superblock) => {
      const bytes = encodeSuperblock(superblock);
      const decoded = decodeSuperblock(bytes);
      assert.ok(decoded.ok);
      assert.deepEqual({ ...decoded.value, uuids: { ...decoded.value.uuids } }, plain(superblock));
      assert.deepEqual(encodeSuperblock(decoded.value), bytes);
    }),
  );
});

test("a transaction with any content comes back, and is written again the same", () => {
  const blocks = fc.record({
    trNumber: u32,
    updates: fc.array(fc.record({ slot: fc.nat({ max: 0xfffe }), extent: u32 }), {
      maxLength: alUpdatesMax,
    }),
    window: fc.tuple(u16, u16),
    context: fc.array(u32, { maxLength: alContextMax }),
  });
  fc.assert(
    fc.property(blocks, ({ trNumber, updates, window, context }) => {
      const filled = new Uint32Array(alContextMax).fill(alFreeSlot);
      filled.set(context);
      const block = {
        kind: "update" as const,
        trNumber,
        updates: updates.map((update) => ({ ...update })),
        contextSize: Math.max(...window),
        contextStart: Math.min(...window),
        context: filled,
      };
      const bytes = encodeAlBlock(block);
      const decoded = decodeAlBlock(bytes);
      assert.ok(decoded.ok);
      assert.deepEqual(decoded.value, block);
      assert.deepEqual(encodeAlBlock(decoded.value), bytes);
    }),
  );
});

test("each transaction of a round has a place of its own in the ring", () => {
  const geometry = fc.record({
    stripes: fc.integer({ min: 1, max: 8 }),
    stripeSize4k: fc.integer({ min: 1, max: 16 }),
  });
  fc.assert(
    fc.property(geometry, fc.integer({ min: 0, max: 1000 }), (al, first) => {
      const blocks = al.stripes * al.stripeSize4k;
      const places = Array.from({ length: blocks }, (_, i) => alRingSlot(first * blocks + i, al));
      assert.deepEqual(
        places.sort((a, b) => a - b),
        places.map((_, i) => i),
      );
    }),
  );
});

test("data, bitmap, activity log and superblock lie beside each other, inside the devices", () => {
  const sectors = fc.integer({ min: 0, max: 2 ** 37 });
  const geometry = fc.record({
    stripes: fc.integer({ min: 1, max: 4 }),
    stripeSize4k: fc.integer({ min: 8, max: 64 }),
  });
  fc.assert(
    fc.property(sectors, sectors, geometry, fc.nat({ max: 300 }), (data, meta, al, index) => {
      const internal = metadataLayout({ kind: "internal" }, sizes(data, data), al);
      if (internal.ok) {
        const { superblockSector: at, alOffset, bmOffset, usableSectors } = internal.value;
        assert.ok(usableSectors > 0 && usableSectors <= at + bmOffset);
        assert.ok(bmOffset + bitmapSectors(usableSectors) <= alOffset);
        assert.ok(alOffset + alSectors(al) <= 0 && at + 8 <= data);
      }
      for (const placement of [{ kind: "flexible" }, { kind: "indexed", index }] as const) {
        const layout = metadataLayout(placement, sizes(data, meta), {
          stripes: 1,
          stripeSize4k: 8,
        });
        if (!layout.ok) continue;
        const { superblockSector: at, alOffset, bmOffset, usableSectors } = layout.value;
        assert.ok(alOffset === 8 && bmOffset === 72 && usableSectors <= data);
        const end = at + layout.value.mdSizeSectors;
        assert.ok(at + bmOffset + bitmapSectors(usableSectors) <= end + 7 && end <= meta);
      }
    }),
    { numRuns: 2000 },
  );
});

function sizes(dataSectors: number, metaSectors: number) {
  return { dataSectors, metaSectors };
}

function plain(superblock: { readonly uuids: object }): unknown {
  return { ...superblock, uuids: { ...superblock.uuids } };
}
