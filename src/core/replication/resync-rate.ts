/**
 * How much the SyncTarget may ask for now. A cap in bytes a second (resync-rate if it is configured, else c-max-rate) is
 * a budget that fills with time and is used up by data that come; zeros cost nothing. How much may be in flight grows
 * while only zeros come, and falls back as soon as data do, so that a sparse volume is synced in moments and a full one
 * at its rate.
 */
import { elapsedMs } from "../../base/time.ts";
import type { Resource } from "./resource.ts";
import type { ResyncRun } from "./resync-run.ts";
import type { DiskSettings } from "./settings.ts";

/** The budget is filled up so often, in ms; it never holds more than this much time's worth. */
export const rateTickMs = 100;
const windowMin: number = 1024 * 1024;
const windowMax: number = 32 * 1024 * 1024;

/** Bytes a second. */
export function rateCap(settings: DiskSettings): number {
  return (settings.resyncRateKiBs ?? settings.cMaxRateKiBs) * 1024;
}

/** Time has passed: the budget fills. */
export function fillBudget(r: Resource, run: ResyncRun, settings: DiskSettings): void {
  const cap = rateCap(settings);
  const elapsed = Math.max(0, elapsedMs(run.budgetAt, r.now));
  const most = Math.max(4096, (cap * rateTickMs) / 1000);
  run.budgetBytes = Math.min(most, run.budgetBytes + (cap * elapsed) / 1000);
  run.budgetAt = r.now;
}

/** Bytes that may be asked for at this moment. */
export function mayAsk(r: Resource, run: ResyncRun, settings: DiskSettings): number {
  if (run.budgetBytes <= 0) return 0;
  if (run.windowBytes === 0) run.windowBytes = dataWindow(r, settings);
  return Math.max(0, run.windowBytes - run.inFlightBytes);
}

export function onDataCame(
  r: Resource,
  run: ResyncRun,
  settings: DiskSettings,
  bytes: number,
): void {
  run.budgetBytes -= bytes;
  run.windowBytes = dataWindow(r, settings);
}

export function onZerosCame(run: ResyncRun): void {
  run.windowBytes = Math.min(windowMax, run.windowBytes * 2);
}

/** For data: a tick's worth, within bounds, and at most half of max-buffers. */
function dataWindow(r: Resource, settings: DiskSettings): number {
  const tick = (rateCap(settings) * rateTickMs) / 1000;
  const buffers = (r.net.maxBuffers / 2) * 4096;
  return Math.max(4096, Math.min(Math.max(windowMin, tick), windowMax, buffers));
}
