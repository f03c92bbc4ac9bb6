/**
 * A clock whose time passes only when everybody waits: sleeps end in their order, one at a time, with no real waiting.
 * For code whose other ports answer within microtasks.
 */
import { type Instant, instant, wallTime } from "../../src/base/time.ts";
import type { Clock } from "../../src/ports/clock.ts";

type Sleeper = { readonly until: Instant; wake(): void };

export function virtualClock(): Clock {
  let now = instant(0);
  let scheduled = false;
  const sleepers = new Set<Sleeper>();
  const schedule = (): void => {
    if (scheduled || sleepers.size === 0) return;
    scheduled = true;
    setImmediate(() => {
      scheduled = false;
      const [next] = [...sleepers].sort((a, b) => a.until - b.until);
      if (next === undefined) return;
      now = instant(Math.max(now, next.until));
      next.wake();
      schedule();
    });
  };
  return {
    now: () => now,
    wallNow: () => wallTime(1_800_000_000_000 + now),
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) {
          resolve();
          return;
        }
        const sleeper: Sleeper = {
          until: instant(now + durationMs),
          wake: () => {
            sleepers.delete(sleeper);
            signal?.removeEventListener("abort", sleeper.wake);
            resolve();
          },
        };
        sleepers.add(sleeper);
        signal?.addEventListener("abort", sleeper.wake);
        schedule();
      }),
  };
}
