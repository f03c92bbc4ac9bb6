/** Beginning and end of a resync run, and its figures. */
import { elapsedMs } from "../../../base/time.ts";
import { notice } from "../emit.ts";
import type { Resource } from "../resource.ts";
import type { Volume } from "../volume.ts";
import { newPace } from "./resync-rate.ts";
import type { ProgressMark, ResyncRun } from "./resync-run.ts";

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
    checksums: undefined,
    equalBits: 0,
    refused: false,
    unsavedBytes: 0,
    unflushedWrites: 0,
    isSaving: false,
    position: 0,
    pace: newPace(r.now),
    ready: false,
    ending: "no",
    endingPing: 0,
    marks: [{ at: r.now, bits }],
  };
}

/** A resync or a verify is under way. */
export function isSyncing(v: Volume): boolean {
  return v.resync !== undefined || v.verify !== undefined;
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
  if (run.equalBits > 0) tellEqual(r, v, run);
}

function tellEqual(r: Resource, v: Volume, run: ResyncRun): void {
  const { totalBits, equalBits } = run;
  const percent = Math.floor((equalBits * 100) / Math.max(1, totalBits));
  const moved = Math.max(0, totalBits - equalBits);
  notice(
    r,
    "info",
    "equal-checksums",
    `${percent} % had equal checksums, eliminated: ${equalBits * 4}K; transferred ${moved * 4}K total ${totalBits * 4}K`,
    { volume: v, fields: { equalBits, totalBits } },
  );
}

/** Keeps the marks from which the present speed is computed. */
export function markProgress(r: Resource, v: Volume): void {
  if (v.resync !== undefined) addMark(r, v.resync.marks, v.backing?.bitmap.weight ?? 0);
}

/** @param bits what is left now. */
export function addMark(r: Resource, marks: ProgressMark[], bits: number): void {
  const last = marks[marks.length - 1];
  if (last !== undefined && elapsedMs(last.at, r.now) < markEveryMs) return;
  marks.push({ at: r.now, bits });
  if (marks.length > marksMax) marks.shift();
}

export function pauseRun(r: Resource, v: Volume): void {
  if (v.resync !== undefined) v.resync.pausedSince ??= r.now;
}

export function resumeRun(r: Resource, v: Volume): void {
  const run = v.resync;
  if (run?.pausedSince === undefined) return;
  run.pausedMs += elapsedMs(run.pausedSince, r.now);
  run.pausedSince = undefined;
  run.pace.budgetAt = r.now;
}
