/**
 * How much the node that drives a resync or a verify may ask for now. A cap in bytes a second (resync-rate if it is
 * configured, else c-max-rate; less while it yields to the guests) is a budget that fills with time and is used up by
 * data that come; zeros cost nothing. How much may be in flight grows while only zeros come, and falls back as soon as
 * data do, so that a sparse volume is synced in moments and a full one at its rate.
 */
import { after, elapsedMs, type Instant } from "../../../base/time.ts";
import { Role } from "../../../formats/drbd/drbd-state.ts";
import { requestBytesMax } from "../../../formats/drbd/packet-flags.ts";
import type { Resource } from "../resource.ts";
import type { DiskSettings } from "../settings.ts";
import type { Volume } from "../volume.ts";
import type { Pace, PaceLimit } from "./resync-run.ts";
import { isYielding } from "./yielding.ts";

/** The budget is filled up so often, in ms; it never holds more than this much time's worth. */
export const rateTickMs = 100;
const windowMin: number = 1024 * 1024;
const windowMax: number = 32 * 1024 * 1024;
/** At slow rates requests are small, in bytes: a big one would be a burst. */
const requestBytesMin: number = 64 * 1024;

export function newPace(now: Instant): Pace {
  return {
    inFlightBytes: 0,
    budgetBytes: 0,
    // The first tick's worth is there at once: a small resync is over before a second one.
    budgetAt: after(now, -rateTickMs),
    windowBytes: 0,
    writingBytes: 0,
    limit: "none",
    tickAt: now,
  };
}

/** Bytes a second, as configured. */
export function rateCap(settings: DiskSettings): number {
  return (settings.resyncRateKiBs ?? settings.cMaxRateKiBs) * 1024;
}

/** Bytes a second, for the guests' sake less than configured. A Secondary has no guests. */
export function presentRate(r: Resource, v: Volume): number {
  const cap = rateCap(v.settings);
  return r.role === Role.Primary ? Math.min(cap, v.yielding.rate) : cap;
}

/** Time has passed: the budget fills. */
export function fillBudget(r: Resource, pace: Pace, v: Volume): void {
  if (elapsedMs(pace.tickAt, r.now) >= rateTickMs) {
    pace.limit = limitOf(r, pace, v);
    pace.tickAt = r.now;
  }
  const rate = presentRate(r, v);
  const elapsed = Math.max(0, elapsedMs(pace.budgetAt, r.now));
  const most = Math.max(4096, (rate * rateTickMs) / 1000);
  pace.budgetBytes = Math.min(most, pace.budgetBytes + (rate * elapsed) / 1000);
  pace.budgetAt = r.now;
}

/** Bytes that may be asked for at this moment. */
export function mayAsk(r: Resource, pace: Pace, v: Volume): number {
  if (pace.budgetBytes <= 0) return 0;
  if (pace.windowBytes === 0) pace.windowBytes = dataWindow(r, v.settings);
  return Math.max(0, pace.windowBytes - pace.inFlightBytes);
}

/** The largest request that is no burst, in bytes: a power of two. */
export function requestBytesAt(rate: number): number {
  const tick = (rate * rateTickMs) / 1000;
  let bytes = requestBytesMax;
  while (bytes > requestBytesMin && bytes > tick) bytes /= 2;
  return bytes;
}

export function onDataCame(r: Resource, pace: Pace, v: Volume, bytes: number): void {
  pace.budgetBytes -= bytes;
  pace.windowBytes = dataWindow(r, v.settings);
}

export function onZerosCame(pace: Pace): void {
  pace.windowBytes = Math.min(windowMax, pace.windowBytes * 2);
}

/** What it was waiting for when the tick ended. */
function limitOf(r: Resource, pace: Pace, v: Volume): PaceLimit {
  if (pace.budgetBytes <= 0) {
    const yields = r.role === Role.Primary && isYielding(v.yielding, rateCap(v.settings));
    return yields ? "guests" : "cap";
  }
  return pace.inFlightBytes > 0 && pace.inFlightBytes >= pace.windowBytes / 2 ? "window" : "none";
}

/** For data: a tick's worth, within bounds, and at most half of max-buffers. */
function dataWindow(r: Resource, settings: DiskSettings): number {
  const tick = (rateCap(settings) * rateTickMs) / 1000;
  const buffers = (r.net.maxBuffers / 2) * 4096;
  return Math.max(4096, Math.min(Math.max(windowMin, tick), windowMax, buffers));
}
