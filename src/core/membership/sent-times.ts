/**
 * When each of our packets was sent. An answer to packet N proves that the peer was alive and reachable after
 * that moment, however long the answer itself was on its way.
 */
import { elapsedMs, type Instant } from "../../base/time.ts";

/** Where deadtime is many hundred keepalives, the oldest are forgotten before their time: that errs on the safe side. */
const keptMax = 4096;

export class SentTimes {
  readonly #keepMs: number;
  #first = 1;
  #times: Instant[] = [];

  /** @param keepMs answers to packets older than this prove nothing of interest. */
  constructor(keepMs: number) {
    this.#keepMs = keepMs;
  }

  /** The sequence number of the packet sent last; 0 before the first. */
  get last(): number {
    return this.#first + this.#times.length - 1;
  }

  /** Notes that the next packet is sent, and returns its sequence number. */
  next(now: Instant): number {
    this.#forget(now);
    this.#times.push(now);
    return this.last;
  }

  /** Undefined when the packet was sent so long ago that its time is not kept, or was never sent. */
  of(sequence: number): Instant | undefined {
    return this.#times[sequence - this.#first];
  }

  #forget(now: Instant): void {
    const firstKept = this.#times.findIndex((time) => elapsedMs(time, now) <= this.#keepMs);
    const outdated = firstKept === -1 ? this.#times.length : firstKept;
    const forgotten = Math.max(outdated, this.#times.length - keptMax + 1);
    this.#times.splice(0, forgotten);
    this.#first += forgotten;
  }
}
