/**
 * Finds which of many ranges of bytes overlap a given one, without looking at all: a resync has a thousand blocks under
 * way. Each range is kept with the pieces of the volume that it touches; the few that touch many are looked through one
 * by one.
 */
import { assert } from "../../../base/assert.ts";

const pieceBytes: number = 1024 * 1024;
/** A range that touches more pieces is wide: a discard of a whole volume must not make a million entries. */
const piecesMax = 4;

export type PlacedRange = { readonly offset: number; readonly end: number };

export class RangesByPlace<T extends PlacedRange> {
  /** In the order in which they came. */
  readonly #all: Set<T> = new Set();
  readonly #pieces: Map<number, T[]> = new Map();
  readonly #wide: Set<T> = new Set();

  get size(): number {
    return this.#all.size;
  }

  has(range: T): boolean {
    return this.#all.has(range);
  }

  /** All, in the order in which they came. */
  values(): Iterable<T> {
    return this.#all;
  }

  add(range: T): void {
    this.#all.add(range);
    if (isWide(range)) {
      this.#wide.add(range);
      return;
    }
    const last = lastPiece(range);
    for (let piece = firstPiece(range); piece <= last; piece++) {
      const there = this.#pieces.get(piece);
      if (there === undefined) this.#pieces.set(piece, [range]);
      else there.push(range);
    }
  }

  remove(range: T): void {
    assert(this.#all.delete(range), "a range is removed once");
    if (this.#wide.delete(range)) return;
    const last = lastPiece(range);
    for (let piece = firstPiece(range); piece <= last; piece++) {
      const there = this.#pieces.get(piece) as T[];
      if (there.length === 1) this.#pieces.delete(piece);
      else there.splice(there.indexOf(range), 1);
    }
  }

  /** Each of them once, in no order. */
  overlapping(range: PlacedRange): readonly T[] {
    if (isWide(range)) return [...this.#all].filter((other) => overlap(other, range));
    let found: T[] | undefined;
    for (const other of this.#wide) {
      if (!overlap(other, range)) continue;
      if (found === undefined) found = [other];
      else found.push(other);
    }
    const first = firstPiece(range);
    const last = lastPiece(range);
    for (let piece = first; piece <= last; piece++) {
      const there = this.#pieces.get(piece);
      if (there === undefined) continue;
      for (const other of there) {
        // One that touches several of the pieces counts in the first of them.
        if (!overlap(other, range) || Math.max(firstPiece(other), first) !== piece) continue;
        if (found === undefined) found = [other];
        else found.push(other);
      }
    }
    return found ?? none;
  }
}

const none: readonly never[] = [];

function overlap(a: PlacedRange, b: PlacedRange): boolean {
  return a.offset < b.end && b.offset < a.end;
}

function isWide(range: PlacedRange): boolean {
  return lastPiece(range) - firstPiece(range) >= piecesMax;
}

function firstPiece(range: PlacedRange): number {
  return Math.floor(range.offset / pieceBytes);
}

function lastPiece(range: PlacedRange): number {
  return Math.floor((range.end - 1) / pieceBytes);
}
