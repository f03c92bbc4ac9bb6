/** Many bytes, most of them zero: only what was ever written takes memory. */

const chunkBytes = 64 * 1024;
/** Stands for every chunk that was never written; nobody writes to it. */
const zeros = new Uint8Array(chunkBytes);

export class SparseBytes {
  readonly #chunks: (Uint8Array | undefined)[];

  constructor(sizeBytes: number) {
    this.#chunks = new Array(Math.ceil(sizeBytes / chunkBytes)).fill(undefined);
  }

  /** What is new is zero. */
  grow(sizeBytes: number): void {
    while (this.#chunks.length * chunkBytes < sizeBytes) this.#chunks.push(undefined);
  }

  /** The bytes of a range: a view where they lie together, to be looked at at once and not changed. */
  peek(offset: number, length: number): Uint8Array {
    const start = offset % chunkBytes;
    if (start + length > chunkBytes) return this.copy(offset, length);
    const chunk = this.#chunks[Math.floor(offset / chunkBytes)] ?? zeros;
    return chunk.subarray(start, start + length);
  }

  copy(offset: number, length: number): Uint8Array {
    const out = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const part = Math.min(length - at, chunkBytes - ((offset + at) % chunkBytes));
      out.set(this.peek(offset + at, part), at);
      at += part;
    }
    return out;
  }

  /** Takes bytes that lie within one chunk; undefined: zeros. */
  put(offset: number, length: number, bytes: Uint8Array | undefined): void {
    const index = Math.floor(offset / chunkBytes);
    const start = offset % chunkBytes;
    let chunk = this.#chunks[index];
    if (chunk === undefined) {
      if (bytes === undefined) return;
      chunk = new Uint8Array(chunkBytes);
      this.#chunks[index] = chunk;
    }
    if (bytes === undefined) chunk.fill(0, start, start + length);
    else chunk.set(bytes, start);
  }
}
