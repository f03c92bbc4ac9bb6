/**
 * Virtual time: events in the order of their time, and of their being asked for where that is equal. Nothing waits in
 * reality; a run goes as fast as the processor.
 */
import { assert } from "../../src/base/assert.ts";
import { type Instant, instant } from "../../src/base/time.ts";

export type SimTimer = { readonly at: number; readonly order: number; cancelled: boolean };

/** More events than this without any time passing are a circle. */
const eventsAtOnceMax = 100_000;

type Entry = SimTimer & { readonly run: () => void };

export class SimClock {
  #now = 0;
  #order = 0;
  /** Events in a row at one and the same time. */
  #stuck = 0;
  /** A binary heap. */
  readonly #heap: Entry[] = [];

  get now(): Instant {
    return instant(this.#now);
  }

  get pending(): number {
    return this.#heap.length;
  }

  after(delayMs: number, run: () => void): SimTimer {
    assert(delayMs >= 0, "nothing happens in the past");
    return this.at(this.#now + delayMs, run);
  }

  /** At this time exactly; now, if it has passed. */
  at(time: number, run: () => void): SimTimer {
    const at = Math.max(this.#now, time);
    const entry: Entry = { at, order: this.#order++, cancelled: false, run };
    this.#heap.push(entry);
    this.#up(this.#heap.length - 1);
    return entry;
  }

  cancel(timer: SimTimer | undefined): void {
    if (timer !== undefined) timer.cancelled = true;
  }

  /** Runs the next event. @returns false when there is none up to `untilMs`. */
  step(untilMs: number): boolean {
    for (;;) {
      const entry = this.#heap[0];
      if (entry === undefined || entry.at > untilMs) {
        this.#now = Math.max(this.#now, Math.min(untilMs, entry?.at ?? untilMs));
        return false;
      }
      this.#pop();
      if (entry.cancelled) continue;
      this.#stuck = entry.at === this.#now ? this.#stuck + 1 : 0;
      assert(this.#stuck < eventsAtOnceMax, "time goes on");
      this.#now = entry.at;
      entry.run();
      return true;
    }
  }

  #pop(): void {
    const last = this.#heap.pop();
    if (last === undefined || this.#heap.length === 0) return;
    this.#heap[0] = last;
    let i = 0;
    for (;;) {
      const left = 2 * i + 1;
      let least = i;
      if (left < this.#heap.length && this.#less(left, least)) least = left;
      if (left + 1 < this.#heap.length && this.#less(left + 1, least)) least = left + 1;
      if (least === i) return;
      this.#swap(i, least);
      i = least;
    }
  }

  #up(start: number): void {
    let i = start;
    while (i > 0) {
      const parent = (i - 1) >> 1;
      if (!this.#less(i, parent)) return;
      this.#swap(i, parent);
      i = parent;
    }
  }

  #less(a: number, b: number): boolean {
    const x = this.#heap[a] as Entry;
    const y = this.#heap[b] as Entry;
    return x.at < y.at || (x.at === y.at && x.order < y.order);
  }

  #swap(a: number, b: number): void {
    const x = this.#heap[a] as Entry;
    this.#heap[a] = this.#heap[b] as Entry;
    this.#heap[b] = x;
  }
}
