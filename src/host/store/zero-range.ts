/** Zeroing a range of a file or block device: by the file system or the device where they can, else by writing. */
import fs from "node:fs";
import type { StoreDone, ZeroRange } from "../../ports/store.ts";
import { FALLOC_KEEP_SIZE, FALLOC_PUNCH_HOLE, FALLOC_ZERO_RANGE, fallocate } from "../libc/libc.ts";
import { storeError } from "./store-error.ts";

const zeros = new Uint8Array(1024 * 1024);

export function zeroRange(fd: number, range: ZeroRange, done: StoreDone): void {
  const modes = range.mayUnmap ? [FALLOC_PUNCH_HOLE, FALLOC_ZERO_RANGE] : [FALLOC_ZERO_RANGE];
  tryModes(fd, range, { modes, done });
}

function tryModes(
  fd: number,
  range: ZeroRange,
  rest: { readonly modes: readonly number[]; readonly done: StoreDone },
): void {
  const [mode, ...modes] = rest.modes;
  if (mode === undefined) {
    writeZeros(fd, range, rest.done);
    return;
  }
  const { offset, lengthBytes } = range;
  fallocate.async(fd, mode | FALLOC_KEEP_SIZE, offset, lengthBytes, (_error, result) => {
    if (result === 0) rest.done();
    else tryModes(fd, range, { modes, done: rest.done });
  });
}

/** The slowest way, whose error is the one that is told. */
function writeZeros(fd: number, range: ZeroRange, done: StoreDone): void {
  const { offset, lengthBytes } = range;
  if (lengthBytes === 0) {
    done();
    return;
  }
  fs.write(fd, zeros, 0, Math.min(zeros.length, lengthBytes), offset, (cause, written) => {
    if (cause) done(storeError(`writing zeros at ${offset}`, cause));
    else {
      const rest = { offset: offset + written, lengthBytes: lengthBytes - written };
      writeZeros(fd, { ...rest, mayUnmap: range.mayUnmap }, done);
    }
  });
}
