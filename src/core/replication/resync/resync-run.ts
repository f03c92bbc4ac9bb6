/** A resync under way, as SyncSource or SyncTarget, and the counters that DRBD's tools show. */
import type { Instant } from "../../../base/time.ts";
import type { DigestName } from "../digest.ts";

/** Why no more is asked for: the configured rate, the guests' writes, enough is under way, or nothing is left to ask. */
export type PaceLimit = "cap" | "guests" | "window" | "none";

/** How fast the node that drives a resync or a verify goes on (resync-rate.ts). */
export type Pace = {
  /** Asked for, and not yet written or compared. */
  inFlightBytes: number;
  /** Bytes that may be asked for now, and when that was computed. May be below zero. */
  budgetBytes: number;
  budgetAt: Instant;
  /** How much may be in flight: grows while only zeros come. */
  windowBytes: number;
  /** Of it: come, and not yet on this node's disk. */
  writingBytes: number;
  /** What kept it from asking for more in the last tick. */
  limit: PaceLimit;
  tickAt: Instant;
};

/** For the speed that is shown: what was left at some time. */
export type ProgressMark = { readonly at: Instant; readonly bits: number };

export type ResyncRun = {
  /** Bits set when it began. */
  readonly totalBits: number;
  readonly startedAt: Instant;
  /** How long it was paused, in ms, and since when it is. */
  pausedMs: number;
  pausedSince: Instant | undefined;
  /** Bits that could not be synced. */
  failedBits: number;
  /** As SyncTarget: blocks are asked for with the digest of this node's copy. */
  checksums: DigestName | undefined;
  /** Blocks that were marked, and had the same digest on both sides. */
  equalBits: number;
  /** As SyncSource: a block could not be read here, and the target was told so. */
  refused: boolean;
  /** As SyncTarget: bytes written since the bitmap was written last, writes since the last flush; one is under way. */
  unsavedBytes: number;
  unflushedWrites: number;
  isSaving: boolean;
  /** As SyncTarget: where to look for the next bit. */
  position: number;
  readonly pace: Pace;
  /** My metadata and bitmap say "Inconsistent" on stable storage: blocks may be asked for. */
  ready: boolean;
  /** Everything is written: the last steps, in their order. */
  ending: "no" | "ping" | "saving";
  /** The number of the ping that was sent after the last ack. */
  endingPing: number;
  /** Marks for the speed shown: bits left at some times. */
  readonly marks: ProgressMark[];
};

/** An online verify under way. Blocks are those of the bitmap: 4 KiB. */
export type VerifyRun = {
  readonly firstBit: number;
  /** Not included. */
  readonly endBit: number;
  readonly startedAt: Instant;
  /** As VerifyS: the next block to ask about. */
  position: number;
  /** Compared, whatever came of it. */
  doneBits: number;
  /** Found to differ; could not be read on one of the sides. */
  foundBits: number;
  failedBits: number;
  /** Differing blocks that are still to be told, in the order in which they were found. */
  readonly untold: number[];
  readonly pace: Pace;
  /** As VerifyS: all is compared, and the peer's answer to this ping says that it knows. */
  endingPing: number | undefined;
  readonly marks: ProgressMark[];
};

export type VolumeCounters = {
  /** Bytes. */
  sent: number;
  received: number;
  written: number;
  read: number;
  /** Numbers of metadata writes. */
  alWrites: number;
  bmWrites: number;
};

export function newCounters(): VolumeCounters {
  return { sent: 0, received: 0, written: 0, read: 0, alWrites: 0, bmWrites: 0 };
}
