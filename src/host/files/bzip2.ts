/** Files that bzip2 has packed, as Pacemaker leaves its scheduler's inputs (pe-input-N.bz2). */
import { spawnSync } from "node:child_process";
import { UserError } from "../../api/user-error.ts";

const exitData = 65;

export function isBzip2(bytes: Uint8Array): boolean {
  return bytes[0] === 0x42 && bytes[1] === 0x5a && bytes[2] === 0x68;
}

/**
 * By the machine's own program. @param source what it is called in errors.
 * @returns undefined when it is more than `bytesMax`. @throws UserError HF4601.
 */
export function unpackBzip2(
  bytes: Uint8Array,
  source: string,
  bytesMax: number,
): Uint8Array | undefined {
  const run = spawnSync("bzip2", ["-dc"], { input: bytes, maxBuffer: bytesMax });
  const code = (run.error as NodeJS.ErrnoException | undefined)?.code;
  if (code === "ENOBUFS") return undefined;
  if (code === "ENOENT") throw refused(`${source} is packed, and there is no bzip2 here`);
  if (run.error !== undefined || run.status !== 0) {
    throw refused(`${source} cannot be unpacked: ${run.stderr?.toString().trim()}`);
  }
  return run.stdout;
}

function refused(message: string): UserError {
  const remedy = "Unpack it first: bunzip2 FILE. Nothing was changed.";
  return new UserError("HF4601", message, { exit: exitData, remedy });
}
