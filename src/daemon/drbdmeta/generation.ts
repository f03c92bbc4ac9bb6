/** A superblock's generation identifiers and flags, as get-gi, show-gi and dstate tell them. */
import { generationLine, generationTable } from "../../api/disk-generation-text.ts";
import type { DiskGeneration } from "../../api/disk-status.ts";
import { MdFlag, type Superblock } from "../../formats/drbd/superblock.ts";

export function giText(superblock: Superblock): string {
  return generationLine(generationOf(superblock));
}

export function showGiText(superblock: Superblock): string {
  return generationTable(generationOf(superblock));
}

/** What the disk would be if it was attached and knew nothing of its peer. Specification section 4. */
export function dstateWord({ flags }: Superblock): string {
  if ((flags & MdFlag.Consistent) === 0) return "Inconsistent";
  return (flags & MdFlag.WasUpToDate) === 0 ? "Outdated" : "Consistent";
}

export function hex64(value: bigint): string {
  return value.toString(16).toUpperCase().padStart(16, "0");
}

function generationOf({ uuids, flags }: Superblock): DiskGeneration {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  return {
    current: hex64(uuids.current),
    bitmap: hex64(uuids.bitmap),
    history: [hex64(uuids.history1), hex64(uuids.history2)],
    flags: {
      consistent: has(MdFlag.Consistent),
      wasUpToDate: has(MdFlag.WasUpToDate),
      primary: has(MdFlag.PrimaryInd),
      connected: has(MdFlag.ConnectedInd),
      fullSync: has(MdFlag.FullSync),
      peerOutDated: has(MdFlag.PeerOutDated),
      crashedPrimary: has(MdFlag.CrashedPrimary),
    },
  };
}
