/** A resync under way, as SyncSource or SyncTarget, and the counters that DRBD's tools show. */
import type { Instant } from "../../base/time.ts";

export type ResyncRun = {
  /** Bits set when it began. */
  readonly totalBits: number;
  readonly startedAt: Instant;
  /** How long it was paused, in ms, and since when it is. */
  pausedMs: number;
  pausedSince: Instant | undefined;
  /** Bits that could not be synced. */
  failedBits: number;
  /** As SyncSource: a block could not be read here, and the target was told so. */
  refused: boolean;
  /** As SyncTarget: where to look for the next bit, what is asked for and not yet written. */
  position: number;
  inFlightBytes: number;
  /** My metadata and bitmap say "Inconsistent" on stable storage: blocks may be asked for. */
  ready: boolean;
  /** Bytes that may be asked for now, and when that was computed. May be below zero. */
  budgetBytes: number;
  budgetAt: Instant;
  /** How much may be in flight: grows while only zeros come. */
  windowBytes: number;
  /** Everything is written: the last steps, in their order. */
  ending: "no" | "ping" | "saving";
  /** The number of the ping that was sent after the last ack. */
  endingPing: number;
  /** Marks for the speed shown: bits left at some times. */
  readonly marks: { at: Instant; bits: number }[];
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
