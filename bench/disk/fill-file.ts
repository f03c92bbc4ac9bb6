import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, writeSync } from "node:fs";

/** Makes a file of random bytes, without holes and with nothing left to write to the disk. Returns its path. */
export function fillFile(file: string, sizeMib: number): string {
  const mebibyte = randomBytes(1024 * 1024);
  const fd = openSync(file, "w");
  for (let i = 0; i < sizeMib; i++) {
    mebibyte.writeUInt32LE(i, 0);
    writeSync(fd, mebibyte);
  }
  fsyncSync(fd);
  closeSync(fd);
  return file;
}
