/**
 * Opening a backing device for one owner. A block device is opened with O_EXCL, as mount and the kernel's DRBD do: it
 * is refused while mounted, or part of something else. What is used of a device or file is locked, too, by lockFile.
 * Both end with the process.
 */
import fs from "node:fs";
import { err, ok, type Result } from "../../base/result.ts";
import type { StoreError } from "../../ports/store.ts";
import { errno, errnoName, ioctl } from "../libc/libc.ts";
import { lockFile } from "./lock-file.ts";

export type OpenDevice = {
  readonly path: string;
  readonly fd: number;
  readonly isBlockDevice: boolean;
  readonly sizeBytes: number;
};

/** Linux: _IOR(0x12, 114, size_t), the size of a block device in bytes. */
const BLKGETSIZE64 = 0x80081272;

/** A part of a device that several owners share, in bytes: the place of one index on a device for metadata. */
export type DevicePart = { readonly offset: number; readonly lengthBytes: number };

/**
 * @param part what is used of the device; all of it, and nobody else may use any, when not given.
 * @returns an error whose code is EBUSY when someone else uses it, else the operating system's.
 */
export function openDevice(path: string, part?: DevicePart): Result<OpenDevice, StoreError> {
  let fd: number | undefined;
  try {
    const isBlockDevice = fs.statSync(path).isBlockDevice();
    const { O_RDWR, O_EXCL } = fs.constants;
    fd = fs.openSync(path, isBlockDevice && part === undefined ? O_RDWR | O_EXCL : O_RDWR);
    if (!isBlockDevice && !fs.fstatSync(fd).isFile())
      return refuse(fd, "EINVAL", `${path} is neither a file nor a block device`);
    const lockError = lockFile(fd, part ?? { offset: 0, lengthBytes: 0 });
    if (lockError === "EAGAIN") return refuse(fd, "EBUSY", `${path} is used by another process`);
    if (lockError !== undefined)
      return refuse(fd, lockError, `${path} cannot be locked (${lockError})`);
    const sizeBytes = deviceBytes({ fd, isBlockDevice });
    return ok({ path, fd, isBlockDevice, sizeBytes });
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    if (fd !== undefined) fs.closeSync(fd);
    if (code === "EBUSY")
      return err({ code, message: `${path} is in use: mounted, or part of another device` });
    return err({ code: code ?? "EIO", message });
  }
}

/** The size at this moment. */
export function deviceBytes({
  fd,
  isBlockDevice,
}: Pick<OpenDevice, "fd" | "isBlockDevice">): number {
  return isBlockDevice ? blockDeviceBytes(fd) : fs.fstatSync(fd).size;
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
