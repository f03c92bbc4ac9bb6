/**
 * Memory for what an NBD client sends, used again: a block is lent with each payload that lies in it, and free when all are
 * given back.
 */
import { assert } from "../../base/assert.ts";
import { FreeBlocks } from "../../base/free-blocks.ts";

export type Allocate = (lengthBytes: number) => Uint8Array;

export type MemoryBlock = {
  readonly bytes: Uint8Array;
  /** Payloads in it that are not given back. */
  lentCount: number;
  /** The reader has not left it. */
  isInUse: boolean;
};

const freeLimits = { countMax: 16, bytesMax: 16 * 1024 * 1024 };

export class PayloadMemory {
  readonly #allocate: Allocate;
  readonly #free: FreeBlocks<MemoryBlock> = new FreeBlocks(freeLimits);

  /** @param allocate gives memory whose content does not matter. */
  constructor(allocate: Allocate) {
    this.#allocate = allocate;
  }

  /** A block of exactly this length, in use. */
  take(lengthBytes: number): MemoryBlock {
    const block = this.#free.take(lengthBytes);
    if (block === undefined)
      return { bytes: this.#allocate(lengthBytes), lentCount: 0, isInUse: true };
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
    if (!block.isInUse && block.lentCount === 0) this.#free.put(block);
  }
}
