/** Waits for a fact of the machine that no event tells, such as the end of a process that is no child of ours. */
import { setTimeout as sleep } from "node:timers/promises";

/** @returns whether the condition held before the time was over. */
export async function until(condition: () => boolean, limitMs: number): Promise<boolean> {
  const end = performance.now() + limitMs;
  let pauseMs = 1;
  while (!condition()) {
    if (performance.now() >= end) return false;
    await sleep(pauseMs);
    pauseMs = Math.min(pauseMs * 2, 20);
  }
  return true;
}
