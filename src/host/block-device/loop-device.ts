/**
 * Loop devices, by the kernel's own interface (loop(4)). LOOP_CONFIGURE binds a file to a free device in one step, so
 * that of two who found the same device free one is told EBUSY and looks again.
 *
 * Flushing and freeing a device writes to the file behind it. They leave the event loop alone, since the process that
 * serves that file may be this one.
 */
import { execFileSync } from "node:child_process";
import { closeSync, constants, existsSync, openSync, readFileSync } from "node:fs";
import { open } from "node:fs/promises";
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

/** Rejects unless what was written to the device is in the file, and there on stable storage if the file can do that. */
export async function flushLoop(device: string): Promise<void> {
  const file = await open(device, "r+");
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

/**
 * Frees a device that attachLoop has bound, unless someone has it open or mounted. The kernel itself judges that: asked by the only one who
 * has the device open it frees it at once; else it would do so when the last one closes it, which is taken back here.
 * @returns whether it is free.
 */
export async function detachLoop(device: string): Promise<boolean> {
  const file = await open(device, "r+");
  try {
    if (!isBound(file.fd)) return true;
    await new Promise<void>((resolve) =>
      ioctlNumber.async(file.fd, LOOP_CLR_FD, 0, () => resolve()),
    );
    if (!isBound(file.fd)) return true;
    // As it was made: all of it, no limit, and without LO_FLAGS_AUTOCLEAR.
    ioctl(file.fd, LOOP_SET_STATUS64, Buffer.from(new ArrayBuffer(infoBytes)));
    return false;
  } finally {
    await file.close();
  }
}

function isBound(loop: number): boolean {
  const info = Buffer.from(new ArrayBuffer(infoBytes));
  // Other errors are those of the file behind it, whose server may be gone: the device is bound to it all the same.
  return ioctl(loop, LOOP_GET_STATUS64, info) === 0 || errnoName(errno()) !== "ENXIO";
}

/** The file behind a loop device, as the kernel names it; undefined when there is none. */
export function loopBackingFile(device: string): string | undefined {
  const file = `/sys/block/${path.basename(device)}/loop/backing_file`;
  return existsSync(file) ? readFileSync(file, "utf8").trimEnd() : undefined;
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
