/**
 * What every export can do. Several connections are safe: all of them end in the one replication machine of the
 * resource, so a flush on one covers the writes that were answered on another. FAST_ZERO is not offered: whether
 * zeroing is quick is the backing devices' secret, on two nodes.
 */
import { exportFlag } from "../../formats/nbd/nbd-constants.ts";

export function exportFlags(structured: boolean): number {
  const always =
    exportFlag.hasFlags |
    exportFlag.flush |
    exportFlag.fua |
    exportFlag.trim |
    exportFlag.writeZeroes |
    exportFlag.multiConnection;
  return structured ? always | exportFlag.dontFragment : always;
}
