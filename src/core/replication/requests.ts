/** The requests under way, as records that live from their arrival to their end. */

import type { Instant } from "../../base/time.ts";
import type { ActivityLog } from "./activity-log.ts";
import type { IoErrorCode } from "./io.ts";
import type { PeerEpoch } from "./peer-epochs.ts";
import type { RangeLock } from "./range-locks.ts";
import type { Epoch } from "./transfer-log.ts";
import type { LockOwner, Volume } from "./volume.ts";

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
  /** Its block_id on the wire. */
  readonly token: number;
  lock: RangeLock<LockOwner> | undefined;
  /** The activity log on whose extents references are held. */
  log: ActivityLog | undefined;
  localPending: boolean;
  localError: string | undefined;
  net: Net;
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
  pending: number;
};
