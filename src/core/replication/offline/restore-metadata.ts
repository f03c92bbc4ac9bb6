/** restore-md: metadata as a dump tells them. As with create-md, a crash in between leaves no superblock. */
import { err, ok, type Result } from "../../../base/result.ts";
import type { AlGeometry, MetaPlacement } from "../../../formats/drbd/metadata-layout.ts";
import { bitmapSectors } from "../../../formats/drbd/metadata-layout.ts";
import { sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import {
  encodeSuperblock,
  type GenerationUuids,
  superblockBytes,
} from "../../../formats/drbd/superblock.ts";
import { createMetadata } from "./create-metadata.ts";
import type { MetadataDevices } from "./metadata-device.ts";
import { layoutOf } from "./read-metadata.ts";

/** So many words of 64 bits, all the same; bit 0 is the first block's. */
export type BitmapRun = { readonly words: number; readonly value: bigint };

export type RestoredContent = {
  readonly uuids: GenerationUuids;
  readonly flags: number;
  readonly laSizeSectors: number;
  readonly deviceUuid: bigint;
  readonly laPeerMaxBioBytes: number;
  /** As far as it goes; the rest is clear. */
  readonly bitmap: readonly BitmapRun[];
};

const wordBytes = 8;
const wordsAtOnce = 128 * 1024;

/** The error is a clause for people: the device cannot hold what the dump tells. */
export function restoreMetadata(
  devices: MetadataDevices,
  wanted: {
    readonly placement: MetaPlacement;
    readonly al: AlGeometry;
    readonly content: RestoredContent;
  },
): Result<void> {
  const { placement, al, content } = wanted;
  const layout = layoutOf(devices, placement, al);
  if (!layout.ok) return layout;
  const { superblockSector, bmOffset, usableSectors } = layout.value;
  if (content.laSizeSectors > usableSectors) {
    const have = `the device has room for ${usableSectors} sectors`;
    return err(`${have}, the dump is of a volume of ${content.laSizeSectors}`);
  }
  const created = createMetadata(devices, placement, { al });
  if (!created.ok) return created;
  const at = superblockSector * sectorBytes;
  // Until the bitmap is there, nothing may be taken for metadata.
  devices.meta.write(at, new Uint8Array(superblockBytes));
  devices.meta.flush();
  writeBitmap(devices, (superblockSector + bmOffset) * sectorBytes, content);
  devices.meta.flush();
  const { uuids, flags, laSizeSectors, deviceUuid, laPeerMaxBioBytes } = content;
  const told = { uuids, flags, laSizeSectors, deviceUuid, laPeerMaxBioBytes };
  devices.meta.write(at, encodeSuperblock({ ...created.value, ...told }));
  devices.meta.flush();
  return ok(undefined);
}

/** Words behind the volume's end are left out: there is no room kept for them. */
function writeBitmap(
  devices: MetadataDevices,
  start: number,
  { bitmap, laSizeSectors }: RestoredContent,
): void {
  const end = start + bitmapSectors(laSizeSectors) * sectorBytes;
  let offset = start;
  for (const { words, value } of bitmap) {
    for (let left = words; left > 0 && offset < end; ) {
      const count = Math.min(left, wordsAtOnce, (end - offset) / wordBytes);
      writeRun(devices, offset, { count, value });
      left -= count;
      offset += count * wordBytes;
    }
  }
}

/** Whole sectors are written: what stands before and behind the run in them is kept. */
function writeRun(
  { meta }: MetadataDevices,
  offset: number,
  { count, value }: { readonly count: number; readonly value: bigint },
): void {
  const from = Math.floor(offset / sectorBytes) * sectorBytes;
  const to = Math.ceil((offset + count * wordBytes) / sectorBytes) * sectorBytes;
  const bytes = meta.read(from, to - from);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  for (let i = 0; i < count; i++) view.setBigUint64(offset - from + i * wordBytes, value, true);
  meta.write(from, bytes);
}
