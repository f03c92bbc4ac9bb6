/**
 * Opening a backing device for one owner. A block device is opened with O_EXCL, as mount and the kernel's DRBD do: it
 * is refused while mounted, or part of something else. A file is locked by flock. Both end with the process.
 */
import fs from "node:fs";
import { err, ok, type Result } from "../../base/result.ts";
import type { StoreError } from "../../ports/store.ts";
import { errno, errnoName, flock, ioctl, LOCK_EX, LOCK_NB } from "../libc/libc.ts";

export type OpenDevice = {
  readonly path: string;
  readonly fd: number;
  readonly isBlockDevice: boolean;
  readonly sizeBytes: number;
};

/** Linux: _IOR(0x12, 114, size_t), the size of a block device in bytes. */
const BLKGETSIZE64 = 0x80081272;

/** The error's code is EBUSY when someone else uses the device, else the operating system's. */
export function openDevice(path: string): Result<OpenDevice, StoreError> {
  let fd: number | undefined;
  try {
    const isBlockDevice = fs.statSync(path).isBlockDevice();
    const { O_RDWR, O_EXCL } = fs.constants;
    fd = fs.openSync(path, isBlockDevice ? O_RDWR | O_EXCL : O_RDWR);
    if (!isBlockDevice && !fs.fstatSync(fd).isFile())
      return refuse(fd, "EINVAL", `${path} is neither a file nor a block device`);
    if (flock(fd, LOCK_EX | LOCK_NB) !== 0) {
      const code = errnoName(errno());
      return code === "EAGAIN"
        ? refuse(fd, "EBUSY", `${path} is used by another process`)
        : refuse(fd, code, `${path} cannot be locked (${code})`);
    }
    const sizeBytes = isBlockDevice ? blockDeviceBytes(fd) : fs.fstatSync(fd).size;
    return ok({ path, fd, isBlockDevice, sizeBytes });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (fd !== undefined) fs.closeSync(fd);
    if (code === "EBUSY")
      return err({ code, message: `${path} is in use: mounted, or part of another device` });
    return err({ code: code ?? "EIO", message });
  }
}

function refuse(fd: number, code: string, message: string): Result<OpenDevice, StoreError> {
  fs.closeSync(fd);
  return err({ code, message });
}

function blockDeviceBytes(fd: number): number {
  const size = new BigUint64Array(new ArrayBuffer(8));
  if (ioctl(fd, BLKGETSIZE64, size) !== 0)
    throw Object.assign(new Error("the size of the device is not told"), {
      code: errnoName(errno()),
    });
  return Number(size[0]);
}
