/**
 * The bitmap of a volume in memory: bit n is set while the 4 KiB block n is believed to differ from the peer's.
 * The bytes are those on disk (a little-endian bit stream), kept as 32-bit words for speed. All walks go word by word:
 * a bitmap of 10 TiB is looked through in a fraction of a second.
 *
 * It also knows which 4 KiB pages differ from what is on disk, and in which of them bits were cleared: a cleared bit
 * may only be written after the data it vouches for are stable.
 */
import { assert } from "../../../base/assert.ts";
import type { BitSource } from "../../../formats/drbd/bitmap-code.ts";

export const blockBytes = 4096;
export const bitmapPageBytes = 4096;
/** How much of the volume one page of the bitmap covers. */
export const pageCoversBytes: number = bitmapPageBytes * 8 * blockBytes;

const wordsPerPage = bitmapPageBytes / 4;
const pageDirty = 1;
const pageHasCleared = 2;

assert(
  new Uint8Array(new Uint32Array([1]).buffer)[0] === 1,
  "this processor is little-endian: the bitmap's words in memory are its bytes on disk",
);

export class Bitmap implements BitSource {
  #bits: number;
  #pages: number;
  #words: Uint32Array;
  #bytes: Uint8Array;
  #pageState: Uint8Array;
  #weight = 0;
  #dirtyPages = 0;

  /** @param sizeBytes of the volume. All bits are clear, and no page is dirty. */
  constructor(sizeBytes: number) {
    this.#bits = Math.ceil(sizeBytes / blockBytes);
    this.#pages = Math.ceil(this.#bits / (bitmapPageBytes * 8));
    this.#words = new Uint32Array(this.#pages * wordsPerPage);
    this.#bytes = new Uint8Array(this.#words.buffer);
    this.#pageState = new Uint8Array(this.#pages);
  }

  get bits(): number {
    return this.#bits;
  }

  get pages(): number {
    return this.#pages;
  }

