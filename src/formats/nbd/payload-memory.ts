/**
 * Memory for what an NBD client sends, used again: fresh memory for every payload would have the collector of garbage
 * run all the time. A block is lent with each payload that lies in it, and used again when all are given back.
 */
import { assert } from "../../base/assert.ts";

export type Allocate = (lengthBytes: number) => Uint8Array;

export type MemoryBlock = {
  readonly bytes: Uint8Array;
  /** Payloads in it that are not given back. */
  lentCount: number;
  /** The reader has not left it. */
  isInUse: boolean;
};

/** Blocks that wait for their next use; more than that are left to the collector. */
const freeCountMax = 16;
const freeBytesMax = 16 * 1024 * 1024;

export class PayloadMemory {
  readonly #allocate: Allocate;
  #free: MemoryBlock[] = [];
  #freeBytes = 0;

  /** @param allocate gives memory whose content does not matter. */
  constructor(allocate: Allocate) {
    this.#allocate = allocate;
  }

  /** A block of exactly this length, in use. */
  take(lengthBytes: number): MemoryBlock {
    const place = this.#free.findLastIndex(({ bytes }) => bytes.length === lengthBytes);
    const [block] = place < 0 ? [] : this.#free.splice(place, 1);
    if (block === undefined)
      return { bytes: this.#allocate(lengthBytes), lentCount: 0, isInUse: true };
    this.#freeBytes -= lengthBytes;
    block.isInUse = true;
    return block;
  }

  /** The reader puts nothing more into it. */
  leave(block: MemoryBlock): void {
    block.isInUse = false;
    this.#keepIfFree(block);
  }

  giveBack(block: MemoryBlock): void {
    assert(block.lentCount > 0, "what is given back was lent");
    block.lentCount--;
    this.#keepIfFree(block);
  }

  #keepIfFree(block: MemoryBlock): void {
    if (block.isInUse || block.lentCount > 0) return;
    // What was not asked for lately goes first: sizes change with what the client does.
    while (
      this.#free.length >= freeCountMax ||
      this.#freeBytes + block.bytes.length > freeBytesMax
    ) {
      const oldest = this.#free.shift();
      if (oldest === undefined) return;
      this.#freeBytes -= oldest.bytes.length;
    }
    this.#free.push(block);
    this.#freeBytes += block.bytes.length;
  }
}
