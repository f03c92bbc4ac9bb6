/**
 * Memory for the data of reads, used again: fresh memory costs a page fault for each 4 KiB, which is much of a large
 * read's time. Sizes are powers of two; what nobody gives back is simply collected.
 */
const smallestBytes = 8192;
const largestKeptBytes = 4 * 1024 * 1024;
/** Kept of each size. */
const keptBytesMax = 8 * 1024 * 1024;
const keptCountMax = 64;

export class ReadBuffers {
  readonly #free = new Map<number, Uint8Array[]>();

  /** Memory of at least that many bytes, whose content does not matter. */
  take(lengthBytes: number): Uint8Array {
    let sizeBytes = smallestBytes;
    while (sizeBytes < lengthBytes) sizeBytes *= 2;
    return this.#free.get(sizeBytes)?.pop() ?? Buffer.allocUnsafeSlow(sizeBytes);
  }

  /** @param buffer from take(), that nobody looks at any more. */
  give(buffer: Uint8Array): void {
    const sizeBytes = buffer.length;
    if (sizeBytes > largestKeptBytes) return;
    const free = this.#free.get(sizeBytes) ?? [];
    const countMax = Math.min(keptCountMax, keptBytesMax / sizeBytes);
    if (free.length < countMax) free.push(buffer);
    this.#free.set(sizeBytes, free);
  }
}
