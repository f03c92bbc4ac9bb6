/** Waiting, but not for ever. */
import { after, elapsedMs, type Instant } from "../base/time.ts";
import type { Clock, StopSignal } from "../ports/clock.ts";
import { stopSource } from "./stop-source.ts";

export const late: unique symbol = Symbol("late");

/** What `work` gives, or `late` when it takes longer; the work itself goes on, and its end is then nobody's business. */
export async function withinLimit<T>(
  clock: Clock,
  limitMs: number,
  work: Promise<T>,
): Promise<T | typeof late> {
  const worked = stopSource();
  try {
    return await Promise.race([
      work,
      clock.sleep(limitMs, worked.signal).then((): typeof late => late),
    ]);
  } finally {
    worked.stop();
  }
}

export const stopped: unique symbol = Symbol("stopped");

/** What `work` gives, or `stopped` as soon as nobody waits for it; the work itself goes on, as in withinLimit. */
export async function unlessStopped<T>(
  stop: StopSignal,
  work: Promise<T>,
): Promise<T | typeof stopped> {
  let onAbort: () => void = () => undefined;
  const aborted = new Promise<typeof stopped>((resolve) => {
    onAbort = () => resolve(stopped);
    stop.addEventListener("abort", onAbort);
    if (stop.aborted) onAbort();
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    stop.removeEventListener("abort", onAbort);
  }
}

/** How often a question is asked again. */
export const pollMs = 50;

/**
 * Asks until `ask` gives something, the time is over, or the signal is aborted; undefined in the last two cases.
 * It is asked at least once.
 */
export async function poll<T>(
  clock: Clock,
  limit: { readonly limitMs: number; readonly stop?: StopSignal; readonly everyMs?: number },
  ask: () => T | undefined | Promise<T | undefined>,
): Promise<T | undefined> {
  const end: Instant = after(clock.now(), limit.limitMs);
  for (;;) {
    const answer = await ask();
    if (answer !== undefined || limit.stop?.aborted === true) return answer;
    const leftMs = elapsedMs(clock.now(), end);
    if (leftMs <= 0) return undefined;
    await clock.sleep(Math.min(limit.everyMs ?? pollMs, leftMs), limit.stop);
  }
}
