/**
 * The DC that leaves: what it wrote into the status section last, that all its resources have stopped above all, must have
 * reached those who go on. It says farewell over the links, in order after all that; who answers has it. Who does not within
 * a moment is not waited for: it learns the same by probing.
 */
import { after, type Instant } from "../../base/time.ts";

const answerMs = 2000;

export class Farewell {
  readonly #waitsFor = new Set<string>();
  #until: Instant | undefined;

  get isUnderWay(): boolean {
    return this.#until !== undefined;
  }

  /** @param members who have joined. */
  begin(members: readonly string[], now: Instant): void {
    for (const name of members) this.#waitsFor.add(name);
    this.#until = after(now, answerMs);
  }

  /** It has answered, or is gone. */
  onHeard(name: string): void {
    this.#waitsFor.delete(name);
  }

  /** @returns once: all have answered, or have had their time. */
  takeEnd(now: Instant): boolean {
    if (this.#until === undefined) return false;
    if (this.#waitsFor.size > 0 && now < this.#until) return false;
    this.#until = undefined;
    this.#waitsFor.clear();
    return true;
  }

  nextDeadline(): Instant | undefined {
    return this.#until;
  }
}
