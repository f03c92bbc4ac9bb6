/**
 * How much the node that drives a resync or a verify may ask for now. A cap in bytes a second (resync-rate if it is configured, else c-max-rate) is
 * a budget that fills with time and is used up by data that come; zeros cost nothing. How much may be in flight grows
 * while only zeros come, and falls back as soon as data do, so that a sparse volume is synced in moments and a full one
 * at its rate.
 */
import { elapsedMs, type Instant } from "../../base/time.ts";
import type { Resource } from "./resource.ts";
import type { Pace } from "./resync-run.ts";
import type { DiskSettings } from "./settings.ts";

/** The budget is filled up so often, in ms; it never holds more than this much time's worth. */
export const rateTickMs = 100;
const windowMin: number = 1024 * 1024;
const windowMax: number = 32 * 1024 * 1024;

export function newPace(now: Instant): Pace {
  return { inFlightBytes: 0, budgetBytes: 0, budgetAt: now, windowBytes: 0 };
}

/** Bytes a second. */
export function rateCap(settings: DiskSettings): number {
  return (settings.resyncRateKiBs ?? settings.cMaxRateKiBs) * 1024;
}

/** Time has passed: the budget fills. */
export function fillBudget(r: Resource, pace: Pace, settings: DiskSettings): void {
  const cap = rateCap(settings);
  const elapsed = Math.max(0, elapsedMs(pace.budgetAt, r.now));
  const most = Math.max(4096, (cap * rateTickMs) / 1000);
  pace.budgetBytes = Math.min(most, pace.budgetBytes + (cap * elapsed) / 1000);
  pace.budgetAt = r.now;
}

/** Bytes that may be asked for at this moment. */
export function mayAsk(r: Resource, pace: Pace, settings: DiskSettings): number {
  if (pace.budgetBytes <= 0) return 0;
  if (pace.windowBytes === 0) pace.windowBytes = dataWindow(r, settings);
  return Math.max(0, pace.windowBytes - pace.inFlightBytes);
}

export function onDataCame(r: Resource, pace: Pace, settings: DiskSettings, bytes: number): void {
  pace.budgetBytes -= bytes;
  pace.windowBytes = dataWindow(r, settings);
}

export function onZerosCame(pace: Pace): void {
  pace.windowBytes = Math.min(windowMax, pace.windowBytes * 2);
}

/** For data: a tick's worth, within bounds, and at most half of max-buffers. */
function dataWindow(r: Resource, settings: DiskSettings): number {
  const tick = (rateCap(settings) * rateTickMs) / 1000;
  const buffers = (r.net.maxBuffers / 2) * 4096;
  return Math.max(4096, Math.min(Math.max(windowMin, tick), windowMax, buffers));
}
