/**
 * Blocks of memory that wait for their next use, since fresh memory each time would have the collector of garbage run all
 * the time. There are at most so many, of at most so many bytes together: what was not asked for lately goes first, as
 * sizes change with what is asked for.
 */

export type FreeBlocksLimits = { readonly countMax: number; readonly bytesMax: number };

export class FreeBlocks<Block extends { readonly bytes: Uint8Array }> {
  readonly #limits: FreeBlocksLimits;
  #blocks: Block[] = [];
  #sizeBytes = 0;

  constructor(limits: FreeBlocksLimits) {
    this.#limits = limits;
  }

  /** A block of exactly this length, the one that was put there last; it waits no more. */
  take(lengthBytes: number): Block | undefined {
    const place = this.#blocks.findLastIndex(({ bytes }) => bytes.length === lengthBytes);
    if (place < 0) return undefined;
    this.#sizeBytes -= lengthBytes;
    return this.#blocks.splice(place, 1)[0];
  }

  put(block: Block): void {
    const { countMax, bytesMax } = this.#limits;
    while (this.#blocks.length >= countMax || this.#sizeBytes + block.bytes.length > bytesMax) {
      const oldest = this.#blocks.shift();
      // Larger than all that may wait.
      if (oldest === undefined) return;
      this.#sizeBytes -= oldest.bytes.length;
    }
    this.#blocks.push(block);
    this.#sizeBytes += block.bytes.length;
  }
}