  /**
   * The volume has another size: what is new counts as different (or, without `newDiffers`, as equal), what is gone is
   * forgotten. Pages with new bits are dirty: nobody knows what is on disk there.
   */
  resize(sizeBytes: number, newDiffers = true): void {
    const other = new Bitmap(sizeBytes);
    const common = Math.min(this.#words.length, other.#words.length);
    other.#words.set(this.#words.subarray(0, common));
    other.#pageState.set(this.#pageState.subarray(0, Math.min(this.#pages, other.#pages)));
    const before = Math.min(this.#bits, other.#bits);
    this.#bits = other.#bits;
    this.#pages = other.#pages;
    this.#words = other.#words;
    this.#bytes = other.#bytes;
    this.#pageState = other.#pageState;
    this.#dirtyPages = this.#pageState.reduce((sum, state) => sum + (state & pageDirty), 0);
    this.#weight = this.count(0, before);
    // Bits behind the end mean nothing, and are clear.
    for (let bit = this.#bits; bit < this.#pages * bitmapPageBytes * 8; bit++) {
      const index = Math.floor(bit / 32);
      this.#words[index] = (this.#words[index] as number) & ~(1 << (bit % 32));
    }
    if (this.#bits <= before) return;
    if (newDiffers) this.set(before, this.#bits);
    const bitsPerPage = bitmapPageBytes * 8;
    for (let page = Math.floor(before / bitsPerPage); page < this.#pages; page++) {
      this.#touch(page, pageDirty);
    }
  }

  /** How many bits are set. */
  get weight(): number {
    return this.#weight;
  }

  get dirtyPages(): number {
    return this.#dirtyPages;
  }

  isSet(bit: number): boolean {
    return (((this.#words[Math.floor(bit / 32)] as number) >>> (bit % 32)) & 1) === 1;
  }

  /** Sets the bits `from` to `to`, the latter not included. @returns how many were clear. */
  set(from: number, to: number): number {
    return this.#change(from, to, true);
  }

  /** @returns how many were set. */
  clear(from: number, to: number): number {
    return this.#change(from, to, false);
  }

  /** Is any bit set in `from` to `to`, the latter not included? */
  anySet(from: number, to: number): boolean {
    return this.nextSet(from, to) < to;
  }

  /** How many bits are set in `from` to `to`, the latter not included. */
  count(from: number, to: number): number {
    let count = 0;
    for (let bit = from; bit < to; ) {
      const index = Math.floor(bit / 32);
      const end = Math.min(to, (index + 1) * 32);
      count += popCount((this.#words[index] as number) & maskOf(bit % 32, end - index * 32));
      bit = end;
    }
    return count;
  }

  /** The first set bit from `from` on, or `limit`. */
  nextSet(from: number, limit: number = this.#bits): number {
    return this.#next(from, limit, 0);
  }

  /** The first bit from `bit` on whose value differs from it, or `bits`. */
  endOfRun(bit: number): number {
    return this.#next(bit, this.#bits, this.isSet(bit) ? 0xffffffff : 0);
  }

  setAll(): void {
    this.set(0, this.#bits);
    // A page that was full already may differ on disk all the same.
    for (let page = 0; page < this.#pages; page++) this.#touch(page, pageDirty);
  }

  clearAll(): void {
    this.clear(0, this.#bits);
  }

  /** Takes over pages as read from disk, from `page` on; the bits behind the last one are not looked at. */
  load(page: number, bytes: Uint8Array): void {
    const start = page * bitmapPageBytes;
    assert(bytes.length % bitmapPageBytes === 0, "whole pages are loaded");
    assert(start + bytes.length <= this.#bytes.length, "the bitmap read fits");
    const firstBit = start * 8;
    const endBit = Math.min(this.#bits, (start + bytes.length) * 8);
    this.#weight -= this.count(firstBit, endBit);
    this.#bytes.set(bytes, start);
    const lastWord = Math.floor(this.#bits / 32);
    const inLast = this.#bits % 32;
    for (let i = lastWord; i < this.#words.length; i++) {
      const keep = i === lastWord && inLast > 0 ? maskOf(0, inLast) : 0;
      this.#words[i] = (this.#words[i] as number) & keep;
    }
    this.#weight += this.count(firstBit, endBit);
  }

  /** Sets the bits that are set in `bytes`, a piece of the peer's bitmap that begins at `firstBit` (a multiple of 64). */
  merge(firstBit: number, bytes: Uint8Array): void {
    assert(firstBit % 8 === 0, "a piece of a bitmap begins at a byte");
    for (let i = 0; i < bytes.length; i++) {
      const theirs = bytes[i] as number;
      if (theirs === 0) continue;
      const first = firstBit + 8 * i;
      if (theirs === 0xff && first + 8 <= this.#bits) {
        this.set(first, first + 8);
        continue;
      }
      for (let k = 0; k < 8; k++) {
        const bit = first + k;
        if ((theirs >> k) & 1 && bit < this.#bits) this.set(bit, bit + 1);
      }
    }
  }

  /** A copy of the bitmap's bytes, as they are on disk and on the wire. */
  copyBytes(offset: number, length: number): Uint8Array {
    return this.#bytes.slice(offset, offset + length);
  }

  /** The first dirty page from `page` on; undefined if there is none. */
  nextDirtyPage(page: number): number | undefined {
    for (let i = page; i < this.#pages; i++) {
      if (((this.#pageState[i] as number) & pageDirty) !== 0) return i;
    }
    return undefined;
  }

  isPageDirty(page: number): boolean {
    return ((this.#pageState[page] as number) & pageDirty) !== 0;
  }

  /** Bits were cleared in the page since it was written. */
  pageHasCleared(page: number): boolean {
    return ((this.#pageState[page] as number) & pageHasCleared) !== 0;
  }

  /** A copy of the page, which is being written: from here on it is as on disk. */
  takePage(page: number): Uint8Array {
    if (this.isPageDirty(page)) this.#dirtyPages--;
    this.#pageState[page] = 0;
    return this.copyBytes(page * bitmapPageBytes, bitmapPageBytes);
  }

  /** The page has to be written again. */
  markDirty(page: number): void {
    this.#touch(page, pageDirty);
  }

  #touch(page: number, flags: number): void {
    const before = this.#pageState[page] as number;
    if ((before & pageDirty) === 0) this.#dirtyPages++;
    this.#pageState[page] = before | flags;
  }

  #change(from: number, to: number, value: boolean): number {
    assert(from >= 0 && to <= this.#bits, "the bits are inside the bitmap");
    const flags = value ? pageDirty : pageDirty | pageHasCleared;
    let changed = 0;
    for (let bit = from; bit < to; ) {
      const index = Math.floor(bit / 32);
      const end = Math.min(to, (index + 1) * 32);
      const word = this.#words[index] as number;
      const mask = maskOf(bit % 32, end - index * 32);
      const next = value ? (word | mask) >>> 0 : (word & ~mask) >>> 0;
      if (next !== word) {
        this.#words[index] = next;
        changed += popCount(word ^ next);
        this.#touch(Math.floor(index / wordsPerPage), flags);
      }
      bit = end;
    }
    this.#weight += value ? changed : -changed;
    return changed;
  }

  /** The first bit from `from` on that differs from `like` (all bits 0 or all 1), or `limit`. */
  #next(from: number, limit: number, like: number): number {
    if (from >= limit) return limit;
    let index = Math.floor(from / 32);
    let word = (((this.#words[index] as number) ^ like) & maskOf(from % 32, 32)) >>> 0;
    const last = Math.ceil(limit / 32);
    while (word === 0) {
      index++;
      if (index >= last) return limit;
      word = ((this.#words[index] as number) ^ like) >>> 0;
    }
    return Math.min(limit, index * 32 + 31 - Math.clz32(word & -word));
  }
}

/** Bits `from` to `to` (not included) of a 32-bit word. */
function maskOf(from: number, to: number): number {
  const upTo = to >= 32 ? 0xffffffff : (1 << to) - 1;
  return (upTo & (0xffffffff << from)) >>> 0;
}

function popCount(word: number): number {
  let v = word - ((word >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}
