/**
 * System calls that Node.js does not offer, through the C library. The functions return what C returns; `errno()` is
 * that of the last synchronous call. An asynchronous call runs in the thread pool and has no errno: a caller that
 * needs one repeats the call synchronously, or by Node's own means.
 */
import { constants } from "node:os";
import koffi from "koffi";
import { AsyncGate } from "./async-gate.ts";

const libc = koffi.load("libc.so.6");

type Bytes = Uint8Array | BigUint64Array | Int32Array;

type Callable<Arguments extends unknown[]> = ((...args: Arguments) => number) & {
  async(...args: [...Arguments, (error: Error | null, result: number) => void]): void;
};

/** Half of what koffi has room for by itself. */
const gate = new AsyncGate(128);

function bind<Arguments extends unknown[]>(definition: string): Callable<Arguments> {
  const call = libc.func(definition) as unknown as Callable<Arguments>;
  const begin = call.async;
  call.async = (...args) => {
    const done = args.at(-1) as (error: Error | null, result: number) => void;
    const values = args.slice(0, -1) as Arguments;
    gate.begin((ended) =>
      begin(...values, (error, result) => {
        ended();
        done(error, result);
      }),
    );
  };
  return call;
}

/** @param vector one iovec (ioVector below), not changed and not collected until the call has ended. */
export const preadv2: Callable<[number, Bytes, number, number, number]> = bind(
  "int64 preadv2(int fd, const void *vector, int count, int64 offset, int flags)",
);
export const pwritev2: Callable<[number, Bytes, number, number, number]> = bind(
  "int64 pwritev2(int fd, const void *vector, int count, int64 offset, int flags)",
);
export const fallocate: Callable<[number, number, number, number]> = bind(
  "int fallocate(int fd, int mode, int64 offset, int64 length)",
);
export const lseek: Callable<[number, number, number]> = bind(
  "int64 lseek(int fd, int64 offset, int whence)",
);
export const fcntl: Callable<[number, number, Bytes]> = bind(
  "int fcntl(int fd, int command, void *argument)",
);
export const ioctl: Callable<[number, number, Bytes]> = bind(
  "int ioctl(int fd, unsigned long request, void *argument)",
);
/** An ioctl whose argument is a plain number. */
export const ioctlNumber: Callable<[number, number, number]> = bind(
  "int ioctl(int fd, unsigned long request, unsigned long argument)",
);
export const send: Callable<[number, Bytes, number, number]> = bind(
  "int64 send(int fd, const void *bytes, size_t length, int flags)",
);
export const setsockopt: Callable<[number, number, number, Bytes, number]> = bind(
  "int setsockopt(int fd, int level, int name, const void *value, uint32 length)",
);
export const getsockopt: Callable<[number, number, number, Bytes, Bytes]> = bind(
  "int getsockopt(int fd, int level, int name, void *value, void *length)",
);
export const dup: Callable<[number]> = bind("int dup(int fd)");

export const RWF_DSYNC = 0x02;
export const RWF_NOWAIT = 0x08;
export const FALLOC_KEEP_SIZE = 0x01;
export const FALLOC_PUNCH_HOLE = 0x02;
export const FALLOC_ZERO_RANGE = 0x10;
export const SEEK_DATA = 3;
export const SEEK_HOLE = 4;
export const MSG_DONTWAIT = 0x40;
export const MSG_NOSIGNAL = 0x4000;

/** The number of the last synchronous call's error. */
export function errno(): number {
  return koffi.errno();
}

/** EAGAIN … */
export function errnoName(number: number): string {
  for (const [name, value] of Object.entries(constants.errno)) if (value === number) return name;
  return `errno ${number}`;
}

/** Memory for one iovec, to be filled by pointVectorAt. */
export function ioVector(): BigUint64Array {
  return new BigUint64Array(new ArrayBuffer(16));
}

export function pointVectorAt(vector: BigUint64Array, bytes: Uint8Array): void {
  vector[0] = koffi.address(bytes) as bigint;
  vector[1] = BigInt(bytes.length);
}
