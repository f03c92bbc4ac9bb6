/**
 * One volume of a DRBD resource, everything this node knows about it in memory, and the requests under way on it, as
 * records that live from their arrival to their end.
 */
import type { Queue } from "../../base/queue.ts";
import type { Instant } from "../../base/time.ts";
import type { Conn, Disk } from "../../formats/drbd/drbd-state.ts";
import type { MetadataLayout, MetaPlacement } from "../../formats/drbd/metadata-layout.ts";
import type { DigestPacket, RequestPacket } from "../../formats/drbd/packet.ts";
import type { GenerationUuids } from "../../formats/drbd/superblock.ts";
import type { Attachment } from "./disk/attachment.ts";
import type { SplitBrain } from "./generation/split-brain.ts";
import type { IoErrorCode, ReadRequest } from "./io.ts";
import type { ActivityLog } from "./metadata/activity-log.ts";
import type { Bitmap } from "./metadata/bitmap.ts";
import type { MetaLane } from "./metadata/meta-lane.ts";
import type { RangeLock, RangeLocks } from "./requests/range-locks.ts";
import type { ResyncRun, VerifyRun, VolumeCounters } from "./resync/resync-run.ts";
import type { Yielding } from "./resync/yielding.ts";
import type { DiskSettings } from "./settings.ts";
import type { Resizing } from "./size/resizing.ts";

export type Volume = {
  readonly number: number;
  readonly minor: number;
  settings: DiskSettings;

  /** WFReportParams until the sync handshake has decided, then Connected or more; below, the link's state counts. */
  conn: Conn;
  disk: Disk;
  pdsk: Disk;
  aftrIsp: boolean;
  peerIsp: boolean;
  userIsp: boolean;

  /** The size in use; 0 while unknown. */
  sizeBytes: number;
  backing: Backing | undefined;
  /** While the disk is being attached. */
  attachment: Attachment | undefined;
  /** While the size is being looked at and changed. */
  resizing: Resizing | undefined;
  /** This node has grown by an administrator's word, and the peer has not answered yet. */
  growthToSync: boolean;
  /** The generation of the data that users have been shown: a diskless Primary takes no other. */
  exposedUuid: bigint;
  /** The peer has writes that this node's disk lacks, and the disk itself may not say so. */
  diskBehind: boolean;
  peer: PeerOfVolume;
  /** Users who hold the device open. */
  openCount: number;

  /** Reasons why requests are held back, apart from what the state says. Zero: none. */
  gates: number;
  /** Requests held back, in the order in which they came. */
  held: (AppRequest | AppFlush | ReadRequest)[];
  /** Requests whose answer waits for metadata to be written. */
  unanswered: AppRequest[];
  locks: RangeLocks<LockOwner>;
  /** Writes of the peer whose failure it is told when this copy's metadata say that something is missing. */
  failedPeerWrites: PeerWrite[];
  /** Writes of the peer that wait for a write of this node's own to get its verdict (two Primaries). */
  waitingPeerWrites: PeerWrite[];
  /** A flush for the peer failed. */
  flushFailed: boolean;
  /** Writes that wait for a transaction of the activity log. */
  readonly alWaiting: (AppRequest | PeerWrite)[];
  /** Storage effects under way, those on metadata included. */
  diskPending: number;
  /** Those among them that the peer asked for. */
  peerIoPending: number;
  /** What its writes among them carry. */
  peerWriteBytes: number;
  /** Requests of users that are not answered. */
  appPending: number;

  resync: ResyncRun | undefined;
  verify: VerifyRun | undefined;
  /** Where the next verify begins if nobody says otherwise: at its end the last one was interrupted there. */
  verifyFromBit: number;
  /** The part of the volume that a verify, to which the peer has still to agree, is to look at. */
  verifyWanted: { readonly firstBit: number; readonly endBit: number } | undefined;
  /** The bit at which the next packet of the peer's bitmap begins. */
  bitmapReceived: number;
  /** Data sent to the peer and not yet stable there. */
  underWayBytes: number;
  /** While Ahead: since when all that was sent is stable on the peer. */
  calmAt: Instant | undefined;
  /** When something last came of a resync, or of what leads to one. */
  progressAt: Instant;
  /** My own bitmap, while it is being sent: the next bit. */
  bitmapSending: number | undefined;
  /** P_SYNC_UUID came before this side was ready for it. */
  pendingSyncUuid: bigint | undefined;
  /** Both were Inconsistent and the peer has just become Primary: its next P_STATE is looked at for a resync. */
  considerResync: boolean;
  /** My bitmap's generation is to end when I/O may go on: contact to the peer's data was lost while frozen. */
  newGenerationPending: boolean;
  /** A change of generation that is being written: nothing is acknowledged that only this node has. */
  generationWriting: boolean;
  /** A superblock that says "this copy is not good" is being written. */
  spoilWriting: boolean;
  /** This node's last sync decision, by its label. */
  lastSyncDecision: string;
  /** A handler has to say whether a resync may begin. */
  handlerAsked: HandlerAsked | undefined;
  /** What was found at the last meeting, until the two are connected. */
  splitBrain: SplitBrain | undefined;
  /** Counts the writes and acks sent about this volume in this connection. */
  sendSeq: number;
  /** The highest such number that the peer's packets have had. */
  peerSeq: number;
  counters: VolumeCounters;
  /** How much of this node's guests' time a sync may take. */
  readonly yielding: Yielding;
  /** As the source of a resync, or as VerifyT: requests that wait for the guests' sake. */
  readonly served: ServedRequests;

  // Derived from the state by recompute(), for the path of every request:
  replicating: boolean;
  sendingOos: boolean;
  holding: boolean;
  readsLocal: boolean;
};

