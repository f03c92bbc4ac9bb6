/**
 * The size that a device with internal metadata had when it was last in use. The metadata lie at its end: when it grows
 * while nobody looks, this says where they are. The file is drbd-utils' own (drbd-minor-N.lkbd), so that its tools and
 * these know the same.
 */
import fs from "node:fs";
import path from "node:path";
import { lastKnownDirectory } from "../paths/daemon-paths.ts";

export type LastKnownDevice = { readonly sizeBytes: number; readonly path: string };

/** Undefined where nothing is known. */
export function readLastKnown(minor: number | undefined): LastKnownDevice | undefined {
  if (minor === undefined) return undefined;
  let text: string;
  try {
    text = fs.readFileSync(fileOf(minor), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  const [, size = "", device = ""] = /^(\d{1,16})(?:\t(.*))?$/m.exec(text) ?? [];
  return size === "" ? undefined : { sizeBytes: Number(size), path: device };
}

/** `deviceUuid` 0: it has none. */
export function writeLastKnown(
  minor: number | undefined,
  device: LastKnownDevice & { readonly deviceUuid: bigint },
): void {
  if (minor === undefined) return;
  const uuid = device.deviceUuid.toString(16).toUpperCase().padStart(16, "0");
  const text = `${device.sizeBytes}\t${device.path}\n`;
  fs.mkdirSync(lastKnownDirectory(), { recursive: true });
  const file = fileOf(minor);
  const fresh = `${file}.new`;
  fs.writeFileSync(fresh, device.deviceUuid === 0n ? text : `${text}uuid:\t${uuid}\n`, {
    flush: true,
  });
  fs.renameSync(fresh, file);
}

export function forgetLastKnown(minor: number | undefined): void {
  if (minor !== undefined) fs.rmSync(fileOf(minor), { force: true });
}

function fileOf(minor: number): string {
  return path.join(lastKnownDirectory(), `drbd-minor-${minor}.lkbd`);
}
