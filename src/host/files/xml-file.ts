/** XML in a file or on standard input, read whole, but no more than a CIB can have. */
import { closeSync, openSync, readSync } from "node:fs";
import { UserError } from "../../api/user-error.ts";
import { isBzip2, unpackBzip2 } from "./bzip2.ts";
import { decodeXml } from "./decode-xml.ts";

/** More than any CIB has: 5,000 guests on 32 nodes come to 60 MiB, status and all. */
export const xmlBytesMax: number = 64 * 1024 * 1024;

/** "The data is incorrect." */
const exitData = 65;

/** @throws UserError HF4601, HF4611; the system's own error where the file cannot be opened or read. */
export function readXmlFile(file: string): string {
  const fd = openSync(file, "r");
  try {
    return readXml(fd, file);
  } finally {
    closeSync(fd);
  }
}

/** @param source what it is called in errors. @throws as readXmlFile. */
export function readXml(fd: number, source: string): string {
  const parts: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const part = new Uint8Array(1024 * 1024);
    const count = readPart(fd, part);
    if (count === 0) break;
    parts.push(part.subarray(0, count));
    total += count;
    if (total > xmlBytesMax) throw tooLarge(source);
  }
  const whole = Buffer.concat(parts);
  const bytes = isBzip2(whole) ? unpackBzip2(whole, source, xmlBytesMax) : whole;
  if (bytes === undefined) throw tooLarge(source);
  const text = decodeXml(bytes);
  if (text.ok) return text.value;
  throw new UserError("HF4601", `${source}, ${text.error}`, {
    exit: exitData,
    remedy: "Save it as UTF-8, or name its encoding in the XML declaration. Nothing was changed.",
  });
}

/** A pipe that is set not to wait (some shells' are) has nothing yet. */
function readPart(fd: number, part: Uint8Array): number {
  for (;;) {
    try {
      return readSync(fd, part);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EAGAIN") throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs);
    }
  }
}

const pauseMs = 20;

function tooLarge(source: string): UserError {
  const message = `${source} has more than ${xmlBytesMax / 1024 / 1024} MiB: that is no CIB`;
  return new UserError("HF4611", message, {
    exit: exitData,
    remedy: "Give the configuration, or the part of it that changes. Nothing was changed.",
  });
}
