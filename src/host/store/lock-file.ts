/** Record locks that belong to the open file (fcntl(2), "Open file description locks"): they end when it is closed. */
import { errno, errnoName, fcntl } from "../libc/libc.ts";

const F_OFD_SETLK = 37;
const F_WRLCK = 1;

export type LockedRange = {
  readonly offset: number;
  /** 0: everything from the offset on. */
  readonly lengthBytes: number;
};

/** Takes the lock, without waiting; else returns the error's name: EAGAIN when somebody else has it. */
export function lockFile(fd: number, range: LockedRange): string | undefined {
  // struct flock: short type, short whence, then at 8 the start, at 16 the length, at 24 the process id.
  const record = Buffer.from(new ArrayBuffer(32));
  record.writeInt16LE(F_WRLCK, 0);
  record.writeBigInt64LE(BigInt(range.offset), 8);
  record.writeBigInt64LE(BigInt(range.lengthBytes), 16);
  return fcntl(fd, F_OFD_SETLK, record) === 0 ? undefined : errnoName(errno());
}
