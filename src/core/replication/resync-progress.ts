/** Beginning and end of a resync run, and its figures. */
import { elapsedMs } from "../../base/time.ts";
import { notice } from "./emit.ts";
import type { Resource } from "./resource.ts";
import type { ResyncRun } from "./resync-run.ts";
import type { Volume } from "./volume.ts";

/** The speed shown is that of the last marks: so many, so far apart (as the kernel keeps them). */
const marksMax = 8;
const markEveryMs = 3000;

export function newRun(r: Resource, bits: number): ResyncRun {
  return {
    totalBits: bits,
    startedAt: r.now,
    pausedMs: 0,
    pausedSince: undefined,
    failedBits: 0,
    refused: false,
    position: 0,
    inFlightBytes: 0,
    ready: false,
    budgetBytes: 0,
    budgetAt: r.now,
    windowBytes: 0,
    ending: "no",
    endingPing: 0,
    marks: [{ at: r.now, bits }],
  };
}

/** A run is over, well: its figures are told. */
export function endRun(r: Resource, v: Volume, as: "SyncSource" | "SyncTarget"): void {
  const run = v.resync;
  v.resync = undefined;
  if (run === undefined) return;
  const totalMs = elapsedMs(run.startedAt, r.now);
  const activeMs = Math.max(1, totalMs - run.pausedMs);
  const kib = run.totalBits * 4;
  const speed = Math.round((kib * 1000) / activeMs);
  notice(
    r,
    "info",
    "resync-done",
    `Resync done (total ${Math.round(totalMs / 1000)} sec; paused ${Math.round(run.pausedMs / 1000)} sec; ${speed} K/sec)`,
    { volume: v, fields: { as, kib, totalMs, failedBits: run.failedBits } },
  );
}

/** Keeps the marks from which the present speed is computed. */
export function markProgress(r: Resource, v: Volume): void {
  const run = v.resync;
  const last = run?.marks[run.marks.length - 1];
  if (run === undefined || last === undefined) return;
  if (elapsedMs(last.at, r.now) < markEveryMs) return;
  run.marks.push({ at: r.now, bits: v.backing?.bitmap.weight ?? 0 });
  if (run.marks.length > marksMax) run.marks.shift();
}

export function pauseRun(r: Resource, v: Volume): void {
  if (v.resync !== undefined) v.resync.pausedSince ??= r.now;
}

export function resumeRun(r: Resource, v: Volume): void {
  const run = v.resync;
  if (run?.pausedSince === undefined) return;
  run.pausedMs += elapsedMs(run.pausedSince, r.now);
  run.pausedSince = undefined;
  run.budgetAt = r.now;
}
