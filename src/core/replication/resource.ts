/**
 * All that a DRBD resource is on one node, as one record. The parts are functions over it, a file each;
 * `DrbdResource` is the machine around it. Nothing outside holds a reference to it.
 */
import type { Prng } from "../../base/prng.ts";
import { Queue } from "../../base/queue.ts";
import type { Instant } from "../../base/time.ts";
import { Conn, Disk, Role } from "../../formats/drbd/drbd-state.ts";
import type { DigestPacket, Packet, RequestPacket } from "../../formats/drbd/packet.ts";
import type { ClusterChange, Demotion, Detachment, Promotion } from "./admin-tasks.ts";
import { type Digest, pureDigest } from "./digest.ts";
import type { DiskTask } from "./disk/disk-task.ts";
import type { DrbdEffect } from "./effects.ts";
import { type Link, newLink } from "./link.ts";
import { newPeerEpochs, type PeerEpochs } from "./peer/peer-epochs.ts";
import { RangeLocks } from "./requests/range-locks.ts";
import { newTransferLog, type TransferLog } from "./requests/transfer-log.ts";
import { newCounters } from "./resync/resync-run.ts";
import { newYielding } from "./resync/yielding.ts";
import type { RoleChange } from "./roles/past.ts";
import type { NetSettings, ResourceSettings, VolumeSettings } from "./settings.ts";
import type { Step } from "./steps.ts";
import type { AppFlush, AppRequest, PeerRead, PeerWrite, Volume } from "./volume.ts";

export type Resource = {
  readonly settings: ResourceSettings;
  net: NetSettings;
  readonly prng: Prng;
  digest: Digest;
  /** The time of the event being handled. */
  now: Instant;
  effects: DrbdEffect[];
  readonly steps: Queue<Step>;
  statusChanged: boolean;

  role: Role;
  /** The last changes of the role, oldest first, also of earlier starts of this server. */
  readonly roleChanges: RoleChange[];
  /** What the next start is to know has changed. */
  pastChanged: boolean;
  susp: boolean;
  suspNod: boolean;
  suspFen: boolean;
  /** A migration is under way: both nodes may be Primary. */
  windowOpen: boolean;
  /** By number, ascending. */
  readonly volumes: readonly Volume[];
  readonly link: Link;

  nextToken: number;
  /** Storage effects under way, by token. */
  readonly diskTasks: Map<number, DiskTask>;
  /** Under way on a disk that was let go by force: their ends are nobody's any more. */
  readonly abandonedTokens: Map<number, Volume>;
  /** Writes whose ack is awaited, by their block_id. */
  readonly unacked: Map<number, AppRequest>;
  /** Reads that the peer is asked for, by their block_id. */
  readonly peerReads: Map<number, PeerRead>;
  log: TransferLog;
  /** What the next `sent` of the data socket means: a write of protocol A, that a bitmap may go on, or just progress. */
  readonly sentMarks: Queue<AppRequest | Volume | "progress">;
  /** When the current epoch is closed if nothing else happens. */
  barrierAt: Instant | undefined;
  flushes: AppFlush[];
  /** Writes that the last connection's end left unsettled while I/O is frozen. */
  readonly frozen: Set<AppRequest>;
  /** Those among them that are being sent again, before I/O goes on. */
  resending: Set<AppRequest> | undefined;
  /** Reads of the local disk for those among them whose bytes are gone; nothing is sent before they have ended. */
  resendReads: number;
  peerEpochs: PeerEpochs;
  /** Writes of the peer that wait for an earlier epoch to be written. */
  peerDrain: PeerWrite[];

  /** Packets of the data socket that wait for acks which were sent before them over the other one (two Primaries). */
  readonly dataHold: Queue<Packet>;
  dataHoldUntil: Instant | undefined;

  change: ClusterChange | undefined;
  promotion: Promotion | undefined;
  demotion: Demotion | undefined;
  readonly detachments: Map<Volume, Detachment>;
  /** The fencing request that is unanswered. */
  fencing: { readonly request: number; readonly session: number } | undefined;
  nextFenceRequest: number;
  /** Administrators waiting for the connection to be closed in order. */
  disconnectAsked: number[];
};

