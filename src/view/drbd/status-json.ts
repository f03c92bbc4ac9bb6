/** `drbdsetup status --json`, in the form of DRBD 9's tool. Specification section 16.4. */
import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import {
  connectionName,
  inSyncPercent,
  isVerifying,
  replicationName,
  resyncSuspendedText,
} from "./status-words.ts";

/** What JSON.stringify makes the array of; the order of the fields is the tool's. */
export function statusJson(resources: readonly DiskResourceStatus[]): readonly object[] {
  return resources.map((resource) => ({
    name: resource.name,
    "node-id": 0,
    role: resource.role,
    suspended: Object.values(resource.suspended).includes(true),
    "suspended-user": resource.suspended.user,
    "suspended-no-data": resource.suspended.noData,
    "suspended-fencing": resource.suspended.fencing,
    "suspended-quorum": false,
    "force-io-failures": false,
    "write-ordering": resource.writeOrdering,
    devices: resource.volumes.map(device),
    connections: [
      {
        "peer-node-id": 1,
        name: resource.connection.peerName === "" ? "peer" : resource.connection.peerName,
        "connection-state": connectionName(resource.connection.state),
        congested: resource.connection.congested,
        "peer-role": resource.connection.peerRole,
        "ap-in-flight": 0,
        "rs-in-flight": 0,
        peer_devices: resource.volumes.map(peerDevice),
      },
    ],
  }));
}

function device(volume: DiskVolumeStatus): object {
  const { counters: c } = volume;
  return {
    volume: volume.volume,
    minor: volume.minor,
    "disk-state": volume.disk,
    client: false,
    quorum: true,
    size: volume.sizeKib,
    read: c.readKib,
    written: c.writtenKib,
    "al-writes": c.alWrites,
    "bm-writes": c.bitmapWrites,
    "upper-pending": c.applicationPending,
    "lower-pending": c.localPending,
  };
}

function peerDevice(volume: DiskVolumeStatus): object {
  const { counters: c, resync } = volume;
  const isVerify = isVerifying(volume);
  return {
    volume: volume.volume,
    "replication-state": replicationName(volume.connectionState),
    "peer-disk-state": volume.peerDisk,
    "peer-client": false,
    "resync-suspended": resyncSuspendedText(volume.resyncSuspended),
    received: c.receivedKib,
    sent: c.sentKib,
    "out-of-sync": c.outOfSyncKib,
    pending: c.peerPending,
    unacked: c.unacknowledged,
    "has-sync-details": resync !== undefined && !isVerify,
    "has-online-verify-details": resync !== undefined && isVerify,
    "percent-in-sync": inSyncPercent(volume),
    // Ours alone: what is known of a split brain.
    ...(volume.splitBrain === undefined ? {} : { "split-brain": volume.splitBrain }),
    ...(resync === undefined
      ? {}
      : {
          "rs-total": 2 * resync.totalKib,
          "rs-dt-start-ms": Math.round(resync.elapsedMs),
          "rs-paused-ms": Math.round(resync.pausedMs),
          ...(isVerify ? { "ov-left": 2 * resync.leftKib } : {}),
          ...(resync.wantedKibPerS === undefined ? {} : { want: mib(resync.wantedKibPerS) }),
          "db/dt [MiB/s]": mib(resync.averageKibPerS),
          "estimated-seconds-to-finish":
            resync.rateKibPerS > 0 ? Math.floor(resync.leftKib / resync.rateKibPerS) : null,
          "percent-resync-done": percentDone(resync.leftKib, resync.totalKib),
          // Holdfast's own: what keeps it from being faster, and what a verify has found.
          ...(resync.limit === undefined ? {} : { "limited-by": resync.limit }),
          ...(resync.outOfSyncFoundKib === undefined
            ? {}
            : { "out-of-sync-found": resync.outOfSyncFoundKib }),
        }),
    // Holdfast's own: by which rule the two nodes decided who copies from whom when they last met.
    ...(volume.lastSyncDecision === "" ? {} : { "decided-by": volume.lastSyncDecision }),
  };
}

function mib(kib: number): number {
  return Math.round((kib / 1024) * 100) / 100;
}

function percentDone(left: number, total: number): number {
  return total === 0 ? 100 : Math.floor(10_000 * (1 - left / total)) / 100;
}
