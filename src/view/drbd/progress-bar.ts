/** The progress lines of /proc/drbd, for a resync or a verify. Specification section 16.1. */
import type { DiskResync } from "../../api/disk-status.ts";

const groupDigits = /\B(?=(\d{3})+(?!\d))/g;
/** Above this total, sizes are given in MiB. */
const totalInMibAbove = 4 * 1024 * 1024;

/** 1234567 as 1,234,567. */
export function grouped(value: number): string {
  return String(Math.round(value)).replace(groupDigits, ",");
}

/** How much is done, in per mille; done when there is nothing to do. */
export function donePerMille(resync: DiskResync): number {
  if (resync.totalKib === 0) return 1000;
  const done = 1000 - Math.floor((1000 * resync.leftKib) / resync.totalKib);
  return Math.max(0, Math.min(1000, done));
}

/** 8.4's bar is one longer than 8.0's until the first twentieth is done. */
export function progressBar(perMille: number, layout: "8.0" | "8.4"): string {
  const steps = Math.floor(perMille / 50);
  const dots = 20 - (layout === "8.0" ? Math.max(1, steps) : steps);
  return `[${"=".repeat(Math.max(0, steps - 1))}>${".".repeat(dots)}]`;
}

/** `(left/total)K`, or in M for large ones. */
export function leftOfTotal(resync: DiskResync): string {
  if (resync.totalKib <= totalInMibAbove) return `(${resync.leftKib}/${resync.totalKib})K`;
  const mib = (kib: number): number => Math.floor(kib / 1024);
  return `(${mib(resync.leftKib)}/${mib(resync.totalKib)})M`;
}

/** `h:mm:ss` until the end at the present rate; `?` when nothing moves. */
export function finishTime(resync: DiskResync): string {
  if (resync.rateKibPerS <= 0) return "?:??:??";
  const seconds = Math.floor(resync.leftKib / resync.rateKibPerS);
  const two = (value: number): string => String(value).padStart(2, "0");
  return `${Math.floor(seconds / 3600)}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`;
}

/** The percentage with one decimal, as `%3u.%u%%`. */
export function percentText(perMille: number): string {
  return `${String(Math.floor(perMille / 10)).padStart(3)}.${perMille % 10}%`;
}
