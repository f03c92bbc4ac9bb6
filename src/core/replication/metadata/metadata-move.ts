/**
 * Internal metadata lie at the end of their device: when it has grown they have to move to its new end. Both who moves
 * them offline and who moves them in use follow the same rule, so that a crash at any moment leaves one valid superblock.
 *
 * - Where old and new metadata do not overlap, all of the new is written before its superblock; the old counts till then.
 * - Where they overlap, the new bitmap and log overwrite what the old superblock stands for, or itself. First both
 *   superblocks say that the whole bitmap counts as set, so that no one needs what is being overwritten.
 * - The old superblock is erased at last, unless the new metadata lie over it: it stands among data from then on.
 */
import { assert } from "../../../base/assert.ts";
import type { MetadataLayout } from "../../../formats/drbd/metadata-layout.ts";
import { MdFlag } from "../../../formats/drbd/superblock.ts";

export type MetadataMove = {
  readonly from: MetadataLayout;
  readonly to: MetadataLayout;
  readonly overlaps: boolean;
};

const superblockSectors = 8;

/** @param from, to layouts of internal metadata on one device, before and after it grew. */
export function metadataMove(from: MetadataLayout, to: MetadataLayout): MetadataMove {
  assert(to.superblockSector > from.superblockSector, "metadata move towards the end");
  assert(from.bmOffset < 0 && to.bmOffset < 0, "only internal metadata move");
  const end = from.superblockSector + superblockSectors;
  return { from, to, overlaps: to.superblockSector + to.bmOffset < end };
}

/**
 * A superblock's flags while metadata are being moved over themselves: everything counts as different, and a crash as
 * Primary is told without asking for the log, which may be half written.
 */
export function withoutLog(flags: number): number {
  const crashed = (flags & MdFlag.PrimaryInd) === 0 ? 0 : MdFlag.CrashedPrimary;
  return (flags & ~MdFlag.PrimaryInd) | crashed | MdFlag.FullSync;
}

/** Does the old superblock stand among data when all is done? */
export function leavesOldSuperblock({ from, to }: MetadataMove): boolean {
  return from.superblockSector < to.superblockSector + to.bmOffset;
}
