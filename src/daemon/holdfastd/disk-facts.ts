/** What a disk server tells, as the cluster needs it. */
import type { DiskResourceStatus, DiskState } from "../../api/disk-status.ts";
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
  };
}

function worst(states: readonly DiskState[]): DiskState {
  return fromWorst.find((state) => states.includes(state)) ?? "Diskless";
}
