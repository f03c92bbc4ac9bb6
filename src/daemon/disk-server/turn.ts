/**
 * One turn: everything that follows from one thing that happened outside (bytes came, a write ended, a timer ran
 * out). What is only worth doing once is done when the turn ends: first what has gathered for each socket is handed to
 * the kernel, so that the peer works already while, second, the local disk is written.
 */
import { Queue } from "../../base/queue.ts";

export class Turn {
  #depth = 0;
  #flushes: (() => void)[] = [];
  readonly #work: Queue<() => void> = new Queue();

  run(body: () => void): void {
    this.#depth++;
    try {
      body();
      if (this.#depth === 1) this.#end();
    } finally {
      this.#depth--;
    }
  }

  /** Does the action when the present turn ends. */
  atEnd(action: () => void): void {
    if (this.#depth === 0) this.run(() => this.#flushes.push(action));
    else this.#flushes.push(action);
  }

  /** Does the action after all that atEnd has collected; actions run in the order in which they were given. */
  afterEnd(action: () => void): void {
    if (this.#depth === 0) this.run(() => this.#work.push(action));
    else this.#work.push(action);
  }

  #end(): void {
    for (;;) {
      // Actions may add further ones, of both kinds.
      const flushes = this.#flushes;
      this.#flushes = [];
      for (const flush of flushes) flush();
      if (this.#flushes.length > 0) continue;
      const count = this.#work.size;
      if (count === 0) return;
      for (let i = 0; i < count; i++) this.#work.shift()?.();
    }
  }
}
