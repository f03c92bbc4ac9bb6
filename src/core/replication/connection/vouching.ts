/**
 * Whether a copy that is behind, or may be, is the newest after all. Two copies that have been compared know it. A node
 * without a disk has nothing to compare; but a Primary among them has held this copy's generation against the one that
 * its users have been shown, and would have refused the connection to any other.
 *
 * Deviation: the kernel's disk becomes UpToDate beside any node without a disk, in the moment of the connect. So an
 * Outdated copy is made good by a Secondary that knows nothing of it, and by a Primary that refuses it a moment later.
 */
import { Conn, Disk, type DrbdState, Role } from "../../../formats/drbd/drbd-state.ts";
import { notice } from "../emit.ts";
import type { Resource } from "../resource.ts";
import type { Volume } from "../volume.ts";

/** Whole, but an older state of the data, or nobody knows. */
export function isBehind(disk: Disk): boolean {
  return disk === Disk.Consistent || disk === Disk.Outdated;
}

/**
 * By this word of the peer's. @param compared both disks' generations were, just now, and found equal.
 * @param old this node's state before.
 */
export function isVouchedFor(
  v: Volume,
  of: { readonly old: DrbdState; readonly peer: DrbdState; readonly compared: boolean },
): boolean {
  const { old, peer, compared } = of;
  if (compared) return true;
  if (peer.role !== Role.Primary || peer.disk !== Disk.Diskless) return false;
  // Asked about a disk that is being attached, it has judged that one before it answered.
  if (old.disk === Disk.Negotiating) return true;
  // Safety: its first word is sent before it has read this node's generation; "Connected" it says only after that.
  return v.peer.metWithoutDisk && old.conn === Conn.Connected && peer.conn === Conn.Connected;
}

/** For the log: the two are connected, and still nobody can use this copy. */
export function tellNotVouchedFor(r: Resource, v: Volume): void {
  if (!isBehind(v.disk) || v.conn !== Conn.Connected || r.link.peerRole === Role.Primary) return;
  notice(
    r,
    "warn",
    "copy-not-vouched-for",
    "The peer has no disk, and cannot tell whether this copy is the newest: attach its disk, or, if that is lost, " +
      "say so by primary --force here.",
    { volume: v },
  );
}
