/** The flags of a superblock, as the status of a disk names them. */
import type { DiskGeneration } from "../../api/disk-status.ts";
import { MdFlag } from "../../formats/drbd/superblock.ts";

export function generationFlags(flags: number): DiskGeneration["flags"] {
  const has = (flag: number): boolean => (flags & flag) !== 0;
  return {
    consistent: has(MdFlag.Consistent),
    wasUpToDate: has(MdFlag.WasUpToDate),
    primary: has(MdFlag.PrimaryInd),
    connected: has(MdFlag.ConnectedInd),
    fullSync: has(MdFlag.FullSync),
    peerOutDated: has(MdFlag.PeerOutDated),
    crashedPrimary: has(MdFlag.CrashedPrimary),
  };
}
