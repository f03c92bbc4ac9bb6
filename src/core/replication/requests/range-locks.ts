/**
 * Which parts of a volume are being read or written, and by whom: so that no two things that would undo each other are
 * under way together. First come, first served: whatever must wait does so only for what came before it, so nothing can
 * wait in a circle.
 */
import { assert } from "../../../base/assert.ts";
import { RangesByPlace } from "./ranges-by-place.ts";

/** What a lock is for. */
export const Use = {
  /** An application's write that the local disk has not finished. */
  App: 0,
  /** An application's write that only waits for the peer. */
  AppNet: 1,
  /** A write that the peer sent. */
  PeerWrite: 2,
  /** As SyncSource: a block being read for the peer. */
  ResyncRead: 3,
  /** As SyncTarget: a block asked for and not yet written. */
  ResyncRequest: 4,
  /** As SyncTarget: a block that came, being written. */
  ResyncWrite: 5,
} as const;
export type Use = (typeof Use)[keyof typeof Use];

const no = 0;
/** Waits for it while it is under way. */
const active = 1;
/** Waits for it even while it waits itself: the two must take effect in the order in which they came. */
const always = 2;

/**
 * `waitsFor[newer][older]`. Why:
 * - an application's write waits for all others: behind a resync request, or the old block would overwrite it;
 *   behind a resync read, or the peer would get the old block after the new one.
 * - a resync request waits for an application's write that may not have been sent: the answer could be older than it.
 * - a resync write ignores application writes that wait: they wait for its own request.
 * - a peer's write and a resync write keep the order in which they came over one socket.
 */
const waitsFor: readonly (readonly number[])[] = [
  // App  AppNet  PeerWrite  ResyncRead  ResyncRequest  ResyncWrite
  [always, active, active, active, always, active], // App
  [no, no, no, no, no, no], // AppNet: begins as App
  [no, no, always, active, no, always], // PeerWrite
  [active, no, always, no, no, no], // ResyncRead
  [active, no, no, no, no, no], // ResyncRequest
  [active, no, always, no, no, no], // ResyncWrite
];

export type RangeLock<T> = {
  readonly offset: number;
  readonly end: number;
  /** It came after all with a lower number. */
  readonly number: number;
  use: Use;
  /** False while it waits. */
  active: boolean;
  readonly owner: T;
};

type Range = { readonly offset: number; readonly length: number };

export class RangeLocks<T> {
  readonly #locks: RangesByPlace<RangeLock<T>> = new RangesByPlace();
  /** Of them, in the order in which they came. */
  #waiting: RangeLock<T>[] = [];
  #nextNumber = 0;

  get size(): number {
    return this.#locks.size;
  }

  /** The lock, active at once if nothing stands in its way. */
  add(range: Range, use: Use, owner: T): RangeLock<T> {
    const { offset } = range;
    const end = offset + range.length;
    const number = this.#nextNumber++;
    const lock: RangeLock<T> = { offset, end, number, use, active: false, owner };
    lock.active = !this.#isBlocked(lock);
    if (!lock.active) this.#waiting.push(lock);
    this.#locks.add(lock);
    return lock;
  }

  /** The local disk has finished an application's write; what waited for that may go on. @returns locks now active. */
  localDone(lock: RangeLock<T>): readonly RangeLock<T>[] {
    assert(lock.use === Use.App && lock.active, "an application's write was under way");
    lock.use = Use.AppNet;
    return this.#wake();
  }

  /** @returns the locks that became active by this, in the order in which they came. */
  remove(lock: RangeLock<T>): readonly RangeLock<T>[] {
    this.#locks.remove(lock);
    if (!lock.active) this.#waiting.splice(this.#waiting.indexOf(lock), 1);
    return this.#wake();
  }

  /** It has not been removed, nor given up. */
  holds(lock: RangeLock<T>): boolean {
    return this.#locks.has(lock);
  }

  /** All locks of this use are given up. @returns the locks that became active by this. */
  removeAll(use: Use): readonly RangeLock<T>[] {
    const given = [...this.#locks.values()].filter((lock) => lock.use === use);
    for (const lock of given) this.#locks.remove(lock);
    this.#waiting = this.#waiting.filter((lock) => lock.use !== use);
    return this.#wake();
  }

  /** The oldest active lock of this use that overlaps the range. */
  find(range: Range, use: Use): RangeLock<T> | undefined {
    const { offset, length } = range;
    let oldest: RangeLock<T> | undefined;
    for (const lock of this.#locks.overlapping({ offset, end: offset + length })) {
      if (lock.use !== use || !lock.active) continue;
      if (oldest === undefined || lock.number < oldest.number) oldest = lock;
    }
    return oldest;
  }

  #isBlocked(lock: RangeLock<T>): boolean {
    const row = waitsFor[lock.use] as readonly number[];
    for (const older of this.#locks.overlapping(lock)) {
      if (older.number >= lock.number) continue;
      const rule = row[older.use];
      if (rule === always || (rule === active && older.active)) return true;
    }
    return false;
  }

  #wake(): readonly RangeLock<T>[] {
    if (this.#waiting.length === 0) return nothing;
    const woken: RangeLock<T>[] = [];
    for (const lock of this.#waiting) {
      if (this.#isBlocked(lock)) continue;
      lock.active = true;
      woken.push(lock);
    }
    if (woken.length > 0) this.#waiting = this.#waiting.filter((lock) => !lock.active);
    return woken;
  }
}

const nothing: readonly never[] = [];
