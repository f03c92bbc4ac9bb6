import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fromHex, toHex } from "../../base/bytes.ts";
import {
  type AlBlock,
  alContextMax,
  alFreeSlot,
  alRingSlot,
  decodeAlBlock,
  encodeAlBlock,
} from "./activity-log-block.ts";
import { checkSuperblock } from "./check-superblock.ts";
import { type MetaPlacement, metadataLayout } from "./metadata-layout.ts";
import { decodeSuperblock, encodeSuperblock, MdFlag, type Superblock } from "./superblock.ts";

const neverUsed: Superblock = {
  laSizeSectors: 0,
  uuids: { current: 4n, bitmap: 0n, history1: 0n, history2: 0n },
  deviceUuid: 0n,
  flags: MdFlag.AlClean,
  clean: true,
  mdSizeSectors: 80,
  alOffset: -64,
  alExtents: 257,
  bmOffset: -72,
  laPeerMaxBioBytes: 0,
  alStripes: 1,
  alStripeSize4k: 8,
};

test("the superblock of a never-used 64 MiB disk is what drbdmeta writes", () => {
  const bytes = encodeSuperblock(neverUsed);
  assert.equal(bytes.length, 4096);
  assert.equal(
    toHex(bytes.subarray(0, 0x60)),
    "00000000000000000000000000000004000000000000000000000000000000000000000000000000" +
      "00000000000000000000000000000000000000808374026b00000050ffffffc000000101ffffffb8" +
      "00001000000000000000000100000008",
  );
  assert.deepEqual(decodeSuperblock(bytes), { ok: true, value: neverUsed });
});

test("a superblock comes back as it was written", () => {
  const uuid = fc.bigInt({ min: 0n, max: 2n ** 64n - 1n });
  fc.assert(
    fc.property(fc.tuple(uuid, uuid, uuid, uuid, uuid), fc.boolean(), (u, clean) => {
      const [current, bitmap, history1, history2, deviceUuid] = u;
      const superblock = {
        ...neverUsed,
        laSizeSectors: 0x1ffb0,
        uuids: { current, bitmap, history1, history2 },
        deviceUuid,
        clean,
      };
      assert.deepEqual(decodeSuperblock(encodeSuperblock(superblock)), {
        ok: true,
        value: superblock,
      });
    }),
  );
});

test("a block that is no superblock, or one of another unit, is refused", () => {
  assert.deepEqual(decodeSuperblock(new Uint8Array(4096)), {
    ok: false,
    error: { reason: "not-found" },
  });
  const other = encodeSuperblock(neverUsed);
  other[0x52] = 0x20;
  const decoded = decodeSuperblock(other);
  assert.ok(!decoded.ok && decoded.error.reason === "unsupported");
});

test("the layouts of the three placements", () => {
  const rows: readonly [MetaPlacement, number, number, readonly number[]][] = [
    [{ kind: "internal" }, 131072, 131072, [131064, 80, -64, -72, 130992]],
    [{ kind: "internal" }, 2097152, 2097152, [2097144, 136, -64, -128, 2097016]],
    [{ kind: "internal" }, 2147483648, 2147483648, [2147483640, 65608, -64, -65600, 2147418040]],
    [{ kind: "flexible" }, 4e9, 16384, [0, 16384, 8, 72, 534511616]],
    [{ kind: "flexible" }, 1000, 16384, [0, 16384, 8, 72, 1000]],
    [{ kind: "indexed", index: 2 }, 9e9, 786432, [524288, 262144, 8, 72, 8587575296]],
  ];
  for (const [placement, dataSectors, metaSectors, expected] of rows) {
    const layout = metadataLayout(placement, { dataSectors, metaSectors });
    assert.ok(layout.ok);
    const l = layout.value;
    assert.deepEqual(
      [l.superblockSector, l.mdSizeSectors, l.alOffset, l.bmOffset, l.usableSectors],
      expected,
    );
  }
  const striped = metadataLayout(
    { kind: "internal" },
    { dataSectors: 2097152, metaSectors: 2097152 },
    { stripes: 2, stripeSize4k: 16 },
  );
  assert.ok(striped.ok);
  assert.deepEqual(
    [striped.value.mdSizeSectors, striped.value.alOffset, striped.value.bmOffset],
    [328, -256, -320],
  );
  assert.equal(striped.value.usableSectors, 2096824);
});

