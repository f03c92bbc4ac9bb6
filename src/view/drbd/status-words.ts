/** The words of drbdsetup for states that /proc/drbd names otherwise. Specification section 16.2. */
import type {
  DiskConnectionState,
  DiskResourceStatus,
  DiskVolumeStatus,
} from "../../api/disk-status.ts";

/** States of the connection itself, in DRBD's order. */
const connectionStates: readonly DiskConnectionState[] = [
  "StandAlone",
  "Disconnecting",
  "Unconnected",
  "Timeout",
  "BrokenPipe",
  "NetworkFailure",
  "ProtocolError",
  "TearDown",
  "WFConnection",
  "WFReportParams",
];

export function connectionName(state: DiskConnectionState): string {
  if (state === "WFConnection") return "Connecting";
  return connectionStates.includes(state) && state !== "WFReportParams" ? state : "Connected";
}

export function replicationName(state: DiskConnectionState): string {
  if (connectionStates.includes(state)) return "Off";
  return state === "Connected" ? "Established" : state;
}

/** How much of the volume is known to be equal on both nodes, in percent. */
export function inSyncPercent(volume: DiskVolumeStatus): number {
  if (volume.sizeKib === 0) return 100;
  const percent = 100 * (1 - volume.counters.outOfSyncKib / volume.sizeKib);
  // Only all is 100: no rounding up.
  return Math.floor(percent * 100) / 100;
}

export function isVerifying(volume: DiskVolumeStatus): boolean {
  return volume.connectionState === "VerifyS" || volume.connectionState === "VerifyT";
}

/** How much of a resync or verify is done, in percent with two decimals. */
export function donePercent(volume: DiskVolumeStatus): string | undefined {
  const { resync } = volume;
  if (resync === undefined) return undefined;
  // DRBD counts a resync by what is out of sync at all, a verify by how far it has come.
  if (!isVerifying(volume)) return inSyncPercent(volume).toFixed(2);
  return (resync.totalKib === 0 ? 100 : 100 * (1 - resync.leftKib / resync.totalKib)).toFixed(2);
}

/** "capped by c-max-rate" as capped-by-c-max-rate: a value of `name:value` has no blanks. */
export function oneWord(text: string): string {
  return text.replace(/[^a-zA-Z0-9.]+/g, "-");
}

export function suspendedText(suspended: DiskResourceStatus["suspended"]): string {
  return listed([
    suspended.user && "user",
    suspended.noData && "no-data",
    suspended.fencing && "fencing",
  ]);
}

export function resyncSuspendedText(suspended: DiskVolumeStatus["resyncSuspended"]): string {
  return listed([
    suspended.user && "user",
    suspended.peer && "peer",
    suspended.dependency && "dependency",
  ]);
}

function listed(words: readonly (string | false)[]): string {
  const there = words.filter((word) => word !== false);
  return there.length === 0 ? "no" : there.join(",");
}
