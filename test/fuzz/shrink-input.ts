/** Makes a failing input smaller, as long as it still fails. */
import { concatBytes } from "../../src/base/bytes.ts";

/** @param tries of `fails`, at most. @returns the smallest that was found. */
export function shrinkInput(
  input: Uint8Array,
  fails: (candidate: Uint8Array) => boolean,
  tries = 3000,
): Uint8Array {
  let best = input;
  let left = tries;
  const attempt = (candidate: Uint8Array): boolean => {
    if (left-- <= 0 || !fails(candidate)) return false;
    best = candidate;
    return true;
  };
  for (let size = best.length >> 1; size >= 1 && left > 0; ) {
    const before = best.length;
    for (let at = 0; at + size <= best.length && left > 0; ) {
      if (!attempt(concatBytes([best.subarray(0, at), best.subarray(at + size)]))) at += size;
    }
    if (best.length === before) size >>= 1;
  }
  for (let at = 0; at < best.length && left > 0; at++) {
    if (best[at] === 0) continue;
    const zeroed = best.slice();
    zeroed[at] = 0;
    attempt(zeroed);
  }
  return best;
}