export type HandlerAsked = {
  readonly request: number;
  readonly session: number;
  readonly name: "before-resync-target" | "before-resync-source";
  /** The state in which it was asked. */
  readonly conn: Conn;
  /** As target: the source's P_SYNC_UUID. */
  readonly uuid: bigint | undefined;
};

export type LockOwner =
  | AppRequest
  | PeerWrite
  | ResyncRead
  | ResyncRequest
  | ResyncWrite
  | VerifyRequest
  | VerifyCompare;

/** The peer asked for this block: as SyncSource, or as VerifyT. */
export type ResyncRead = {
  readonly kind: "resync-read";
  readonly session: number;
  readonly volume: Volume;
  readonly sector: number;
  readonly id: bigint;
  readonly sizeBytes: number;
  /** What is wanted: its data, also as "all zeros", only if they are not those of this digest; its digest. */
  readonly want:
    | { readonly answer: "data" | "thin" | "digest" }
    | { readonly answer: "if-other"; readonly digest: Uint8Array };
};

/** As VerifyS: a block that is being compared. Its lock keeps users' writes away until it is done. */
export type VerifyRequest = {
  readonly kind: "verify-request";
  readonly volume: Volume;
  readonly sector: number;
  readonly sizeBytes: number;
};

/** The peer's digest of a block is here, and this node's copy is to be read and compared with it. */
export type VerifyCompare = {
  readonly kind: "verify-compare";
  readonly session: number;
  readonly volume: Volume;
  readonly sector: number;
  readonly sizeBytes: number;
  readonly digest: Uint8Array;
  /** The lock under which it was asked for. */
  readonly request: RangeLock<LockOwner>;
};

/** I asked the peer for this block: as SyncTarget. */
export type ResyncRequest = {
  readonly kind: "resync-request";
  readonly volume: Volume;
  readonly sector: number;
  readonly sizeBytes: number;
  /** The block has come, and is being written. */
  answered: boolean;
};

/** A block came from the SyncSource. `bytes` undefined: it is all zeros. */
export type ResyncWrite = {
  readonly kind: "resync-write";
  readonly session: number;
  readonly volume: Volume;
  readonly sector: number;
  readonly id: bigint;
  readonly sizeBytes: number;
  readonly bytes: Uint8Array | undefined;
  /** The lock under which it was asked for. */
  readonly request: RangeLock<LockOwner>;
  /** Parts of a deallocated range still to be zeroed. */
  partsPending: number;
  error: string | undefined;
};

/** Requests for blocks of this node's, and how much of them may be served now. */
export type ServedRequests = {
  readonly waiting: Queue<RequestPacket | DigestPacket>;
  budgetBytes: number;
  budgetAt: Instant;
};

/** The attached disk: where things are on it, and what its superblock says. */
export type Backing = {
  readonly placement: MetaPlacement;
  layout: MetadataLayout;
  dataBytes: number;
  readonly bitmap: Bitmap;
  readonly activityLog: ActivityLog;
  readonly lane: MetaLane;
  uuids: GenerationUuids;
  readonly deviceUuid: bigint;
  laSizeSectors: number;
  laPeerMaxBioBytes: number;
  /** Crashed as Primary, and not in full sync with the peer since. */
  crashedPrimary: boolean;
  /** The whole bitmap counts as set until it is written. */
  fullSync: boolean;
  /** The activity log on disk counts: after a crash its extents are replayed (PRIMARY_IND). */
  logCounts: boolean;
  /** The metadata are being moved over themselves: the whole bitmap counts as set, and no log counts. */
  overwriting: boolean;
  /** The flags that the superblock on disk has, or is about to have. */
  flagsWritten: number;
  /** A write failed here that the peer has: this copy may never again pass for a good one without a resync. */
  spoiled: boolean;
  /** The disk state to be written while the disk is being let go in order, and is Failed already for all others. */
  closingDisk: Disk | undefined;
  /** The states to be taken when the peer has judged them, or is lost before. */
  negotiated: { readonly disk: Disk; readonly pdsk: Disk } | undefined;
};

