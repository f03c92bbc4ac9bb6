/**
 * When each of our packets was sent. An answer to packet N proves that the peer was alive and reachable after
 * that moment, however long the answer itself was on its way.
 */
import { assert } from "../../base/assert.ts";
import { elapsedMs, type Instant } from "../../base/time.ts";

/** More are never kept: packets are at least keepalive/10 apart, and only the last deadtime or so matters. */
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
    assert(this.#times.length <= keptMax, "the packets whose times are kept are few");
    return this.last;
  }

  /** Undefined when the packet was sent so long ago that its time is not kept, or was never sent. */
  of(sequence: number): Instant | undefined {
    return this.#times[sequence - this.#first];
  }

  #forget(now: Instant): void {
    const firstKept = this.#times.findIndex((time) => elapsedMs(time, now) <= this.#keepMs);
    const forgotten = firstKept === -1 ? this.#times.length : firstKept;
    this.#times.splice(0, forgotten);
    this.#first += forgotten;
  }
}
