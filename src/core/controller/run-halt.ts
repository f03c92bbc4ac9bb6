/**
 * What may still begin after something went wrong, or after news from outside, while a transition runs.
 *
 * - After a failure only what is more important than the action that failed: synapses of a higher priority.
 * - After news nothing but notifications, and the points in the order between them, at the highest priority: a clone
 *   that was told what is about to happen is also told that it has happened. Whatever else the graph rates as high was
 *   planned with what does not hold any more, and waits for the next transition (Pacemaker would begin it).
 */
import type { Synapse } from "./types.ts";

/** A score of INFINITY. */
const highest = 1_000_000;

export class RunHalt {
  #newsBecause: string | undefined;
  /** Of all that failed, the highest. */
  #failedPriority: number | undefined;

  get isHalted(): boolean {
    return this.#newsBecause !== undefined || this.hasFailed;
  }

  get hasFailed(): boolean {
    return this.#failedPriority !== undefined;
  }

  get newsBecause(): string | undefined {
    return this.#newsBecause;
  }

  /** The first reason counts. */
  onNews(reason: string): void {
    this.#newsBecause ??= reason;
  }

  onFailure(priority: number): void {
    this.#failedPriority = Math.max(priority, this.#failedPriority ?? priority);
  }

  allows({ action, priority }: Synapse): boolean {
    if (this.#newsBecause !== undefined) {
      const isNotice = action.operation === "notify" || action.kind === "pseudo";
      if (!isNotice || priority < highest) return false;
    }
    return this.#failedPriority === undefined || priority > this.#failedPriority;
  }
}
