/**
 * apply-al: what the activity log says may differ goes into the bitmap, and the metadata are clean. Specification:
 * DRBD's replay. PRIMARY_IND is left as it is: who attaches the disk wants to know that the node crashed as Primary.
 */
import { err, ok, type Result } from "../../../base/result.ts";
import { alBlockBytes } from "../../../formats/drbd/activity-log-block.ts";
import { sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import { encodeSuperblock, MdFlag } from "../../../formats/drbd/superblock.ts";
import { alExtentBytes } from "../metadata/activity-log.ts";
import { activeExtents, initialisedRing } from "../metadata/al-ring.ts";
import { Bitmap, bitmapPageBytes, blockBytes } from "../metadata/bitmap.ts";
import type { MetadataDevice } from "./metadata-device.ts";
import type { FoundMetadata } from "./read-metadata.ts";

/** @returns how many blocks of 4 KiB are marked that were not, or why the log can't be used. */
export function applyActivityLog(
  meta: MetadataDevice,
  { superblock, layout }: FoundMetadata,
): Result<number> {
  if (superblock.clean && (superblock.flags & MdFlag.AlClean) !== 0) return ok(0);
  const at = (sectors: number): number => (layout.superblockSector + sectors) * sectorBytes;
  const ring = meta.read(
    at(layout.alOffset),
    layout.al.stripes * layout.al.stripeSize4k * alBlockBytes,
  );
  const extents = activeExtents(ring, layout.al);
  const crashed = (superblock.flags & MdFlag.PrimaryInd) !== 0;
  if (!extents.ok && crashed) return err(`${extents.error}, and the node crashed as Primary`);
  let marked = 0;
  if (extents.ok && crashed) {
    const place = {
      offset: at(layout.bmOffset),
      sizeBytes: superblock.laSizeSectors * sectorBytes,
    };
    marked = mark(meta, place, extents.value);
  }
  const flags = superblock.flags | MdFlag.AlClean;
  meta.flush();
  // Safety: the log may be overwritten only when nobody needs it any more.
  meta.write(at(0), encodeSuperblock({ ...superblock, flags, clean: true }));
  meta.flush();
  meta.write(at(layout.alOffset), initialisedRing(layout.al));
  meta.flush();
  return ok(marked);
}

/** Sets the extents' bits in the bitmap on disk; extents past the end are skipped. */
function mark(
  meta: MetadataDevice,
  place: { readonly offset: number; readonly sizeBytes: number },
  extents: readonly number[],
): number {
  const bitmap = new Bitmap(place.sizeBytes);
  if (bitmap.pages === 0) return 0;
  bitmap.load(0, meta.read(place.offset, bitmap.pages * bitmapPageBytes));
  const perExtent = alExtentBytes / blockBytes;
  let marked = 0;
  for (const extent of extents) {
    const from = extent * perExtent;
    if (from < bitmap.bits) marked += bitmap.set(from, Math.min(bitmap.bits, from + perExtent));
  }
  for (let page = bitmap.nextDirtyPage(0); page !== undefined; page = bitmap.nextDirtyPage(page)) {
    meta.write(place.offset + page * bitmapPageBytes, bitmap.takePage(page));
  }
  return marked;
}
