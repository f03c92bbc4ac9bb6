/** The machine's status, as it is told to others (src/api/disk-status.ts). */
import type {
  DiskConnectionState,
  DiskGeneration,
  DiskResourceStatus,
  DiskResync,
  DiskRole,
  DiskSplitBrain,
  DiskState,
  DiskVolumeStatus,
} from "../../api/disk-status.ts";
import { present } from "../../base/assert.ts";
import { formatUuid } from "../../core/replication/generation/generation-uuids.ts";
import type { ResyncStatus } from "../../core/replication/resync/resync-status.ts";
import type {
  ResourceStatus,
  SplitBrainStatus,
  VolumeStatus,
} from "../../core/replication/status.ts";
import type { DrbdAddress } from "../../formats/drbd-conf/drbd-conf.ts";
import { printAddress } from "../../formats/drbd-conf/parse-address.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { generationFlags } from "../drbdmeta/generation-flags.ts";

export function diskStatus(status: ResourceStatus, config: DrbdResourceConfig): DiskResourceStatus {
  // The machine's words are those of formats/drbd's tables of states, which are DRBD's.
  const connection = status.connection as DiskConnectionState;
  return {
    name: status.name,
    role: status.role as "Primary" | "Secondary",
    suspended: {
      user: status.suspendedByUser,
      noData: status.suspendedNoData,
      fencing: status.suspendedFencing,
    },
    writeOrdering: "flush",
    twoPrimariesWindow: status.twoPrimariesWindow,
    connection: {
      state: connection,
      peerName: status.peerName,
      peerRole: status.peerRole as DiskRole,
      ...(connection === "StandAlone" ? {} : { protocol: status.protocol }),
      local: addressText(config.local.address),
      remote: config.peer === undefined ? "" : addressText(config.peer.address),
      congested: false,
    },
    roleChanges: status.roleChanges.map(({ role, msAgo }) => ({ role: role as DiskRole, msAgo })),
    volumes: status.volumes.map((volume) => volumeStatus(status, volume, config)),
  };
}

function addressText(address: DrbdAddress): string {
  return printAddress(address).replace(" ", ":");
}

function volumeStatus(
  resource: ResourceStatus,
  volume: VolumeStatus,
  config: DrbdResourceConfig,
): DiskVolumeStatus {
  const configured = present(
    config.volumes.find((one) => one.number === volume.volume),
    "a volume's configuration",
  );
  const { uuids, flags, resync, splitBrain } = volume;
  const generation =
    uuids === undefined || flags === undefined ? undefined : generationOf(uuids, flags);
  return {
    volume: volume.volume,
    minor: volume.minor,
    device: configured.device,
    ...(volume.disk === "Diskless" ? {} : { backingDisk: configured.disk }),
    connectionState: volume.conn as DiskConnectionState,
    disk: volume.disk as DiskState,
    peerDisk: volume.peerDisk as DiskState,
    sizeKib: kib(volume.sizeBytes),
    isOpen: volume.open,
    resyncSuspended: {
      user: volume.resyncPausedByUser,
      peer: volume.resyncPausedByPeer,
      dependency: volume.resyncPausedByDependency,
    },
    alSuspended: false,
    counters: {
      sentKib: kib(volume.sentBytes),
      receivedKib: kib(volume.receivedBytes),
      writtenKib: kib(volume.writtenBytes),
      readKib: kib(volume.readBytes),
      alWrites: volume.alWrites,
      bitmapWrites: volume.bmWrites,
      localPending: volume.localPending,
      peerPending: volume.peerPending,
      unacknowledged: volume.unacked,
      applicationPending: volume.appPending,
      epochs: resource.epochs,
      outOfSyncKib: kib(volume.outOfSyncBytes),
    },
    ...(resync === undefined ? {} : { resync: resyncOf(resync) }),
    ...(generation === undefined ? {} : { generation }),
    lastSyncDecision: volume.lastSyncDecision,
    ...(splitBrain === undefined ? {} : { splitBrain: splitBrainOf(splitBrain) }),
  };
}

function splitBrainOf(found: SplitBrainStatus): DiskSplitBrain {
  const { peerUuids, selfChangedBytes, peerChangedBytes, apartMs, ...facts } = found;
  return {
    ...facts,
    ...(apartMs === undefined ? {} : { apartMs }),
    peerCurrent: formatUuid(peerUuids.current),
    selfChangedKib: kib(selfChangedBytes),
    peerChangedKib: kib(peerChangedBytes),
  };
}

function resyncOf(resync: ResyncStatus): DiskResync {
  return {
    totalKib: kib(resync.totalBytes),
    leftKib: kib(resync.leftBytes),
    elapsedMs: Math.round(resync.startedMsAgo - resync.pausedMs),
    pausedMs: Math.round(resync.pausedMs),
    rateKibPerS: kib(resync.speed),
    averageKibPerS: kib(resync.averageSpeed),
    ...(resync.wanted === undefined ? {} : { wantedKibPerS: kib(resync.wanted) }),
    stalled: resync.stalled,
    ...(resync.limit === undefined ? {} : { limit: resync.limit }),
    ...(resync.foundBytes === undefined ? {} : { outOfSyncFoundKib: kib(resync.foundBytes) }),
  };
}

function generationOf(
  [current, bitmap, younger, older]: readonly [string, string, string, string],
  flags: number,
): DiskGeneration {
  return {
    current,
    bitmap,
    history: [younger, older],
    flags: generationFlags(flags),
  };
}

function kib(bytes: number): number {
  return Math.floor(bytes / 1024);
}
