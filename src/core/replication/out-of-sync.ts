/** Ranges of bytes -> bits of the bitmap. Setting takes every block that is touched, clearing only whole ones. */
import { blockBytes } from "./metadata/bitmap.ts";
import type { Volume } from "./volume.ts";

type Range = { readonly offset: number; readonly length: number };

/** @returns how many bits were clear. */
export function markOutOfSync(v: Volume, range: Range): number {
  const bitmap = v.backing?.bitmap;
  if (bitmap === undefined) return 0;
  return bitmap.set(firstTouched(range), Math.min(bitmap.bits, endTouched(range)));
}

/** The last block of the volume may be a partial one: it is whole when the range goes to the volume's end. */
export function markInSync(v: Volume, range: Range): void {
  const bitmap = v.backing?.bitmap;
  if (bitmap === undefined) return;
  const end = range.offset + range.length;
  const from = Math.ceil(range.offset / blockBytes);
  const to = end === v.sizeBytes ? bitmap.bits : Math.floor(end / blockBytes);
  if (to > from) bitmap.clear(from, Math.min(bitmap.bits, to));
}

/** Is any block that the range touches out of sync? */
export function isOutOfSync(v: Volume, range: Range): boolean {
  const bitmap = v.backing?.bitmap;
  if (bitmap === undefined) return true;
  return bitmap.anySet(firstTouched(range), Math.min(bitmap.bits, endTouched(range)));
}

function firstTouched(range: Range): number {
  return Math.floor(range.offset / blockBytes);
}

function endTouched(range: Range): number {
  return Math.ceil((range.offset + range.length) / blockBytes);
}
