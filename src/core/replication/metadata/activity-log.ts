/**
 * The active set of the activity log in memory: which extents of 4 MiB may be written to. It decides nothing about
 * disks: who calls it writes the transactions it makes, and lets requests go when they are on disk.
 *
 * - An extent is active only when the transaction that names it is on disk.
 * - An extent with references is never evicted; others go in the order of their last use.
 * - One transaction at a time; it takes up to 64 changes, as many as have come together.
 */
import { assert } from "../../../base/assert.ts";
import {
  type AlBlock,
  type AlUpdate,
  alBlockBytes,
  alContextMax,
  alFreeSlot,
  alRingSlot,
  alUpdatesMax,
  encodeAlBlock,
} from "../../../formats/drbd/activity-log-block.ts";
import type { AlGeometry } from "../../../formats/drbd/metadata-layout.ts";
import { activeExtentsMax } from "./al-ring.ts";

/** One extent of the activity log. */
export const alExtentBytes: number = 4 * 1024 * 1024;
const none = -1;

export type AlTransaction = {
  readonly block: AlBlock;
  readonly trNumber: number;
  /** Extents that leave the active set: their part of the bitmap must be on disk before the transaction is. */
  readonly evicted: readonly number[];
};

export class ActivityLog {
  readonly slots: number;
  /** By slot: the extent, or `alFreeSlot`. */
  readonly #extents: Uint32Array;
  readonly #references: Uint32Array;
  /** A doubly linked list of the slots by last use, `slots` standing for its two ends. */
  readonly #newer: Int32Array;
  readonly #older: Int32Array;
  readonly #slotOf = new Map<number, number>();
  readonly #free: number[] = [];
  #trNumber = 0;
  #contextStart = 0;
  /** Extents that are in the transaction under way, and not yet active. */
  #pending: readonly AlUpdate[] | undefined;

  constructor(slots: number) {
    this.slots = slots;
    this.#extents = new Uint32Array(slots).fill(alFreeSlot);
    this.#references = new Uint32Array(slots);
    this.#newer = new Int32Array(slots + 1).fill(slots);
    this.#older = new Int32Array(slots + 1).fill(slots);
    for (let slot = 0; slot < slots; slot++) this.#free.push(slot);
  }

  get transactionUnderWay(): boolean {
    return this.#pending !== undefined;
  }

  get activeExtents(): number {
    return this.#slotOf.size;
  }

