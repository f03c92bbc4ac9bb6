/** Which of two nodes dials, and when it tries again. */
import { compareText } from "../../base/compare.ts";
import type { Prng } from "../../base/prng.ts";
import { after, type Instant } from "../../base/time.ts";

const firstWaitMs = 100;
const longestWaitMs = 2000;

/** The one whose name comes first: both know it, and neither has to be asked. */
export function dials(own: string, peer: string): boolean {
  return compareText(own, peer) < 0;
}

/** When to dial again after so many failures in a row: soon, then less often, never in step with another. */
export function nextDial(failures: number, prng: Prng, now: Instant): Instant {
  const waitMs = Math.min(longestWaitMs, firstWaitMs * 2 ** Math.min(failures - 1, 10));
  return after(now, waitMs * (0.75 + prng.below(1000) / 2000));
}
