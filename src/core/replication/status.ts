/**
 * A snapshot of a DRBD resource: all that /proc/drbd, `drbdadm status`, `drbdsetup status --json` and events2 print.
 * Numbers in bytes where the name says so; words as DRBD's.
 */
import { elapsedMs } from "../../base/time.ts";
import { Conn, connName, diskName, Role, roleName } from "../../formats/drbd/drbd-state.ts";
import { formatUuid } from "./generation/generation-uuids.ts";
import type { SplitBrain } from "./generation/split-brain.ts";
import { blockBytes } from "./metadata/bitmap.ts";
import { laneIsIdle } from "./metadata/meta-lane.ts";
import { superblockFlags } from "./metadata/metadata-writer.ts";
import type { Resource } from "./resource.ts";
import { type ResyncStatus, resyncStatus } from "./resync/resync-status.ts";
import type { Volume } from "./volume.ts";
import { Net } from "./volume.ts";

export type ResourceStatus = {
  readonly name: string;
  readonly role: string;
  readonly peerRole: string;
  /** The connection's own: StandAlone … WFConnection, WFReportParams; "Connected" when it is established. */
  readonly connection: string;
  readonly protocol: "A" | "B" | "C";
  readonly suspendedByUser: boolean;
  readonly suspendedNoData: boolean;
  readonly suspendedFencing: boolean;
  /** A fencing verdict is awaited. */
  readonly fencing: boolean;
  readonly twoPrimariesWindow: boolean;
  readonly peerName: string;
  readonly peerAddress: string;
  /** Epochs in flight. */
  readonly epochs: number;
  /** The last changes of the role, oldest first; also of earlier starts of this server. */
  readonly roleChanges: readonly { readonly role: string; readonly msAgo: number }[];
  readonly volumes: readonly VolumeStatus[];
};

export type VolumeStatus = {
  readonly volume: number;
  readonly minor: number;
  /** As `cs:` of /proc/drbd. */
  readonly conn: string;
  readonly disk: string;
  readonly peerDisk: string;
  readonly resyncPausedByUser: boolean;
  readonly resyncPausedByPeer: boolean;
  readonly resyncPausedByDependency: boolean;
  readonly open: boolean;
  readonly sizeBytes: number;
  readonly sentBytes: number;
  readonly receivedBytes: number;
  readonly writtenBytes: number;
  readonly readBytes: number;
  readonly alWrites: number;
  readonly bmWrites: number;
  /** lo: storage effects under way. */
  readonly localPending: number;
  /** pe: sent, and the answer is awaited. */
  readonly peerPending: number;
  /** ua: received, and not yet answered. */
  readonly unacked: number;
  /** ap: requests of users that are not answered. */
  readonly appPending: number;
  readonly outOfSyncBytes: number;
  /** The label of the last sync decision; empty if there was none. */
  readonly lastSyncDecision: string;
  /** CURRENT, BITMAP, history 1 and 2, as 16 digits; undefined without a disk. */
  readonly uuids: readonly [string, string, string, string] | undefined;
  /** A split brain that was found and is not healed. */
  readonly splitBrain: SplitBrainStatus | undefined;
  /** The superblock's flags as they are to be written; undefined without a disk. */
  readonly flags: number | undefined;
  readonly activeExtents: number;
  readonly alExtents: number;
  readonly metadataIdle: boolean;
  readonly resync: ResyncStatus | undefined;
};

export type SplitBrainStatus = Omit<SplitBrain, "foundAt" | "apartSince"> & {
  readonly foundMsAgo: number;
  readonly apartMs: number | undefined;
};

export function statusOf(r: Resource): ResourceStatus {
  const connected =
    r.link.conn === Conn.WFReportParams && r.volumes.some((v) => v.conn >= Conn.Connected);
  const { remote } = r.settings;
  return {
    name: r.settings.name,
    role: roleName(r.role),
    peerRole: roleName(r.link.peerRole),
    connection: connected ? "Connected" : connName(r.link.conn),
    protocol: r.net.protocol,
    suspendedByUser: r.susp,
    suspendedNoData: r.suspNod,
    suspendedFencing: r.suspFen,
    fencing: r.fencing !== undefined,
    twoPrimariesWindow: r.windowOpen,
    peerName: r.settings.peerName,
    peerAddress: `${remote.address}:${remote.port}`,
    epochs: r.role === Role.Primary ? r.log.sent.size + 1 : r.peerEpochs.closed.size + 1,
    roleChanges: r.roleChanges.map(({ role, at }) => ({
      role: roleName(role),
      msAgo: elapsedMs(at, r.now),
    })),
    volumes: r.volumes.map((v) => volumeStatus(r, v)),
  };
}

function volumeStatus(r: Resource, v: Volume): VolumeStatus {
  const { backing, counters } = v;
  const uuids = backing?.uuids;
  return {
    volume: v.number,
    minor: v.minor,
    conn: connName(r.link.conn < Conn.WFReportParams ? r.link.conn : v.conn),
    disk: diskName(v.disk),
    peerDisk: diskName(v.pdsk),
    resyncPausedByUser: v.userIsp,
    resyncPausedByPeer: v.peerIsp,
    resyncPausedByDependency: v.aftrIsp,
    open: v.openCount > 0,
    sizeBytes: v.sizeBytes,
    sentBytes: counters.sent,
    receivedBytes: counters.received,
    writtenBytes: counters.written,
    readBytes: counters.read,
    alWrites: counters.alWrites,
    bmWrites: counters.bmWrites,
    localPending: v.diskPending,
    peerPending: peerPending(r, v),
    unacked: v.peerIoPending,
    appPending: v.appPending,
    outOfSyncBytes: (backing?.bitmap.weight ?? 0) * blockBytes,
    lastSyncDecision: v.lastSyncDecision,
    splitBrain: splitBrainStatus(r, v),
    uuids:
      uuids === undefined
        ? undefined
        : [
            formatUuid(uuids.current),
            formatUuid(uuids.bitmap),
            formatUuid(uuids.history1),
            formatUuid(uuids.history2),
          ],
    flags: backing === undefined ? undefined : superblockFlags(r, v, backing),
    activeExtents: backing?.activityLog.activeExtents ?? 0,
    alExtents: v.backing?.activityLog.slots ?? v.settings.alExtents,
    metadataIdle: backing === undefined || laneIsIdle(backing.lane),
    resync: resyncStatus(r, v),
  };
}

function splitBrainStatus(r: Resource, v: Volume): SplitBrainStatus | undefined {
  if (v.splitBrain === undefined) return undefined;
  const { foundAt, apartSince, ...facts } = v.splitBrain;
  const apartMs = apartSince === undefined ? undefined : elapsedMs(apartSince, r.now);
  return { ...facts, foundMsAgo: elapsedMs(foundAt, r.now), apartMs };
}

function peerPending(r: Resource, v: Volume): number {
  let pending = 0;
  for (const request of r.unacked.values())
    if (request.volume === v && request.net === Net.Sent) pending++;
  for (const read of r.peerReads.values()) if (read.volume === v) pending++;
  const pace = v.resync?.pace ?? v.verify?.pace;
  return pending + Math.ceil((pace?.inFlightBytes ?? 0) / blockBytes);
}
