/** Which blocks this node believes to differ from the peer's, page by page: for those who look, nothing is changed. */
import type { Resource } from "../resource.ts";
import { volumeOf } from "../resource.ts";

/** A page of runs: blocks of 4 KiB, each run its first block and how many. */
export type ChangedBlocks = {
  readonly runs: readonly (readonly [first: number, count: number])[];
  /** From which block to ask on; undefined when that was all. */
  readonly next: number | undefined;
};

/** @returns undefined without such a volume, or without its disk. */
export function changedBlocks(
  r: Resource,
  of: { readonly volume: number; readonly from: number; readonly runsMax: number },
): ChangedBlocks | undefined {
  const bitmap = volumeOf(r, of.volume)?.backing?.bitmap;
  if (bitmap === undefined) return undefined;
  const runs: (readonly [number, number])[] = [];
  let block = Math.min(of.from, bitmap.bits);
  for (;;) {
    const first = bitmap.nextSet(block);
    if (first >= bitmap.bits) return { runs, next: undefined };
    if (runs.length >= of.runsMax) return { runs, next: first };
    block = bitmap.endOfRun(first);
    runs.push([first, block - first]);
  }
}
