/**
 * How many calls run, or wait for a thread, at once. koffi throws when there are more than its table holds (256), and one
 * mkfs on a large disk begins thousands: what is more waits here, in order.
 */
import { assert } from "../../base/assert.ts";
import { Queue } from "../../base/queue.ts";

export class AsyncGate {
  readonly #limit: number;
  readonly #waiting: Queue<(ended: () => void) => void> = new Queue();
  #running = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** Begins `call`, now or when others have ended; it says by `ended` that it has, once. */
  begin(call: (ended: () => void) => void): void {
    if (this.#running >= this.#limit) this.#waiting.push(call);
    else this.#start(call);
  }

  #start(call: (ended: () => void) => void): void {
    let hasEnded = false;
    this.#running++;
    call(() => {
      assert(!hasEnded, "a call ends once");
      hasEnded = true;
      this.#running--;
      const next = this.#waiting.shift();
      if (next !== undefined) this.#start(next);
    });
  }
}
