/**
 * What a node is known by besides its name: a uuid of its installation, which lives as long as /var/lib/holdfast,
 * and a number of the present boot, which lives as long as /run. Each is made when its file is missing, and is on
 * stable storage before it is used: a node never shows an identity that it could forget.
 */
import { randomUUID } from "node:crypto";
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { kernelSeed } from "./kernel-seed.ts";

/** 8-4-4-4-12 lower-case hex digits. @throws UserError HF3045 when the file holds something else. */
export function nodeUuid(file: string): string {
  return readOrMake(file, {
    form: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
    make: randomUUID,
  });
}

/** @throws UserError HF3045 when the file holds something else than a number. */
export function bootId(file: string): bigint {
  return BigInt(readOrMake(file, { form: /^\d{1,20}$/, make: () => kernelSeed().toString() }));
}

function readOrMake(
  file: string,
  how: { readonly form: RegExp; readonly make: () => string },
): string {
  const found = read(file);
  if (found === undefined) return write(file, how.make());
  if (how.form.test(found)) return found;
  throw new UserError("HF3045", `${file} holds no identity of a node: "${found.slice(0, 40)}"`, {
    remedy: `Remove it (rm ${file}): a new one is made at the next start.`,
  });
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, "utf8").trim();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}

function write(file: string, text: string): string {
  const draft = `${file}.new`;
  const fd = openSync(draft, "w", 0o600);
  writeSync(fd, `${text}\n`);
  fsyncSync(fd);
  closeSync(fd);
  renameSync(draft, file);
  const directory = openSync(path.dirname(file), "r");
  fsyncSync(directory);
  closeSync(directory);
  return text;
}
