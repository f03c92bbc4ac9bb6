/**
 * A disk of 64 MiB whose node crashed as Primary, with internal metadata: a superblock, an activity log of some
 * transactions, and a bitmap. An input is a list of changes to it; the blocks of the log that it changes get a right
 * checksum again, mostly, so that what is behind the checksum is looked at too.
 */
import { assert } from "../../../src/base/assert.ts";
import type {
  MetadataDevice,
  MetadataDevices,
} from "../../../src/core/replication/offline/metadata-device.ts";
import {
  alBlockBytes,
  alContextMax,
  alFreeSlot,
  encodeAlBlock,
} from "../../../src/formats/drbd/activity-log-block.ts";
import { rawCrc32c } from "../../../src/formats/drbd/crc32c.ts";
import { encodeSuperblock, MdFlag, superblockBytes } from "../../../src/formats/drbd/superblock.ts";
import type { Chance } from "../fuzz-target.ts";
import { anyU32 } from "./mutate-bytes.ts";

export const imageBytes: number = 64 * 2 ** 20;
const alBlocks = 8;
export const bitmapAreaBytes = 4096;
const alAt = bitmapAreaBytes;
const superblockAt: number = alAt + alBlocks * alBlockBytes;
/** The bitmap, the activity log and the superblock, at the end of the device. */
export const areaBytes: number = superblockAt + superblockBytes;
export const areaOffset: number = imageBytes - areaBytes;
const superblockFieldsBytes = 0x60;
const editBytes = 8;

/** What a change is about, and whether it sets a number or moves it a little. */
const Edit = { kinds: 8, superblock: 3, log: 5, tornLog: 6, moves: 8 } as const;

const crashedPrimary = {
  laSizeSectors: 130_992,
  uuids: { current: 0x1234567890abcdefn, bitmap: 0n, history1: 0x66n, history2: 0n },
  deviceUuid: 0x99n,
  flags: MdFlag.Consistent | MdFlag.WasUpToDate | MdFlag.PrimaryInd | MdFlag.CrashedPrimary,
  clean: false,
  mdSizeSectors: 80,
  alOffset: -64,
  alExtents: 1237,
  bmOffset: -72,
  laPeerMaxBioBytes: 2 ** 20,
  alStripes: 1,
  alStripeSize4k: alBlocks,
} as const;

const pristine = pristineArea();

export function randomEdits(chance: Chance): Uint8Array {
  const out = new Uint8Array(editBytes * (1 + chance.below(4)));
  const view = new DataView(out.buffer);
  for (let at = 0; at < out.length; at += editBytes) {
    view.setUint8(at, chance.below(2 * Edit.kinds));
    view.setUint8(at + 1, chance.below(alBlocks));
    // The heads of blocks are looked at more than the rest.
    view.setUint16(at + 2, chance.below(2) === 0 ? chance.below(40) : chance.below(alBlockBytes));
    view.setUint32(at + 4, chance.below(3) === 0 ? chance.below(64) * 8 : anyU32(chance));
  }
  return out;
}

/** The end of the disk with these changes. */
export function editedArea(edits: Uint8Array): Uint8Array {
  const area = pristine.slice();
  const view = new DataView(area.buffer);
  const input = new DataView(edits.buffer, edits.byteOffset, edits.byteLength);
  const whole = new Set<number>();
  for (let at = 0; at + editBytes <= edits.length; at += editBytes) {
    const kind = input.getUint8(at);
    const block = input.getUint8(at + 1) % alBlocks;
    const place = placeOf(kind, block, input.getUint16(at + 2));
    const before = view.getUint32(place);
    const value = input.getUint32(at + 4);
    const moved = (before + ((value & 0xff) - 128)) >>> 0;
    view.setUint32(place, (kind & Edit.moves) !== 0 ? moved : value);
    if (kind % Edit.kinds >= Edit.superblock && kind % Edit.kinds < Edit.log) whole.add(block);
  }
  for (const block of whole) {
    const bytes = area.subarray(alAt + block * alBlockBytes, alAt + (block + 1) * alBlockBytes);
    bytes.fill(0, 8, 12);
    new DataView(bytes.buffer, bytes.byteOffset).setUint32(8, rawCrc32c(bytes));
  }
  return area;
}

/** The disk in memory. Nothing but its metadata may be written. */
export function imageDevices(area: Uint8Array): MetadataDevices {
  const device: MetadataDevice = {
    sizeBytes: imageBytes,
    read: (offset, length) => {
      assert(offset >= 0 && offset + length <= imageBytes, "what is read lies within the device");
      const out = new Uint8Array(length);
      const from = Math.max(offset, areaOffset);
      if (from < offset + length) {
        out.set(area.subarray(from - areaOffset, offset + length - areaOffset), from - offset);
      }
      return out;
    },
    write: (offset, bytes) => {
      assert(offset >= areaOffset, "only metadata are written");
      assert(offset + bytes.length <= imageBytes, "what is written lies within the device");
      area.set(bytes, offset - areaOffset);
    },
    flush: () => {},
  };
  return { data: device, meta: device };
}

function placeOf(kind: number, block: number, offset: number): number {
  const which = kind % Edit.kinds;
  if (which < Edit.superblock) return superblockAt + ((offset % superblockFieldsBytes) & ~3);
  const inBlock = (offset % alBlockBytes) & ~3;
  if (which < Edit.tornLog) return alAt + block * alBlockBytes + inBlock;
  return inBlock;
}

function pristineArea(): Uint8Array {
  const area = new Uint8Array(areaBytes);
  area.fill(0xff, 16, 40);
  area[100] = 0x15;
  for (let block = 0; block < alBlocks; block++) {
    area.set(logBlock(block), alAt + block * alBlockBytes);
  }
  area.set(encodeSuperblock(crashedPrimary), superblockAt);
  return area;
}

/** Five transactions, and three blocks that were never used. */
function logBlock(block: number): Uint8Array {
  if (block >= 5) return encodeAlBlock({ kind: "initialised" });
  const context = new Uint32Array(alContextMax).fill(alFreeSlot);
  for (let slot = 0; slot < block; slot++) context[slot] = slot + 2;
  const updates = [{ slot: block, extent: block + 2 }];
  const window = { contextSize: 1237, contextStart: 0, context };
  return encodeAlBlock({
    kind: "update",
    trNumber: (0xfffffffe + block) >>> 0,
    updates,
    ...window,
  });
}
