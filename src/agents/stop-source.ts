/** The giving side of a StopSignal: the runtime's AbortController does not exist in this layer. */
import type { StopSignal } from "../ports/clock.ts";

export type StopSource = {
  readonly signal: StopSignal;
  /** Aborts the signal; again does nothing. */
  stop(): void;
};

export function stopSource(): StopSource {
  const listeners = new Set<() => void>();
  let aborted = false;
  return {
    signal: {
      get aborted(): boolean {
        return aborted;
      },
      addEventListener: (_type, listener) => {
        listeners.add(listener);
      },
      removeEventListener: (_type, listener) => {
        listeners.delete(listener);
      },
    },
    stop: () => {
      if (aborted) return;
      aborted = true;
      for (const listener of [...listeners]) listener();
      listeners.clear();
    },
  };
}
