/** How far a resync or a verify is, how fast it goes, and what keeps it from going faster: for DRBD's tools and people. */
import { elapsedMs, type Instant } from "../../../base/time.ts";
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import { blockBytes } from "../metadata/bitmap.ts";
import type { Resource } from "../resource.ts";
import type { Volume } from "../volume.ts";
import { presentRate } from "./resync-rate.ts";
import type { Pace, ProgressMark, ResyncRun, VerifyRun } from "./resync-run.ts";

export type ResyncStatus = {
  readonly totalBytes: number;
  readonly leftBytes: number;
  readonly failedBytes: number;
  readonly startedMsAgo: number;
  readonly pausedMs: number;
  /** Bytes a second: lately, and since it began. */
  readonly speed: number;
  readonly averageSpeed: number;
  /** Asked for and not yet come. */
  readonly inFlightBytes: number;
  /** What is wanted, in bytes a second; only on the target. */
  readonly wanted: number | undefined;
  /** No progress for a long time. */
  readonly stalled: boolean;
  /** Of a verify: what it has found to differ; undefined for a resync. */
  readonly foundBytes: number | undefined;
  /** What keeps it from going faster, in words; undefined when nothing is known to. */
  readonly limit: string | undefined;
};

const stalledMs = 180_000;

export function resyncStatus(r: Resource, v: Volume): ResyncStatus | undefined {
  if (v.verify !== undefined) return verifyStatus(r, v, v.verify);
  return v.resync === undefined ? undefined : runStatus(r, v, v.resync);
}

function runStatus(r: Resource, v: Volume, run: ResyncRun): ResyncStatus {
  const left = v.backing?.bitmap.weight ?? 0;
  const paused = run.pausedSince === undefined ? 0 : elapsedMs(run.pausedSince, r.now);
  const pausedMs = run.pausedMs + paused;
  const ms = Math.max(1, elapsedMs(run.startedAt, r.now) - pausedMs);
  return {
    totalBytes: run.totalBits * blockBytes,
    failedBytes: run.failedBits * blockBytes,
    startedMsAgo: elapsedMs(run.startedAt, r.now),
    pausedMs,
    averageSpeed: (Math.max(0, run.totalBits - left) * blockBytes * 1000) / ms,
    inFlightBytes: run.pace.inFlightBytes,
    wanted: v.conn === Conn.SyncTarget ? presentRate(r, v) : undefined,
    foundBytes: undefined,
    limit: limitText(v, run.pace),
    ...lately(run.marks, left, r.now),
  };
}

function verifyStatus(r: Resource, v: Volume, run: VerifyRun): ResyncStatus {
  const total = run.endBit - run.firstBit;
  const startedMsAgo = elapsedMs(run.startedAt, r.now);
  return {
    totalBytes: total * blockBytes,
    failedBytes: run.failedBits * blockBytes,
    startedMsAgo,
    pausedMs: 0,
    averageSpeed: (run.doneBits * blockBytes * 1000) / Math.max(1, startedMsAgo),
    inFlightBytes: run.pace.inFlightBytes,
    wanted: v.conn === Conn.VerifyS ? presentRate(r, v) : undefined,
    foundBytes: run.foundBits * blockBytes,
    limit: limitText(v, run.pace),
    ...lately(run.marks, total - run.doneBits, r.now),
  };
}

/** Speed over the last marks, and whether anything has moved since them. */
function lately(
  marks: readonly ProgressMark[],
  left: number,
  now: Instant,
): Pick<ResyncStatus, "leftBytes" | "speed" | "stalled"> {
  const mark = marks[0] ?? { at: now, bits: left };
  const markMs = Math.max(1, elapsedMs(mark.at, now));
  return {
    leftBytes: left * blockBytes,
    speed: (Math.max(0, mark.bits - left) * blockBytes * 1000) / markMs,
    stalled: mark.bits === left && markMs > stalledMs,
  };
}

function limitText(v: Volume, pace: Pace): string | undefined {
  if (v.userIsp) return "paused by the administrator";
  if (v.aftrIsp) return "waits for another resync (resync-after)";
  if (v.peerIsp) return "paused by the peer";
  if (v.conn === Conn.SyncSource || v.conn === Conn.VerifyT) {
    return v.served.waiting.size > 0 ? "yielding to writes" : undefined;
  }
  // Its metadata have to say "Inconsistent" first.
  if (v.conn === Conn.SyncTarget && v.resync?.ready === false) return "this node's disk";
  switch (pace.limit) {
    case "cap":
      return `capped by ${v.settings.resyncRateKiBs === undefined ? "c-max-rate" : "resync-rate"}`;
    case "guests":
      return "yielding to writes";
    case "window":
      return 2 * pace.writingBytes > pace.inFlightBytes
        ? "this node's disk"
        : "the peer's disk, or the network";
    case "none":
      return undefined;
  }
}
