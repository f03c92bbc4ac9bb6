/**
 * check-resize: the device with the internal metadata has grown while nobody used it, and the metadata are where its end
 * was. They are moved to its end, by the rule of metadata-move.ts. The activity log has to be applied before.
 */
import { assert } from "../../../base/assert.ts";
import { bitmapSectors, type MetadataLayout } from "../../../formats/drbd/metadata-layout.ts";
import { sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import {
  encodeSuperblock,
  MdFlag,
  type Superblock,
  superblockBytes,
} from "../../../formats/drbd/superblock.ts";
import { initialisedRing } from "../metadata/al-ring.ts";
import { leavesOldSuperblock, metadataMove, withoutLog } from "../metadata/metadata-move.ts";
import type { MetadataDevice } from "./metadata-device.ts";
import type { FoundMetadata } from "./read-metadata.ts";

const copiedAtOnce = 1024 * 1024;

/** @param to the layout for the device as it is now, with the superblock's own stripes. */
export function moveMetadata(
  device: MetadataDevice,
  { superblock, layout }: FoundMetadata,
  to: MetadataLayout,
): void {
  assert((superblock.flags & MdFlag.AlClean) !== 0, "the log that is left behind holds nothing");
  const move = metadataMove(layout, to);
  const moved = { ...superblock, ...placeOf(to) };
  if (move.overlaps) {
    const flags = withoutLog(superblock.flags);
    writeSuperblock(device, layout, { ...superblock, flags });
    writeSuperblock(device, to, { ...moved, flags });
  }
  copyBitmap(device, { from: layout, to, laSizeSectors: superblock.laSizeSectors });
  device.write((to.superblockSector + to.alOffset) * sectorBytes, initialisedRing(to.al));
  device.flush();
  // Safety: from here on the new metadata count, and they are whole on the disk.
  writeSuperblock(device, to, moved);
  if (leavesOldSuperblock(move)) {
    device.write(layout.superblockSector * sectorBytes, new Uint8Array(superblockBytes));
    device.flush();
  }
}

function placeOf(
  layout: MetadataLayout,
): Pick<Superblock, "mdSizeSectors" | "alOffset" | "bmOffset"> {
  const { mdSizeSectors, alOffset, bmOffset } = layout;
  return { mdSizeSectors, alOffset, bmOffset };
}

function writeSuperblock(
  device: MetadataDevice,
  layout: MetadataLayout,
  superblock: Superblock,
): void {
  device.write(layout.superblockSector * sectorBytes, encodeSuperblock(superblock));
  device.flush();
}

/** From its end to its beginning: what is overwritten has been copied before. What is new is zero. */
function copyBitmap(
  device: MetadataDevice,
  bitmap: {
    readonly from: MetadataLayout;
    readonly to: MetadataLayout;
    readonly laSizeSectors: number;
  },
): void {
  const { from, to } = bitmap;
  const source = (from.superblockSector + from.bmOffset) * sectorBytes;
  const target = (to.superblockSector + to.bmOffset) * sectorBytes;
  assert(target > source, "a bitmap moves towards the end");
  const used = bitmapSectors(bitmap.laSizeSectors) * sectorBytes;
  const room = (to.alOffset - to.bmOffset) * sectorBytes;
  assert(used <= room, "a longer bitmap has room for the shorter one");
  for (let end = room; end > 0; end -= Math.min(copiedAtOnce, end)) {
    const start = Math.max(0, end - copiedAtOnce);
    const bytes = new Uint8Array(end - start);
    if (start < used) bytes.set(device.read(source + start, Math.min(used, end) - start));
    device.write(target + start, bytes);
  }
}
