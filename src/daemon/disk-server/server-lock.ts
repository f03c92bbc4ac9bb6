/** One disk server a DRBD resource: a lock on a file, which ends with the process however it ends. */
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { lockFile } from "../../host/store/lock-file.ts";

/** @throws UserError HF2146 when another process holds the lock. Returns what gives it back. */
export function takeLock(file: string, resource: string): () => void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o700 });
  const fd = openSync(file, "a+", 0o600);
  if (lockFile(fd, { offset: 0, lengthBytes: 0 }) !== undefined) {
    const pid = readFileSync(file, "utf8").trim();
    closeSync(fd);
    throw new UserError("HF2146", `${resource} is up already: process ${pid} serves it`, {
      exit: 10,
      remedy: `See drbdadm status ${resource}; to end it: drbdadm down ${resource}.`,
    });
  }
  ftruncateSync(fd);
  writeSync(fd, `${process.pid}\n`);
  return () => closeSync(fd);
}
