/** Does a superblock fit the device it was found on? A reader refuses offsets that make no sense. */
import { err, ok, type Result } from "../../base/result.ts";
import { alSectors, bitmapSectors, type MetadataLayout } from "./metadata-layout.ts";
import type { Superblock } from "./superblock.ts";

const alBlocksMin = 8;
/** 16 GiB of log. */
const alBlocksMax = 4 * 1024 * 1024;

/**
 * @param layout the layout of this placement with the superblock's own stripes.
 * @param internal whether the metadata is at the end of the data device.
 */
export function checkSuperblock(
  superblock: Superblock,
  layout: MetadataLayout,
  internal: boolean,
): Result<void> {
  const { alStripes, alStripeSize4k, alOffset, bmOffset, mdSizeSectors } = superblock;
  const al = alStripes * alStripeSize4k;
  if (al < alBlocksMin || al > alBlocksMax) return nonsense("the size of the activity log");
  if (alOffset % 8 !== 0 || bmOffset % 8 !== 0) return nonsense("the alignment");
  const alLength = alSectors({ stripes: alStripes, stripeSize4k: alStripeSize4k });
  const needed = bitmapSectors(superblock.laSizeSectors);
  if (internal) {
    if (alOffset !== -alLength) return nonsense("the place of the activity log");
    if (bmOffset !== 8 - mdSizeSectors) return nonsense("the place of the bitmap");
    const bitmapRoom = alOffset - bmOffset;
    if (bitmapRoom < needed) return nonsense("the room for the bitmap");
    if (layout.superblockSector + bmOffset < 0) return nonsense("the size of the meta data");
    if (superblock.laSizeSectors > layout.superblockSector + bmOffset) {
      return nonsense("the last agreed size, which is larger than the device");
    }
    return ok(undefined);
  }
  if (alOffset !== 8) return nonsense("the place of the activity log");
  if (bmOffset !== 8 + alLength) return nonsense("the place of the bitmap");
  if (mdSizeSectors > layout.mdSizeSectors) return nonsense("the size of the meta data");
  if (mdSizeSectors - bmOffset < needed) return nonsense("the room for the bitmap");
  return ok(undefined);
}

function nonsense(what: string): Result<never> {
  return err(`meta data offsets don't make sense: ${what}`);
}
