/**
 * A volume's backing device on a file or a block device, through the page cache.
 *
 * What is in the cache is read at once, without a thread (preadv2 with RWF_NOWAIT); the rest in the thread pool.
 * Writes go into the cache synchronously while that is quick, which it is until the kernel throttles writers: see
 * write-mode.ts. What can wait for the disk (flush, zeroing, durable writes) never runs on the event loop.
 */
import fs from "node:fs";
import { constants } from "node:os";
import { assert } from "../../base/assert.ts";
import type { Extent, Store, StoreDone, StoreError, ZeroRange } from "../../ports/store.ts";
import {
  errno,
  ioVector,
  pointVectorAt,
  preadv2,
  pwritev2,
  RWF_DSYNC,
  RWF_NOWAIT,
} from "../libc/libc.ts";
import { AllocationWalk } from "./allocation-walk.ts";
import { FlushQueue } from "./flush-queue.ts";
import { deviceBytes, type OpenDevice } from "./open-device.ts";
import { storeError } from "./store-error.ts";
import { WriteMode } from "./write-mode.ts";
import { zeroRange } from "./zero-range.ts";

export class FileStore implements Store {
  #sizeBytes: number;
  readonly #fd: number;
  readonly #isBlockDevice: boolean;
  readonly #flushes: FlushQueue;
  readonly #writeMode: WriteMode = new WriteMode();
  /** Reused by every read that is tried in the cache: it is over before the next one begins. */
  readonly #vector: BigUint64Array = ioVector();
  #canReadCache = true;
  #underWay = 0;
  #closing: StoreDone | undefined;

  constructor(device: OpenDevice) {
    this.#sizeBytes = device.sizeBytes;
    this.#fd = device.fd;
    this.#isBlockDevice = device.isBlockDevice;
    this.#flushes = new FlushQueue(device.fd);
  }

  get sizeBytes(): number {
    return this.#sizeBytes;
  }

  measure(): number {
    const now = deviceBytes({ fd: this.#fd, isBlockDevice: this.#isBlockDevice });
    this.#sizeBytes = Math.max(this.#sizeBytes, now);
    return now;
  }

  read(offset: number, into: Uint8Array, done: StoreDone): void {
    this.#checkRange(offset, into.length);
    const have = this.#readCache(offset, into);
    if (have === into.length) done();
    else this.#readPool(offset + have, into.subarray(have), this.#begin(done));
  }

  write(offset: number, bytes: Uint8Array, done: StoreDone): void {
    this.#checkRange(offset, bytes.length);
    const began = performance.now();
    if (!this.#writeMode.isSynchronous(began)) {
      this.#writePool(offset, bytes, this.#begin(done));
      return;
    }
    let at = 0;
    try {
      while (at < bytes.length)
        at += fs.writeSync(this.#fd, bytes, at, bytes.length - at, offset + at);
    } catch (cause) {
      done(storeError(`writing ${bytes.length} bytes at ${offset}`, cause));
      return;
    }
    this.#writeMode.took(bytes.length, { began, ended: performance.now() });
    done();
  }

  writeDurably(offset: number, bytes: Uint8Array, done: StoreDone): void {
    this.#checkRange(offset, bytes.length);
    const ended = this.#begin(done);
    const vector = ioVector();
    pointVectorAt(vector, bytes);
    pwritev2.async(this.#fd, vector, 1, offset, RWF_DSYNC, (_error, written) => {
      // The vector and the bytes stay referenced from here until the call is over.
      if (written === bytes.length && vector[1] === BigInt(bytes.length)) ended();
      else this.#writePool(offset, bytes, (error) => (error ? ended(error) : this.#flush(ended)));
    });
  }

  flush(done: StoreDone): void {
    this.#flush(this.#begin(done));
  }

  zero(range: ZeroRange, done: StoreDone): void {
    this.#checkRange(range.offset, range.lengthBytes);
    zeroRange(this.#fd, range, this.#begin(done));
  }

  allocation(
    offset: number,
    lengthBytes: number,
    done: (error: StoreError | undefined, extents: readonly Extent[]) => void,
  ): void {
    this.#checkRange(offset, lengthBytes);
    if (this.#isBlockDevice) {
      // A block device cannot tell what was never written.
      done(undefined, [{ offset, lengthBytes, hole: false }]);
      return;
    }
    let extents: readonly Extent[] = [];
    const ended = this.#begin((error) => done(error, extents));
    new AllocationWalk(this.#fd, { offset, lengthBytes }, (error, found) => {
      extents = found;
      ended(error);
    }).run();
  }

  close(done: StoreDone): void {
    assert(this.#closing === undefined, "a store is closed once");
    this.#closing = done;
    this.#closeWhenIdle();
  }

  /** How many bytes the page cache gave at once, from the beginning. */
  #readCache(offset: number, into: Uint8Array): number {
    if (!this.#canReadCache) return 0;
    pointVectorAt(this.#vector, into);
    const have = preadv2(this.#fd, this.#vector, 1, offset, RWF_NOWAIT);
    if (have >= 0) return have;
    if (errno() === constants.errno.EOPNOTSUPP) this.#canReadCache = false;
    return 0;
  }

  #readPool(offset: number, into: Uint8Array, done: StoreDone): void {
    fs.read(this.#fd, into, 0, into.length, offset, (cause, bytesRead) => {
      if (cause) done(storeError(`reading ${into.length} bytes at ${offset}`, cause));
      else if (bytesRead === 0) done(shortened(offset));
      else if (bytesRead === into.length) done();
      else this.#readPool(offset + bytesRead, into.subarray(bytesRead), done);
    });
  }

  #writePool(offset: number, bytes: Uint8Array, done: StoreDone): void {
    fs.write(this.#fd, bytes, 0, bytes.length, offset, (cause, written) => {
      if (cause) done(storeError(`writing ${bytes.length} bytes at ${offset}`, cause));
      else if (written === bytes.length) done();
      else this.#writePool(offset + written, bytes.subarray(written), done);
    });
  }

  #flush(done: StoreDone): void {
    this.#flushes.flush(done);
  }

  #checkRange(offset: number, lengthBytes: number): void {
    assert(this.#closing === undefined, "nothing is begun on a closed store");
    assert(offset >= 0 && lengthBytes > 0, "a range is not empty");
    assert(offset + lengthBytes <= this.sizeBytes, "a range is inside the device");
  }

  #begin(done: StoreDone): StoreDone {
    this.#underWay++;
    return (error) => {
      this.#underWay--;
      done(error);
      this.#closeWhenIdle();
    };
  }

  #closeWhenIdle(): void {
    const done = this.#closing;
    if (done === undefined || this.#underWay > 0) return;
    fs.close(this.#fd, (cause) => done(cause ? storeError("closing", cause) : undefined));
  }
}

/** Someone has made the file shorter behind our back. */
function shortened(offset: number): StoreError {
  return { code: "EIO", message: `reading at ${offset}: the file ends there` };
}