/** What the peer has told about the volume in this connection. */
export type PeerOfVolume = {
  uuids: GenerationUuids | undefined;
  uuidFlags: number;
  bits: number;
  diskSectors: number;
  maxBioBytes: number;
  /** The last P_STATE's connection state, for those who wonder why it does not go on. */
  lastConn: Conn;
  /** It had no disk when the two met, and has had none since. */
  metWithoutDisk: boolean;
};

/** How far the peer is with an application's write. */
export const Net = {
  /** The peer has no part in it. */
  None: 0,
  /** Sent; the answer is awaited. */
  Sent: 1,
  /** The peer has it. */
  Done: 2,
  /** The peer could not write it, or was lost. */
  Failed: 3,
} as const;
export type Net = (typeof Net)[keyof typeof Net];

/** What a user asked for in one request, done in several parts. */
export type AppParent = {
  readonly id: number;
  pending: number;
  error: IoErrorCode | undefined;
};

/** An application's write, discard or write-zeroes, or a part of one: at most 1 MiB of data, in one extent of zeros. */
export type AppRequest = {
  readonly kind: "write" | "zero";
  readonly id: number;
  /** The request of which this is a part. */
  readonly parent: AppParent | undefined;
  readonly volume: Volume;
  readonly offset: number;
  readonly length: number;
  /** Of a write, until it is answered. */
  bytes: Uint8Array | undefined;
  readonly mayUnmap: boolean;
  readonly fua: boolean;
  readonly askedAt: Instant;
  /** Its block_id on the wire. */
  readonly token: number;
  lock: RangeLock<LockOwner> | undefined;
  /** The activity log on whose extents references are held. */
  log: ActivityLog | undefined;
  localPending: boolean;
  localError: string | undefined;
  /** The disk that it was given to; undefined if there was none. */
  writtenTo: Backing | undefined;
  net: Net;
  /** The ack that it was sent with a wish for; "none": being sent is all (protocol A). */
  ack: "none" | "received" | "written";
  /** The peer has cleared its bits for this write. */
  inSync: boolean;
  answered: boolean;
  /** The device was given up while it was frozen: it is not acknowledged any more. */
  refused: boolean;
  /** Barrier-acked, or never sent: nothing but the answer is still to come. */
  forgotten: boolean;
  epoch: Epoch | undefined;
  sentAt: Instant;
};

/** A write that the peer sent. */
export type PeerWrite = {
  readonly kind: "peer-write";
  /** The connection by which it came: it is acked over no other. */
  readonly session: number;
  readonly volume: Volume;
  readonly sector: number;
  readonly id: bigint;
  readonly offset: number;
  readonly length: number;
  /** Undefined: zeros. */
  readonly bytes: Uint8Array | undefined;
  readonly flags: number;
  readonly mayUnmap: boolean;
  readonly epoch: PeerEpoch;
  /** Its user may take it for done before it is (protocols A and B). */
  readonly early: boolean;
  /** The peer had no disk when it sent this. */
  readonly onlyCopy: boolean;
  lock: RangeLock<LockOwner> | undefined;
  /** The activity log whose extents are held: the Primary is diskless, this is the only copy. */
  log: ActivityLog | undefined;
};

/** A user's flush: answered when the local disk is flushed and the peer has acked all epochs up to `barrier`. */
export type AppFlush = {
  readonly kind: "app-flush";
  readonly id: number;
  readonly volume: Volume;
  localPending: boolean;
  localFailed: boolean;
  /** The epoch whose ack is awaited. */
  epoch: Epoch | undefined;
};

/** A user's read that the peer is asked for, in parts of at most 1 MiB. */
export type PeerRead = {
  readonly kind: "peer-read";
  readonly id: number;
  readonly volume: Volume;
  readonly offset: number;
  readonly bytes: Uint8Array;
  readonly askedAt: Instant;
  pending: number;
};

/** Writes that were sent between two barriers. */
export type Epoch = {
  readonly barrier: number;
  readonly requests: AppRequest[];
  /** A write of it has been answered: the next write begins a new epoch. */
  mustClose: boolean;
};

/** The peer's writes between two of its barriers. */
export type PeerEpoch = {
  /** Of its P_BARRIER, as sent; undefined while it is open. */
  barrier: number | undefined;
  /** All writes sent, of whatever kind and fate. */
  size: number;
  /** Those not yet done. */
  active: number;
  /** A write of it was acked before it was done (protocols A and B): no later epoch may begin before it is written. */
  early: boolean;
  readonly volumes: Set<Volume>;
};