export function newResource(settings: ResourceSettings, prng: Prng, now: Instant): Resource {
  const volumes = [...settings.volumes]
    .sort((a, b) => a.volume - b.volume)
    .map((volume) => newVolume(volume, now));
  return {
    settings,
    net: settings.net,
    prng,
    digest: pureDigest,
    now,
    effects: [],
    steps: new Queue<Step>(),
    statusChanged: false,
    role: Role.Secondary,
    roleChanges: [{ role: Role.Secondary, at: now }],
    pastChanged: false,
    susp: false,
    suspNod: false,
    suspFen: false,
    windowOpen: false,
    volumes,
    link: newLink(now),
    nextToken: 1,
    diskTasks: new Map(),
    abandonedTokens: new Map(),
    unacked: new Map(),
    peerReads: new Map(),
    log: newTransferLog(),
    sentMarks: new Queue<AppRequest | Volume | "progress">(),
    barrierAt: undefined,
    flushes: [],
    frozen: new Set(),
    resending: undefined,
    resendReads: 0,
    peerEpochs: newPeerEpochs(),
    peerDrain: [],
    dataHold: new Queue<Packet>(),
    dataHoldUntil: undefined,
    change: undefined,
    promotion: undefined,
    demotion: undefined,
    detachments: new Map(),
    fencing: undefined,
    nextFenceRequest: 1,
    disconnectAsked: [],
  };
}

export function volumeOf(r: Resource, number: number): Volume | undefined {
  for (const volume of r.volumes) if (volume.number === number) return volume;
  return undefined;
}

/** A number that no other request, write or storage effect has. */
export function nextToken(r: Resource): number {
  return r.nextToken++;
}

function newVolume(settings: VolumeSettings, now: Instant): Volume {
  return {
    number: settings.volume,
    minor: settings.minor,
    settings: settings.disk,
    conn: Conn.WFReportParams,
    disk: Disk.Diskless,
    pdsk: Disk.DUnknown,
    aftrIsp: false,
    peerIsp: false,
    userIsp: false,
    sizeBytes: 0,
    backing: undefined,
    attachment: undefined,
    resizing: undefined,
    growthToSync: false,
    exposedUuid: 0n,
    diskBehind: false,
    peer: {
      uuids: undefined,
      uuidFlags: 0,
      bits: 0,
      diskSectors: 0,
      maxBioBytes: 0,
      lastConn: Conn.StandAlone,
      metWithoutDisk: false,
    },
    openCount: 0,
    gates: 0,
    held: [],
    unanswered: [],
    locks: new RangeLocks(),
    failedPeerWrites: [],
    waitingPeerWrites: [],
    flushFailed: false,
    alWaiting: [],
    diskPending: 0,
    peerIoPending: 0,
    peerWriteBytes: 0,
    appPending: 0,
    resync: undefined,
    verify: undefined,
    verifyFromBit: 0,
    verifyWanted: undefined,
    bitmapReceived: 0,
    underWayBytes: 0,
    calmAt: undefined,
    progressAt: now,
    bitmapSending: undefined,
    pendingSyncUuid: undefined,
    considerResync: false,
    newGenerationPending: false,
    generationWriting: false,
    spoilWriting: false,
    lastSyncDecision: "",
    handlerAsked: undefined,
    splitBrain: undefined,
    sendSeq: 0,
    peerSeq: 0,
    counters: newCounters(),
    yielding: newYielding(now),
    served: { waiting: new Queue<RequestPacket | DigestPacket>(), budgetBytes: 0, budgetAt: now },
    replicating: false,
    sendingOos: false,
    holding: false,
    readsLocal: false,
  };
}
