/** What a disk server tells, as the cluster needs it. */
import type { DiskGeneration, DiskResourceStatus, DiskState } from "../../api/disk-status.ts";
import type { DiskFacts } from "../../core/fencer/types.ts";

/** DRBD's order of disk states: the lower, the worse. */
const fromWorst: readonly DiskState[] = [
  ...(["Diskless", "Attaching", "Failed", "Negotiating", "Inconsistent"] as const),
  ...(["Outdated", "DUnknown", "Consistent", "UpToDate"] as const),
];

export function diskFacts(status: DiskResourceStatus): DiskFacts {
  const { role, connection, suspended, volumes } = status;
  return {
    peer: connection.peerName,
    role,
    disk: worst(volumes.map((volume) => volume.disk)),
    peerRole: connection.peerRole,
    peerDisk: worst(volumes.map((volume) => volume.peerDisk)),
    connected: connection.state === "Connected",
    frozen: suspended.fencing,
    ahead: volumes.length > 0 && volumes.every(({ generation }) => hasBitmapUuid(generation)),
  };
}

/** DRBD sets it when a Primary goes on without its peer, and clears it when the peer has all of that (section 5). */
function hasBitmapUuid(generation: DiskGeneration | undefined): boolean {
  return generation !== undefined && /[1-9A-F]/.test(generation.bitmap);
}

function worst(states: readonly DiskState[]): DiskState {
  return fromWorst.find((state) => states.includes(state)) ?? "Diskless";
}
