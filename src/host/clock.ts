/** ports/clock.ts: CLOCK_MONOTONIC and the real-time clock. */
import { instant, wallTime } from "../base/time.ts";
import type { Clock } from "../ports/clock.ts";

export function hostClock(): Clock {
  return {
    now: () => instant(performance.now()),
    wallNow: () => wallTime(Date.now()),
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const end = performance.now() + durationMs;
        const done = (): void => {
          // A timer may fire a fraction of a millisecond early.
          const leftMs = end - performance.now();
          if (leftMs > 0 && signal?.aborted !== true) timer = setTimeout(done, Math.ceil(leftMs));
          else {
            clearTimeout(timer);
            signal?.removeEventListener("abort", done);
            resolve();
          }
        };
        let timer = setTimeout(done, durationMs);
        signal?.addEventListener("abort", done);
      }),
  };
}
