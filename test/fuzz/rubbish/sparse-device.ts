/** A disk in memory: blocks that were written, over those of a first image, over zeros. */
import { assert } from "../../../src/base/assert.ts";
import type { MetadataDevice } from "../../../src/core/replication/offline/metadata-device.ts";

const blockBytes = 4096;

export class SparseDevice implements MetadataDevice {
  readonly sizeBytes: number;
  readonly #below: SparseDevice | undefined;
  readonly #blocks = new Map<number, Uint8Array>();

  /** @param below a device of the same size that shines through where this one was not written. */
  constructor(sizeBytes: number, below?: SparseDevice) {
    assert(sizeBytes % blockBytes === 0, "a device has whole blocks");
    this.sizeBytes = sizeBytes;
    this.#below = below;
  }

  read(offset: number, length: number): Uint8Array {
    this.#assertInside(offset, length);
    const out = new Uint8Array(length);
    this.#eachBlock(offset, length, (block, from, to, at) => {
      const bytes = this.#block(block);
      if (bytes !== undefined) out.set(bytes.subarray(from, to), at);
    });
    return out;
  }

  write(offset: number, bytes: Uint8Array): void {
    this.#assertInside(offset, bytes.length);
    this.#eachBlock(offset, bytes.length, (block, from, to, at) => {
      const own = this.#blocks.get(block) ?? this.#below?.read(block * blockBytes, blockBytes);
      const written = own ?? new Uint8Array(blockBytes);
      written.set(bytes.subarray(at, at + to - from), from);
      this.#blocks.set(block, written);
    });
  }

  /** What is written is kept at once. */
  flush(): void {}

  #block(block: number): Uint8Array | undefined {
    return this.#blocks.get(block) ?? this.#below?.read(block * blockBytes, blockBytes);
  }

  #eachBlock(
    offset: number,
    length: number,
    visit: (block: number, from: number, to: number, at: number) => void,
  ): void {
    for (let at = 0; at < length; ) {
      const block = Math.floor((offset + at) / blockBytes);
      const from = (offset + at) % blockBytes;
      const to = Math.min(blockBytes, from + length - at);
      visit(block, from, to, at);
      at += to - from;
    }
  }

  #assertInside(offset: number, length: number): void {
    assert(offset >= 0 && offset + length <= this.sizeBytes, "nothing outside the device is used");
    assert(offset % 512 === 0 && length % 512 === 0, "whole sectors are used");
  }
}
