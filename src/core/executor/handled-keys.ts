/**
 * Transition keys that were taken, and what came of them: a DC that has lost the answer may order again, and a
 * start that ran must not run twice.
 */
import type { OperationReport } from "./types.ts";

/** More than all operations of some transitions; the oldest that have ended are forgotten. */
const keysMax = 2000;

/** "closed": ended without a result that anybody waits for. */
type KeyState = OperationReport | "under way" | "closed";

export class HandledKeys {
  readonly #keys = new Map<string, KeyState>();

  get(key: string): KeyState | undefined {
    return this.#keys.get(key);
  }

  begin(key: string): void {
    this.#keys.set(key, "under way");
    if (this.#keys.size <= keysMax) return;
    for (const [old, outcome] of this.#keys) {
      if (outcome === "under way") continue;
      this.#keys.delete(old);
      return;
    }
  }

  end(key: string, report: OperationReport): void {
    if (this.#keys.has(key)) this.#keys.set(key, report);
  }

  close(key: string): void {
    if (this.#keys.has(key)) this.#keys.set(key, "closed");
  }
}
