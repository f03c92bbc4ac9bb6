/**
 * Memory to receive into, for a reader that keeps views of what it is given: no byte of a slab is written twice before
 * LentMemory has got all of it back.
 */
import type { LentMemory } from "./lent-memory.ts";

const slabBytes = 512 * 1024;
/** Less space than this is not worth a system call. */
const spaceBytesMin = 64 * 1024;
/** More is not received at once: what of it belongs to one long payload would have to be copied. */
const spaceBytesMax = 128 * 1024;

export class ReceiveSlab {
  readonly #source: LentMemory;
  #memory: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(source: LentMemory) {
    this.#source = source;
  }

  space(): Uint8Array {
    if (this.#memory.length - this.#at < spaceBytesMin) {
      this.#source.leave(this.#memory);
      this.#memory = this.#source.take(slabBytes);
      this.#at = 0;
    }
    return this.#memory.subarray(this.#at, this.#at + spaceBytesMax);
  }

  /** The first bytes of space(), which are the caller's from now on. */
  take(lengthBytes: number): Uint8Array {
    const taken = this.#memory.subarray(this.#at, this.#at + lengthBytes);
    this.#at += lengthBytes;
    return taken;
  }
}
