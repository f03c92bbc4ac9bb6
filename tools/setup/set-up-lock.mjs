/** One set-up at a time: the kernel's lock on a file (flock), free again however its holder ends. */
import { spawnSync } from "node:child_process";
import { closeSync, openSync } from "node:fs";

/** Runs `body`, which is synchronous, while nobody else holds the lock; waits up to fifteen minutes for it. */
export function withLock(file, body) {
  const fd = openSync(file, "w");
  try {
    // flock(1) locks the open file that it inherits as descriptor 3, and the lock stays with our descriptor.
    const stdio = ["ignore", "ignore", "inherit", fd];
    const { status } = spawnSync("flock", ["-w", "900", "3"], { stdio });
    if (status !== 0) throw new Error(`another set-up holds ${file}`);
    return body();
  } finally {
    closeSync(fd);
  }
}
