/**
 * Loop devices, by the kernel's own interface (loop(4)). LOOP_CONFIGURE binds a file to a free device in one step, so
 * that of two who found the same device free one is told EBUSY and looks again.
 */
import { execFileSync } from "node:child_process";
import { closeSync, constants, existsSync, fsyncSync, openSync, readFileSync } from "node:fs";
import { constants as systemConstants } from "node:os";
import path from "node:path";
import { errno, errnoName, ioctl, ioctlNumber } from "../libc/libc.ts";

const LOOP_CTL_GET_FREE = 0x4c82;
const LOOP_CONFIGURE = 0x4c0a;
const LOOP_CLR_FD = 0x4c01;
const LOOP_SET_STATUS64 = 0x4c04;
const LOOP_GET_STATUS64 = 0x4c05;
const loopMajor = 7;
const configBytes = 304;
const infoBytes = 232;
/** Where lo_flags stands in struct loop_info64. */
const flagsAt = 52;
const LO_FLAGS_AUTOCLEAR = 4;
const attemptsMax = 64;

/**
 * Binds the file to a free loop device.
 * @returns its path, /dev/loopN.
 * @throws Error with the operating system's name of the error as `code`.
 */
export function attachLoop(file: string): string {
  const fd = openSync(file, constants.O_RDWR);
  const control = openSync("/dev/loop-control", constants.O_RDWR);
  try {
    for (let attempt = 0; attempt < attemptsMax; attempt++) {
      const number = ioctlNumber(control, LOOP_CTL_GET_FREE, 0);
      if (number < 0) throw systemError("looking for a free loop device");
      const device = loopNode(number);
      const error = configure(device, fd);
      if (error === undefined) return device;
      // Someone else was quicker: the next one.
      if (error !== "EBUSY") throw Object.assign(new Error(`${device}: ${error}`), { code: error });
    }
    throw Object.assign(new Error("no loop device stays free"), { code: "EBUSY" });
  } finally {
    closeSync(control);
    closeSync(fd);
  }
}

/** What is written to the device is in the file afterwards, and on stable storage if the file can do that. */
export function flushLoop(device: string): void {
  const fd = openSync(device, constants.O_RDWR);
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}

/**
 * Frees the device, unless someone has it open or mounted. The kernel itself judges that: asked by the only one who
 * has the device open it frees it at once; else it would do so when the last one closes it, which is taken back here.
 * @returns whether it is free.
 */
export function detachLoop(device: string): boolean {
  const fd = openSync(device, constants.O_RDWR);
  const info = Buffer.from(new ArrayBuffer(infoBytes));
  try {
    if (ioctl(fd, LOOP_GET_STATUS64, info) !== 0) return isUnbound(device);
    if (ioctlNumber(fd, LOOP_CLR_FD, 0) !== 0) return isUnbound(device);
    if (ioctl(fd, LOOP_GET_STATUS64, info) !== 0) return isUnbound(device);
    info.writeUInt32LE(info.readUInt32LE(flagsAt) & ~LO_FLAGS_AUTOCLEAR, flagsAt);
    ioctl(fd, LOOP_SET_STATUS64, info);
    return false;
  } finally {
    closeSync(fd);
  }
}

/** The file behind a loop device, as the kernel names it; undefined when there is none. */
export function loopBackingFile(device: string): string | undefined {
  const file = `/sys/block/${path.basename(device)}/loop/backing_file`;
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd() : undefined;
}

/** After an ioctl has failed: ENXIO means that no file is bound (any more). */
function isUnbound(device: string): boolean {
  if (errno() === systemConstants.errno.ENXIO) return true;
  throw systemError(device);
}

/** @returns why the file could not be bound to the device. */
function configure(device: string, file: number): string | undefined {
  const fd = openSync(device, constants.O_RDWR);
  try {
    const config = Buffer.from(new ArrayBuffer(configBytes));
    config.writeUInt32LE(file, 0);
    return ioctl(fd, LOOP_CONFIGURE, config) === 0 ? undefined : errnoName(errno());
  } finally {
    closeSync(fd);
  }
}

/** The device's node; made where nothing else does (a /dev of one's own). */
function loopNode(number: number): string {
  const device = `/dev/loop${number}`;
  if (!existsSync(device))
    execFileSync("mknod", ["-m", "600", device, "b", String(loopMajor), String(number)]);
  return device;
}

function systemError(doing: string): Error {
  const code = errnoName(errno());
  return Object.assign(new Error(`${doing}: ${code}`), { code });
}
