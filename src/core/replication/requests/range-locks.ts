/**
 * Which parts of a volume are being read or written, and by whom: so that no two things that would undo each other are
 * under way together. First come, first served: whatever must wait does so only for what came before it, so nothing can
 * wait in a circle. Linear in what is under way, which is little: a few dozen requests.
 */
import { assert } from "../../../base/assert.ts";

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
  use: Use;
  /** False while it waits. */
  active: boolean;
  readonly owner: T;
};

export class RangeLocks<T> {
  /** In the order in which they came. */
  readonly #locks: RangeLock<T>[] = [];
  #waiting = 0;

  get size(): number {
    return this.#locks.length;
  }

  /** The lock, active at once if nothing stands in its way. */
  add(
    range: { readonly offset: number; readonly length: number },
    use: Use,
    owner: T,
  ): RangeLock<T> {
    const end = range.offset + range.length;
    const lock: RangeLock<T> = { offset: range.offset, end, use, active: false, owner };
    lock.active = !this.#blocked(lock, this.#locks.length);
    if (!lock.active) this.#waiting++;
    this.#locks.push(lock);
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
    const index = this.#locks.indexOf(lock);
    assert(index >= 0, "a lock is removed once");
    this.#locks.splice(index, 1);
    if (!lock.active) this.#waiting--;
    return this.#wake();
  }

  /** It has not been removed, nor given up. */
  holds(lock: RangeLock<T>): boolean {
    return this.#locks.includes(lock);
  }

  /** All locks of this use are given up. @returns the locks that became active by this. */
  removeAll(use: Use): readonly RangeLock<T>[] {
    for (let i = this.#locks.length - 1; i >= 0; i--) {
      const lock = this.#locks[i] as RangeLock<T>;
      if (lock.use !== use) continue;
      if (!lock.active) this.#waiting--;
      this.#locks.splice(i, 1);
    }
    return this.#wake();
  }

  /** An active lock of this use that overlaps the range. */
  find(
    range: { readonly offset: number; readonly length: number },
    use: Use,
  ): RangeLock<T> | undefined {
    const end = range.offset + range.length;
    for (const lock of this.#locks) {
      if (lock.use === use && lock.active && lock.offset < end && range.offset < lock.end)
        return lock;
    }
    return undefined;
  }

  #blocked(lock: RangeLock<T>, before: number): boolean {
    const row = waitsFor[lock.use] as readonly number[];
    for (let i = 0; i < before; i++) {
      const older = this.#locks[i] as RangeLock<T>;
      if (older.offset >= lock.end || lock.offset >= older.end) continue;
      const rule = row[older.use];
      if (rule === always || (rule === active && older.active)) return true;
    }
    return false;
  }

  #wake(): readonly RangeLock<T>[] {
    if (this.#waiting === 0) return nothing;
    const woken: RangeLock<T>[] = [];
    for (let i = 0; i < this.#locks.length; i++) {
      const lock = this.#locks[i] as RangeLock<T>;
      if (lock.active || this.#blocked(lock, i)) continue;
      lock.active = true;
      this.#waiting--;
      woken.push(lock);
    }
    return woken;
  }
}

const nothing: readonly never[] = [];
