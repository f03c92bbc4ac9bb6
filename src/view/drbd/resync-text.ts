/** Sizes, and how far a resync or verify has come, in a line for people. */
import type { DiskResync } from "../../api/disk-status.ts";
import { donePerMille, finishTime, progressBar } from "./progress-bar.ts";

/** A bar, what is left, when it will be over, and what keeps it from being faster. */
export function resyncText(resync: DiskResync): string {
  const done = donePerMille(resync);
  const rate = resync.stalled ? "stalled" : `at ${sizeText(resync.rateKibPerS)}/s`;
  const left = `${sizeText(resync.leftKib)} of ${sizeText(resync.totalKib)} left`;
  const why = resync.limit === undefined ? "" : `, ${resync.limit}`;
  return `${progressBar(done, "8.4")} ${(done / 10).toFixed(1)} %  ${left}, ${finishTime(resync)} ${rate}${why}`;
}

/** In the largest unit of which there is at least one, three digits. */
export function sizeText(kib: number): string {
  const units = ["KiB", "MiB", "GiB", "TiB"] as const;
  let value = kib;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  // Without zeros at the end.
  const rounded = Number(value.toFixed(value >= 100 ? 0 : value >= 10 ? 1 : 2));
  return `${rounded} ${units[unit]}`;
}