test("a metadata device whose length is no multiple of 4 KiB covers what its whole blocks do", () => {
  const layout = metadataLayout({ kind: "flexible" }, { dataSectors: 2 ** 40, metaSectors: 2049 });
  assert.ok(layout.ok);
  const { usableSectors: laSizeSectors, mdSizeSectors, bmOffset } = layout.value;
  assert.equal(laSizeSectors, 1976 * 32768);
  const used = { ...neverUsed, laSizeSectors, mdSizeSectors, alOffset: 8, bmOffset };
  assert.ok(checkSuperblock(used, layout.value, false).ok);
});

test("devices that are too small have no layout", () => {
  const small = { dataSectors: 64, metaSectors: 64 };
  assert.ok(!metadataLayout({ kind: "internal" }, small).ok);
  assert.ok(!metadataLayout({ kind: "flexible" }, small).ok);
  assert.ok(!metadataLayout({ kind: "indexed", index: 0 }, small).ok);
});

test("a superblock whose offsets don't fit its device is refused", () => {
  const sizes = { dataSectors: 131072, metaSectors: 131072 };
  const layout = metadataLayout({ kind: "internal" }, sizes);
  assert.ok(layout.ok);
  assert.ok(checkSuperblock(neverUsed, layout.value, true).ok);
  for (const wrong of [
    { alOffset: -60 },
    { alOffset: -128 },
    { bmOffset: -80 },
    { alStripes: 0 },
    { laSizeSectors: 131072 },
    { mdSizeSectors: 800_000, bmOffset: -799_992 },
  ]) {
    assert.ok(!checkSuperblock({ ...neverUsed, ...wrong }, layout.value, true).ok);
  }
});

test("an initialised block of the activity log has the checksum the kernel gives it", () => {
  const bytes = encodeAlBlock({ kind: "initialised" });
  assert.equal(toHex(bytes.subarray(0, 16)), "69cb65a200000000709cc651ffff0000");
  assert.deepEqual(decodeAlBlock(bytes), { ok: true, value: { kind: "initialised" } });
});

test("a transaction comes back as it was written, and a changed byte is noticed", () => {
  const context = new Uint32Array(alContextMax).fill(alFreeSlot);
  context[0] = 7;
  const block: AlBlock = {
    kind: "update",
    trNumber: 0xffffffff,
    updates: [
      { slot: 1236, extent: 12 },
      { slot: 0, extent: 0xfffffffe },
    ],
    contextSize: 1237,
    contextStart: 919,
    context,
  };
  const bytes = encodeAlBlock(block);
  assert.deepEqual(decodeAlBlock(bytes), { ok: true, value: block });
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4095 }), fc.integer({ min: 1, max: 255 }), (at, x) => {
      const torn = bytes.slice();
      torn[at] = (torn[at] as number) ^ x;
      assert.ok(!decodeAlBlock(torn).ok);
    }),
  );
});

test("a block that was cut is refused", () => {
  const bytes = encodeAlBlock({ kind: "initialised" });
  assert.deepEqual(decodeAlBlock(bytes.subarray(0, 4095)), { ok: false, error: "a cut block" });
  assert.ok(!decodeAlBlock(new Uint8Array(0)).ok);
});

test("stripes of the ring are filled in turns", () => {
  const al = { stripes: 2, stripeSize4k: 4 };
  assert.deepEqual(
    [0, 1, 2, 3, 7, 8, 0xffffffff].map((n) => alRingSlot(n, al)),
    [0, 4, 1, 5, 7, 0, 7],
  );
});

test("any bytes are a block or an error, never a throw", () => {
  fc.assert(
    fc.property(fc.uint8Array({ minLength: 4096, maxLength: 4096 }), (bytes) => {
      bytes.set(fromHex("69cb65a2"));
      decodeAlBlock(bytes);
      decodeSuperblock(bytes);
    }),
    { numRuns: 20 },
  );
});