  /** Takes a reference on each of the extents if all are active; else takes none. */
  tryReference(firstExtent: number, lastExtent: number): boolean {
    if (firstExtent === lastExtent) {
      const slot = this.#slotOf.get(firstExtent);
      if (slot === undefined) return false;
      this.#reference(slot);
      return true;
    }
    for (let e = firstExtent; e <= lastExtent; e++) if (!this.#slotOf.has(e)) return false;
    for (let e = firstExtent; e <= lastExtent; e++) this.#reference(this.#slotOf.get(e) as number);
    return true;
  }

  release(firstExtent: number, lastExtent: number): void {
    for (let e = firstExtent; e <= lastExtent; e++) {
      const slot = this.#slotOf.get(e);
      assert(slot !== undefined, "a referenced extent is active");
      assert((this.#references[slot] as number) > 0, "a released extent has a reference");
      this.#references[slot] = (this.#references[slot] as number) - 1;
    }
  }

  isActive(extent: number): boolean {
    return this.#slotOf.has(extent);
  }

  /** Is anything of the extents in use? */
  isReferenced(firstExtent: number, lastExtent: number): boolean {
    for (let e = firstExtent; e <= lastExtent; e++) {
      const slot = this.#slotOf.get(e);
      if (slot !== undefined && (this.#references[slot] as number) > 0) return true;
    }
    return false;
  }

  /**
   * Begins a transaction that makes `wanted` active, as many of them as there are slots for; those that are active
   * already, or twice in the list, are skipped. Undefined if there is no slot, or nothing to do.
   */
  begin(wanted: readonly number[]): AlTransaction | undefined {
    assert(this.#pending === undefined, "one transaction at a time");
    const updates: AlUpdate[] = [];
    const evicted: number[] = [];
    const taken = new Set<number>();
    for (const extent of wanted) {
      if (updates.length === alUpdatesMax) break;
      if (this.#slotOf.has(extent) || taken.has(extent)) continue;
      const slot = this.#takeSlot(evicted, wanted);
      if (slot === none) break;
      taken.add(extent);
      updates.push({ slot, extent });
    }
    if (updates.length === 0) return undefined;
    this.#pending = updates;
    for (const { slot, extent } of updates) this.#extents[slot] = extent;
    const trNumber = this.#trNumber;
    this.#trNumber = (trNumber + 1) >>> 0;
    return { block: this.#block(trNumber, updates), trNumber, evicted };
  }

  /** The transaction is on disk: its extents are active. */
  commit(): void {
    const updates = this.#pending;
    assert(updates !== undefined, "a transaction is under way");
    for (const { slot, extent } of updates) {
      this.#slotOf.set(extent, slot);
      this.#linkNewest(slot);
    }
    this.#pending = undefined;
  }

  /**
   * The ring as it has to be where none was: as many transactions as it has blocks, without changes, which together tell
   * the whole active set. One under way is told as done: its extents count as active, which costs a crash a little more.
   */
  wholeRing(al: AlGeometry): Uint8Array {
    const blocks = al.stripes * al.stripeSize4k;
    assert(this.slots <= activeExtentsMax(al), "the ring has room for the active set");
    const ring = new Uint8Array(blocks * alBlockBytes);
    for (let i = 0; i < blocks; i++) {
      const trNumber = this.#trNumber;
      this.#trNumber = (trNumber + 1) >>> 0;
      ring.set(encodeAlBlock(this.#block(trNumber, [])), alRingSlot(trNumber, al) * alBlockBytes);
    }
    return ring;
  }

  #reference(slot: number): void {
    this.#references[slot] = (this.#references[slot] as number) + 1;
    if (this.#newer[this.slots] === slot) return;
    this.#unlink(slot);
    this.#linkNewest(slot);
  }

  #takeSlot(evicted: number[], wanted: readonly number[]): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    // From the longest unused on: the first that nobody needs.
    for (let slot = this.#older[this.slots] as number; slot !== this.slots; ) {
      const extent = this.#extents[slot] as number;
      if (this.#references[slot] === 0 && !wanted.includes(extent)) {
        this.#unlink(slot);
        this.#slotOf.delete(extent);
        evicted.push(extent);
        return slot;
      }
      slot = this.#newer[slot] as number;
    }
    return none;
  }

  /** `#newer[slots]` is the newest slot, `#older[slots]` the oldest. */
  #linkNewest(slot: number): void {
    const newest = this.#newer[this.slots] as number;
    this.#older[slot] = newest;
    this.#newer[slot] = this.slots;
    if (newest === this.slots) this.#older[this.slots] = slot;
    else this.#newer[newest] = slot;
    this.#newer[this.slots] = slot;
  }

  #unlink(slot: number): void {
    const older = this.#older[slot] as number;
    const newer = this.#newer[slot] as number;
    if (older === this.slots) this.#older[this.slots] = newer;
    else this.#newer[older] = newer;
    if (newer === this.slots) this.#newer[this.slots] = older;
    else this.#older[newer] = older;
  }

  #block(trNumber: number, updates: readonly AlUpdate[]): AlBlock {
    const contextStart = this.#contextStart;
    const context = new Uint32Array(alContextMax).fill(alFreeSlot);
    context.set(this.#extents.subarray(contextStart, contextStart + alContextMax));
    this.#contextStart =
      contextStart + alContextMax >= this.slots ? 0 : contextStart + alContextMax;
    return { kind: "update", trNumber, updates, contextSize: this.slots, contextStart, context };
  }
}
