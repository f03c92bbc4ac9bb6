/**
 * fdatasync of one file, one at a time: flushes that are asked for while one runs wait for it to end and share the
 * next. (The one that runs may have begun before their writes ended.)
 */
import fs from "node:fs";
import type { StoreDone, StoreError } from "../../ports/store.ts";
import { storeError } from "./store-error.ts";

export class FlushQueue {
  readonly #fd: number;
  #running = false;
  #waiting: StoreDone[] = [];
  /** Safety: after a failed flush the kernel may have dropped the pages, and a later success would prove nothing. */
  #failed: StoreError | undefined;

  constructor(fd: number) {
    this.#fd = fd;
  }

  flush(done: StoreDone): void {
    this.#waiting.push(done);
    if (!this.#running) this.#run();
  }

  #run(): void {
    const served = this.#waiting;
    this.#waiting = [];
    this.#running = true;
    const ended = (): void => {
      this.#running = false;
      // First the next flush, so that the disk works while these are told.
      if (this.#waiting.length > 0) this.#run();
      for (const done of served) done(this.#failed);
    };
    if (this.#failed !== undefined) {
      setImmediate(ended);
      return;
    }
    fs.fdatasync(this.#fd, (cause) => {
      if (cause) this.#failed = storeError("flushing", cause);
      ended();
    });
  }
}
