/**
 * The holes of a file, by lseek's SEEK_DATA and SEEK_HOLE. Each slice begins with a call in the thread pool, since the
 * first look at a part of the file may have to read its extent tree from disk; then it goes on here for a moment.
 */
import { constants } from "node:os";
import type { Extent, StoreError } from "../../ports/store.ts";
import { errno, errnoName, lseek, SEEK_DATA, SEEK_HOLE } from "../libc/libc.ts";

/** The event loop is not kept longer than this at a time. */
const sliceMs = 1;
const sectorBytes = 512;

type Done = (error: StoreError | undefined, extents: readonly Extent[]) => void;

export class AllocationWalk {
  readonly #fd: number;
  readonly #end: number;
  readonly #done: Done;
  readonly #extents: Extent[] = [];
  #at: number;

  constructor(
    fd: number,
    range: { readonly offset: number; readonly lengthBytes: number },
    done: Done,
  ) {
    this.#fd = fd;
    this.#at = range.offset;
    this.#end = range.offset + range.lengthBytes;
    this.#done = done;
  }

  run(): void {
    lseek.async(this.#fd, this.#at, SEEK_DATA, () => this.#slice());
  }

  #slice(): void {
    const until = performance.now() + sliceMs;
    while (this.#at < this.#end) {
      const error = this.#step();
      if (error !== undefined) {
        this.#done(error, []);
        return;
      }
      if (performance.now() > until && this.#at < this.#end) {
        this.run();
        return;
      }
    }
    this.#done(undefined, this.#extents);
  }

  /** Takes the next hole and the data after it. */
  #step(): StoreError | undefined {
    let data = lseek(this.#fd, this.#at, SEEK_DATA);
    if (data < 0) {
      const number = errno();
      // ENXIO is the answer when no data follows. Any other error must not pass for a hole.
      if (number !== constants.errno.ENXIO) return walkError(this.#at, number);
      data = this.#end;
    }
    // A hole ends at the last whole sector before the data, and begins after the last with data.
    data = Math.min(Math.floor(data / sectorBytes) * sectorBytes, this.#end);
    this.#take(data, true);
    if (data >= this.#end) return undefined;
    const hole = lseek(this.#fd, data, SEEK_HOLE);
    if (hole < 0) return walkError(data, errno());
    this.#take(Math.min(Math.ceil(hole / sectorBytes) * sectorBytes, this.#end), false);
    return undefined;
  }

  #take(until: number, hole: boolean): void {
    if (until <= this.#at) return;
    this.#extents.push({ offset: this.#at, lengthBytes: until - this.#at, hole });
    this.#at = until;
  }
}

function walkError(offset: number, number: number): StoreError {
  const code = errnoName(number);
  return { code, message: `looking for holes at ${offset}: ${code}` };
}
