/** One holdfastd a host: a lock on a file, which ends with the process however it ends. */
import { ftruncateSync, mkdirSync, openSync, readFileSync, writeSync } from "node:fs";
import path from "node:path";
import { UserError } from "../../api/user-error.ts";
import { lockFile } from "../../host/store/lock-file.ts";

/** The lock is held as long as the process lives. @throws UserError HF4640 when another process holds it. */
export function takeDaemonLock(file: string): void {
  mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
  const fd = openSync(file, "a+", 0o600);
  if (lockFile(fd, { offset: 0, lengthBytes: 0 }) !== undefined) {
    const pid = readFileSync(file, "utf8").trim();
    throw new UserError("HF4640", `holdfastd runs on this host already: process ${pid}`, {
      exit: 100,
      remedy: "`holdfast status` shows what it does. To restart it: systemctl restart holdfastd.",
    });
  }
  ftruncateSync(fd);
  writeSync(fd, `${process.pid}\n`);
}
