/**
 * Bytes that come in pieces and are taken in others. They are joined once for what is taken, not once for each piece that
 * comes: a long message comes in hundreds of them.
 */
import { assert } from "./assert.ts";
import { concatBytes } from "./bytes.ts";

export class ByteQueue {
  #pieces: Uint8Array[] = [];
  #lengthBytes = 0;

  get lengthBytes(): number {
    return this.#lengthBytes;
  }

  push(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.#pieces.push(bytes);
    this.#lengthBytes += bytes.length;
  }

  /** The first of them, at least so many of those that are there; they stay. */
  head(lengthBytes: number): Uint8Array {
    assert(lengthBytes <= this.#lengthBytes, "so many are there");
    const [first] = this.#pieces;
    return first !== undefined && first.length >= lengthBytes ? first : this.#join();
  }

  take(lengthBytes: number): Uint8Array {
    assert(lengthBytes <= this.#lengthBytes, "so many are there");
    const all = this.#join();
    const rest = all.subarray(lengthBytes);
    this.#pieces = rest.length === 0 ? [] : [rest];
    this.#lengthBytes = rest.length;
    return all.subarray(0, lengthBytes);
  }

  #join(): Uint8Array {
    const [first] = this.#pieces;
    if (this.#pieces.length === 1 && first !== undefined) return first;
    const all = concatBytes(this.#pieces);
    this.#pieces = [all];
    return all;
  }
}
