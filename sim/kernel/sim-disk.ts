/**
 * A disk behind a page cache, sector by sector. A write is in the cache when it has ended and on stable storage when a
 * flush that was asked for after that has ended. The cache survives the process; a power cut keeps, of each sector, what
 * was stable or any later version, by chance. Holes read as zeros.
 */
import { assert } from "../../src/base/assert.ts";
import type { Prng } from "../../src/base/prng.ts";
import type { SimClock } from "./sim-clock.ts";
import { SparseBytes } from "./sparse-bytes.ts";

export const simSectorBytes = 512;
/** What can't be told apart as a hole is smaller than this. */
const holeBytes = 4096;

/** One content of a sector; undefined: a hole. */
type Version = { readonly seq: number; readonly bytes: Uint8Array | undefined };

export type SimExtent = {
  readonly offset: number;
  readonly length: number;
  readonly hole: boolean;
};

export type SimDiskFaults = {
  /** Multiplies every duration. */
  slowness: number;
  /** Chance of an operation of this kind to fail with EIO. */
  readFails: number;
  writeFails: number;
  flushFails: number;
};

export type DiskEffect =
  | { readonly kind: "flush" }
  | { readonly kind: "write"; readonly offset: number; readonly length: number };

type Done = (error?: string) => void;

export class SimDisk {
  #sizeBytes: number;
  readonly faults: SimDiskFaults = { slowness: 1, readFails: 0, writeFails: 0, flushFails: 0 };
  readonly #clock: SimClock;
  readonly #prng: Prng;
  /** What a reader sees, and what is on stable storage; by sector: is it a hole? */
  readonly #visible: SparseBytes;
  readonly #stable: SparseBytes;
  #visibleHoles: Uint8Array;
  #stableHoles: Uint8Array;
  /** Contents written since the last stable one, oldest first, by sector. */
  readonly #cached = new Map<number, Version[]>();
  /** Blocks of 4 KiB that may have changed since someone last looked: who looks, empties it. */
  readonly changedBlocks: Set<number> = new Set();
  /** A write or a flush has taken effect, and who asked for it has not been told yet. */
  onEffect: ((effect: DiskEffect) => void) | undefined;
  #seq = 0;
  /** Writes under way, so that a crash finds them. */
  readonly #writing = new Set<{
    readonly offset: number;
    readonly end: number;
    readonly bytes: Uint8Array | undefined;
  }>();
  /** Counts the processes that have used the disk: what an older one asked for answers nobody. */
  #generation = 0;

  constructor(clock: SimClock, prng: Prng, sizeBytes: number) {
    this.#clock = clock;
    this.#prng = prng;
    this.#sizeBytes = sizeBytes;
    this.#visible = new SparseBytes(sizeBytes);
    this.#stable = new SparseBytes(sizeBytes);
    this.#visibleHoles = new Uint8Array(sizeBytes / simSectorBytes).fill(1);
    this.#stableHoles = new Uint8Array(sizeBytes / simSectorBytes).fill(1);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  /** Somebody has made the disk larger; what is new is a hole. */
  grow(sizeBytes: number): void {
    assert(sizeBytes > this.#sizeBytes, "a disk grows");
    this.#visible.grow(sizeBytes);
    this.#stable.grow(sizeBytes);
    this.#visibleHoles = withHoles(this.#visibleHoles, sizeBytes / simSectorBytes);
    this.#stableHoles = withHoles(this.#stableHoles, sizeBytes / simSectorBytes);
    this.#sizeBytes = sizeBytes;
  }

  read(offset: number, length: number, done: (error?: string, bytes?: Uint8Array) => void): void {
    this.#check(offset, length);
    this.#later(0.05, () => {
      if (this.#prng.chance(this.faults.readFails)) done("EIO");
      else done(undefined, this.readNow(offset, length));
    });
  }

  /** @param durable ends when it is on stable storage. */
  write(offset: number, bytes: Uint8Array, durable: boolean, done: Done): void {
    this.#check(offset, bytes.length);
    this.#put({ offset, end: offset + bytes.length, bytes: bytes.slice() }, durable, done);
  }

  zero(offset: number, length: number, durable: boolean, done: Done): void {
    this.#check(offset, length);
    this.#put({ offset, end: offset + length, bytes: undefined }, durable, done);
  }

  flush(done: Done): void {
    const upTo = this.#seq;
    this.#later(1, () => {
      if (this.#prng.chance(this.faults.flushFails)) {
        done("EIO");
        return;
      }
      for (const sector of [...this.#cached.keys()]) this.#settle(sector, upTo);
      this.onEffect?.({ kind: "flush" });
      done();
    });
  }

  allocation(offset: number, length: number, done: (extents: readonly SimExtent[]) => void): void {
    this.#check(offset, length);
    this.#later(0.02, () => done(this.allocationNow(offset, length)));
  }

  /** What a reader sees at this moment. */
  readNow(offset: number, length: number): Uint8Array {
    return this.#visible.copy(offset, length);
  }

  /** The same without a copy: to be looked at at once. */
  peek(offset: number, length: number): Uint8Array {
    return this.#visible.peek(offset, length);
  }

  /** What would be left if the machine lost power and nothing of the cache had come to the disk. */
  readStable(offset: number, length: number): Uint8Array {
    return this.#stable.copy(offset, length);
  }

  /** Writes at once, durably: for preparing a disk before a run. */
  writeNow(offset: number, bytes: Uint8Array): void {
    this.#check(offset, bytes.length);
    for (let at = 0; at < bytes.length; at += simSectorBytes) {
      const sector = (offset + at) / simSectorBytes;
      const content = bytes.subarray(at, at + simSectorBytes);
      this.#makeVisible(sector, content);
      this.#makeStable(sector, content);
    }
  }

  allocationNow(offset: number, length: number): readonly SimExtent[] {
    const extents: { offset: number; length: number; hole: boolean }[] = [];
    for (let at = offset; at < offset + length; ) {
      const end = Math.min(offset + length, at - (at % holeBytes) + holeBytes);
      let hole = true;
      for (let s = at; s < end && hole; s += simSectorBytes) {
        if (this.#visibleHoles[s / simSectorBytes] === 0) hole = false;
      }
      const last = extents[extents.length - 1];
      if (last !== undefined && last.hole === hole) last.length += end - at;
      else extents.push({ offset: at, length: end - at, hole });
      at = end;
    }
    return extents;
  }

  /** A disk image, as it is on stable storage. */
  snapshot(): Uint8Array {
    return this.#stable.copy(0, this.sizeBytes);
  }

  /** Puts an image back; nobody uses the disk meanwhile. */
  restore(image: Uint8Array): void {
    assert(this.#writing.size === 0, "nobody writes to a disk that is replaced");
    this.#cached.clear();
    for (let offset = 0; offset < this.sizeBytes; offset += holeBytes) {
      const length = Math.min(holeBytes, this.sizeBytes - offset);
      const now = this.#visible.peek(offset, length);
      const wanted = image.subarray(offset, offset + length);
      if (now.some((byte, i) => byte !== wanted[i])) this.writeNow(offset, wanted);
    }
  }

  /** The process has died: a write under way has reached the cache in part. */
  processCrash(): void {
    this.#generation++;
    for (const write of this.#writing) {
      for (let at = write.offset; at < write.end; at += simSectorBytes) {
        if (this.#prng.chance(0.5)) this.#store(write, at);
      }
    }
    this.#writing.clear();
  }

  /** The machine has lost power: of what was not stable any part may be there. */
  powerCut(): void {
    this.processCrash();
    for (const [sector, versions] of this.#cached) {
      const kept = this.#prng.below(versions.length + 1);
      if (kept > 0) this.#makeStable(sector, (versions[kept - 1] as Version).bytes);
      const start = sector * simSectorBytes;
      const hole = this.#stableHoles[sector] === 1;
      this.#makeVisible(sector, hole ? undefined : this.#stable.peek(start, simSectorBytes));
    }
    this.#cached.clear();
  }

  #put(
    write: {
      readonly offset: number;
      readonly end: number;
      readonly bytes: Uint8Array | undefined;
    },
    durable: boolean,
    done: Done,
  ): void {
    for (const other of this.#writing) {
      assert(
        write.end <= other.offset || other.end <= write.offset,
        `two writes under way overlap: ${write.offset}..${write.end} and ${other.offset}..${other.end}`,
      );
    }
    this.#writing.add(write);
    this.#later(durable ? 1 : 0.1, () => {
      this.#writing.delete(write);
      if (this.#prng.chance(this.faults.writeFails)) {
        for (let at = write.offset; at < write.end; at += simSectorBytes) {
          if (this.#prng.chance(0.3)) this.#store(write, at);
        }
        done("EIO");
        return;
      }
      for (let at = write.offset; at < write.end; at += simSectorBytes) {
        this.#store(write, at);
        if (durable) this.#settle(at / simSectorBytes, this.#seq);
      }
      this.onEffect?.({ kind: "write", offset: write.offset, length: write.end - write.offset });
      done();
    });
  }

  #later(meanMs: number, run: () => void): void {
    const generation = this.#generation;
    const delay = meanMs * this.faults.slowness * (0.2 + this.#prng.below(1600) / 1000);
    this.#clock.after(delay, () => {
      if (generation === this.#generation) run();
    });
  }

  #store(
    write: { readonly offset: number; readonly bytes: Uint8Array | undefined },
    at: number,
  ): void {
    const sector = at / simSectorBytes;
    const start = at - write.offset;
    const bytes = write.bytes?.subarray(start, start + simSectorBytes);
    const versions = this.#cached.get(sector);
    const version: Version = { seq: ++this.#seq, bytes };
    if (versions === undefined) this.#cached.set(sector, [version]);
    else versions.push(version);
    this.#makeVisible(sector, bytes);
  }

  /** All versions up to `upTo` are stable: the last of them counts. */
  #settle(sector: number, upTo: number): void {
    const versions = this.#cached.get(sector);
    if (versions === undefined) return;
    let settled = 0;
    while (settled < versions.length && (versions[settled] as Version).seq <= upTo) settled++;
    if (settled === 0) return;
    this.#makeStable(sector, (versions[settled - 1] as Version).bytes);
    if (settled === versions.length) this.#cached.delete(sector);
    else this.#cached.set(sector, versions.slice(settled));
  }

  #makeStable(sector: number, bytes: Uint8Array | undefined): void {
    const start = sector * simSectorBytes;
    this.#stable.put(start, simSectorBytes, bytes);
    this.#stableHoles[sector] = bytes === undefined ? 1 : 0;
  }

  #makeVisible(sector: number, bytes: Uint8Array | undefined): void {
    const start = sector * simSectorBytes;
    this.#visible.put(start, simSectorBytes, bytes);
    this.#visibleHoles[sector] = bytes === undefined ? 1 : 0;
    this.changedBlocks.add(Math.floor(start / holeBytes));
  }

  #check(offset: number, length: number): void {
    assert(offset % simSectorBytes === 0 && length % simSectorBytes === 0, "whole sectors");
    assert(offset >= 0 && length > 0 && offset + length <= this.sizeBytes, "inside the disk");
  }
}

function withHoles(holes: Uint8Array, sectors: number): Uint8Array {
  const made = new Uint8Array(sectors).fill(1);
  made.set(holes);
  return made;
}
