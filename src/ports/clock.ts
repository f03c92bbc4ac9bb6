import type { Instant, WallTime } from "../base/time.ts";

/** Time, and waiting for it. */
export type Clock = {
  now(): Instant;
  wallNow(): WallTime;
  /** Resolves after at least `durationMs`; early, and without an error, when the signal is aborted. */
  sleep(durationMs: number, signal?: StopSignal): Promise<void>;
};

/** What an async function looks at to learn that nobody waits for it any more: the runtime's AbortSignal fits. */
export type StopSignal = {
  readonly aborted: boolean;
  addEventListener(type: "abort", listener: () => void): void;
  removeEventListener(type: "abort", listener: () => void): void;
};
