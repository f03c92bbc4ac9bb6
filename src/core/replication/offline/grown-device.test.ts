import assert from "node:assert/strict";
import { test } from "node:test";
import { encodeSuperblock, MdFlag } from "../../../formats/drbd/superblock.ts";
import { Bitmap, bitmapPageBytes } from "../metadata/bitmap.ts";
import { createMetadata } from "./create-metadata.ts";
import { metadataBeforeGrowth, moveAfterGrowth } from "./grown-device.ts";
import type { MetadataDevice } from "./metadata-device.ts";
import { readMetadata } from "./read-metadata.ts";

const sectorBytes = 512;
const mib = 1024 * 1024;
const oldBytes = 20 * mib;
/** Less than the metadata are long, exactly as long, and much more. */
const growths = [4096, 8192, 36864, 40960, 45056, 12 * mib];

for (const growth of growths) {
  test(`after a crash at any write of a move by ${growth} bytes one superblock is valid, and no difference is lost`, () => {
    const original = usedDevice();
    const grown = growTo(original, oldBytes + growth);
    const writes = recordMove(grown);
    assert.ok(writes.length >= 3);
    for (let kept = 0; kept <= writes.length; kept++) {
      const bytes = grown.slice();
      for (const { offset, bytes: written } of writes.slice(0, kept)) bytes.set(written, offset);
      assert.deepEqual(differences(bytes), expected, `after ${kept} of ${writes.length} writes`);
      // The same again after what a torn write may leave: its first half.
      const torn = writes[kept];
      if (torn === undefined) continue;
      const half = Math.floor(torn.bytes.length / 2 / sectorBytes) * sectorBytes;
      bytes.set(torn.bytes.subarray(0, half), torn.offset);
      assert.deepEqual(differences(bytes), expected, `write ${kept} torn`);
    }
  });
}

test("nothing is taken for metadata where the end never was", () => {
  const grown = deviceOf(growTo(usedDevice(), 64 * mib));
  assert.equal(metadataBeforeGrowth({ meta: grown }, undefined), undefined);
  assert.equal(metadataBeforeGrowth({ meta: grown }, oldBytes - 4096), undefined);
  assert.equal(metadataBeforeGrowth({ meta: grown }, 64 * mib), undefined);
});

/** Blocks that differ from the peer's. */
const marked = [0, 1, 700, 5100];
const expected = { generation: 77n, marked };

/** A device whose last user has ended in order. */
function usedDevice(): Uint8Array {
  const device = deviceOf(new Uint8Array(oldBytes));
  assert.ok(createMetadata({ data: device, meta: device }, { kind: "internal" }).ok);
  const found = readMetadata({ data: device, meta: device }, { kind: "internal" });
  assert.ok(found.ok);
  const { superblock, layout } = found.value;
  const laSizeSectors = layout.usableSectors;
  const bitmap = new Bitmap(laSizeSectors * sectorBytes);
  for (const block of marked) bitmap.set(block, block + 1);
  const place = (layout.superblockSector + layout.bmOffset) * sectorBytes;
  device.write(place, bitmap.copyBytes(0, bitmap.pages * bitmapPageBytes));
  const uuids = { ...superblock.uuids, current: 77n };
  const used = { ...superblock, laSizeSectors, uuids };
  device.write(layout.superblockSector * sectorBytes, encodeSuperblock(used));
  return device.bytes;
}

/** What is new holds something: a device that grew is not an empty one. */
function growTo(bytes: Uint8Array, sizeBytes: number): Uint8Array {
  const grown = new Uint8Array(sizeBytes).fill(0xa5);
  grown.set(bytes);
  return grown;
}

type Write = { readonly offset: number; readonly bytes: Uint8Array };

/** All writes in their order: the disk may have stopped behind any of them. */
function recordMove(bytes: Uint8Array): readonly Write[] {
  const device = deviceOf(bytes.slice());
  const writes: Write[] = [];
  const watched = {
    ...device,
    write: (offset: number, written: Uint8Array) => {
      writes.push({ offset, bytes: written.slice() });
      device.write(offset, written);
    },
  };
  assert.ok(moveAfterGrowth(watched, oldBytes).ok);
  return writes;
}

/** As the next one to look finds them: moved first, if they are where the end was. */
function differences(bytes: Uint8Array): unknown {
  const device = deviceOf(bytes.slice());
  if (metadataBeforeGrowth({ meta: device }, oldBytes) !== undefined) {
    const there = readMetadata({ data: device, meta: device }, { kind: "internal" });
    if (!there.ok) assert.ok(moveAfterGrowth(device, oldBytes).ok);
  }
  const found = readMetadata({ data: device, meta: device }, { kind: "internal" });
  assert.ok(found.ok, "there are metadata");
  const { superblock, layout } = found.value;
  const current = superblock.uuids.current;
  // The whole bitmap counts as set: a crash while the old metadata were being overwritten.
  if ((superblock.flags & MdFlag.FullSync) !== 0) return { generation: current, marked };
  const bitmap = new Bitmap(superblock.laSizeSectors * sectorBytes);
  const place = (layout.superblockSector + layout.bmOffset) * sectorBytes;
  bitmap.load(0, device.read(place, bitmap.pages * bitmapPageBytes));
  const set: number[] = [];
  for (let bit = bitmap.nextSet(0); bit < bitmap.bits; bit = bitmap.nextSet(bit + 1)) set.push(bit);
  return { generation: current, marked: set };
}

function deviceOf(bytes: Uint8Array): MetadataDevice & { readonly bytes: Uint8Array } {
  return {
    bytes,
    sizeBytes: bytes.length,
    read: (offset, length) => bytes.slice(offset, offset + length),
    write: (offset, written) => {
      assert.ok(offset + written.length <= bytes.length, "inside the device");
      bytes.set(written, offset);
    },
    flush: () => {},
  };
}
