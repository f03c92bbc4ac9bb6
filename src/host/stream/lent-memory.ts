/**
 * Memory for payloads, received or read, which others look at for a while. Fresh memory for each would have V8 collect
 * garbage all the time: so a block is used again when all of its payloads were given back. What is never given back,
 * or may be looked at by others for ever, is simply collected.
 */
import { assert } from "../../base/assert.ts";
import { FreeBlocks } from "../../base/free-blocks.ts";

type Block = {
  readonly bytes: Uint8Array;
  /** Bytes of payloads in it that are looked at. */
  lentBytes: number;
  /** More may be received into it. */
  isInUse: boolean;
  /** Somebody keeps a part of it. */
  isKept: boolean;
};

const freeLimits = { countMax: 64, bytesMax: 16 * 1024 * 1024 };

export class LentMemory {
  readonly #blocks = new WeakMap<ArrayBufferLike, Block>();
  readonly #free: FreeBlocks<Block> = new FreeBlocks(freeLimits);

  /** Memory of exactly this length, whose content does not matter; received into until leave(). */
  take(lengthBytes: number): Uint8Array {
    const free = this.#free.take(lengthBytes);
    if (free !== undefined) {
      free.isInUse = true;
      return free.bytes;
    }
    const bytes = Buffer.allocUnsafeSlow(lengthBytes);
    this.#blocks.set(bytes.buffer, { bytes, lentBytes: 0, isInUse: true, isKept: false });
    return bytes;
  }

  /** Nothing more is received into the block in which these bytes lie. */
  leave(bytes: Uint8Array): void {
    const block = this.#blocks.get(bytes.buffer);
    if (block === undefined) return;
    block.isInUse = false;
    this.#keepIfFree(block);
  }

  /** These bytes are looked at until they are given back. */
  lend(bytes: Uint8Array): void {
    const block = this.#blocks.get(bytes.buffer);
    if (block !== undefined) block.lentBytes += bytes.length;
  }

  /** Does somebody look at a part of the block in which these bytes lie? */
  hasLent(bytes: Uint8Array): boolean {
    return (this.#blocks.get(bytes.buffer)?.lentBytes ?? 0) > 0;
  }

  /** These bytes may be looked at for ever: their block is not used again. */
  keep(bytes: Uint8Array): void {
    const block = this.#blocks.get(bytes.buffer);
    if (block !== undefined) block.isKept = true;
  }

  /** Nobody looks at these any more. Bytes that are not from here are no concern of it. */
  giveBack(bytes: Uint8Array): void {
    const block = this.#blocks.get(bytes.buffer);
    if (block === undefined || block.isKept) return;
    assert(block.lentBytes >= bytes.length, "what is given back was lent");
    block.lentBytes -= bytes.length;
    this.#keepIfFree(block);
  }

  #keepIfFree(block: Block): void {
    if (!block.isInUse && !block.isKept && block.lentBytes === 0) this.#free.put(block);
  }
}
