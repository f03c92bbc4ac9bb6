/**
 * How much a resync or verify leaves to the guests: its rate is lowered as long as their writes take notably longer than
 * they do without it, and raised again when they don't. What they take by themselves is measured: all the time while
 * nothing is synced, and during a sync every few seconds, for which that holds still for a moment. So a slow disk, or a
 * guest that writes more than before, is not mistaken for the sync's doing, and a sync does not crawl for nothing.
 *
 * It is the Primary that measures. As the target it asks for less; as the source it lets requests wait.
 */
import { elapsedMs, type Instant } from "../../../base/time.ts";

/** How often the rate is looked at, in ms. */
export const yieldTickMs = 100;
/** The guests' own latency is measured again after so long, in ms. */
const measureEveryMs = 10_000;
/** Ticks that a measurement takes. The first is not counted: what was under way still comes in. */
const measureTicks = 3;
/** Their writes may take so much longer: by this factor, or by this many ms, whichever is more. */
const tolerance = { factor: 1.5, ms: 1 };
const slower = 0.7;
const faster = 1.1;
const fasterBytes: number = 256 * 1024;
/** Weight of one more write in the mean, while nothing is synced. */
const weight = 1 / 32;

export type Yielding = {
  /** Bytes a second that the sync may take. */
  rate: number;
  /** What a guest's write takes when nothing is synced, in ms; undefined until one was measured. */
  ownMs: number | undefined;
  /** Writes answered since the last tick. */
  answered: number;
  answeredMs: number;
  lastAnswerAt: Instant;
  /** While the guests' own latency is measured: ticks so far, what was measured, and the rate to go on with. */
  measuring:
    | { ticks: number; count: number; sumMs: number; readonly resumeRate: number }
    | undefined;
  measureAt: Instant;
  tickAt: Instant;
};

export type YieldLimits = {
  /** Bytes a second: never more, and not less for the guests' sake. A floor of 0 means: don't yield at all. */
  readonly cap: number;
  readonly floor: number;
  /** A guest waits for an answer. */
  readonly waiting: boolean;
  readonly now: Instant;
};

export function newYielding(now: Instant): Yielding {
  return {
    rate: Number.POSITIVE_INFINITY,
    ownMs: undefined,
    answered: 0,
    answeredMs: 0,
    lastAnswerAt: now,
    measuring: undefined,
    measureAt: now,
    tickAt: now,
  };
}

/** A guest's write was answered. @param syncing whether it may have been held up by a sync. */
export function noteAnswer(y: Yielding, latencyMs: number, syncing: boolean, now: Instant): void {
  y.lastAnswerAt = now;
  if (syncing) {
    y.answered++;
    y.answeredMs += latencyMs;
    return;
  }
  y.ownMs = y.ownMs === undefined ? latencyMs : y.ownMs + (latencyMs - y.ownMs) * weight;
}

/** A sync begins: at full speed, and with a look at what the guests need. */
export function beginYielding(y: Yielding, cap: number, now: Instant): void {
  y.rate = cap;
  y.measuring = undefined;
  y.measureAt = now;
  y.answered = 0;
  y.answeredMs = 0;
  y.tickAt = now;
}

/** A tick has passed: the rate for the next one. */
export function yieldTick(y: Yielding, limits: YieldLimits): void {
  const { cap, floor, waiting, now } = limits;
  const mean = y.answered === 0 ? undefined : y.answeredMs / y.answered;
  const count = y.answered;
  y.answered = 0;
  y.answeredMs = 0;
  y.tickAt = now;
  if (floor === 0) {
    y.rate = cap;
    return;
  }
  const lowest = Math.min(floor, cap);
  if (mean === undefined && !waiting) {
    // Nobody to yield to.
    y.rate = Math.min(cap, 2 * (y.measuring?.resumeRate ?? y.rate) + fasterBytes);
    y.measuring = undefined;
    return;
  }
  if (y.measuring !== undefined) {
    measure(y, y.measuring, { mean, count, now });
    return;
  }
  if (now >= y.measureAt) {
    y.measuring = { ticks: 0, count: 0, sumMs: 0, resumeRate: Math.min(cap, y.rate) };
    y.rate = lowest;
    return;
  }
  if (isSlow(y, mean, now)) y.rate = Math.max(lowest, Math.min(cap, y.rate) * slower);
  else y.rate = Math.min(cap, y.rate * faster + fasterBytes);
}

/** The sync goes slower than it may, for the guests. */
export function isYielding(y: Yielding, cap: number): boolean {
  return y.rate < cap;
}

function measure(
  y: Yielding,
  measuring: NonNullable<Yielding["measuring"]>,
  tick: { readonly mean: number | undefined; readonly count: number; readonly now: Instant },
): void {
  measuring.ticks++;
  if (measuring.ticks > 1 && tick.mean !== undefined) {
    measuring.count += tick.count;
    measuring.sumMs += tick.mean * tick.count;
  }
  if (measuring.ticks < measureTicks) return;
  if (measuring.count > 0) y.ownMs = measuring.sumMs / measuring.count;
  y.rate = measuring.resumeRate;
  y.measuring = undefined;
  y.measureAt = (tick.now + measureEveryMs) as Instant;
}

function isSlow(y: Yielding, mean: number | undefined, now: Instant): boolean {
  const { ownMs } = y;
  if (ownMs === undefined) return false;
  const bearable = Math.max(ownMs * tolerance.factor, ownMs + tolerance.ms);
  // None answered, and one waits: it waits longer than that already.
  return (mean ?? elapsedMs(y.lastAnswerAt, now)) > bearable;
}
