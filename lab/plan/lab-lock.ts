/**
 * One command at a time changes a lab. The lock is the kernel's (flock), held by a child that ends when our end of
 * its input closes: however this process dies, the lock is free again. The programs that it was just running hold that end,
 * too: who removes what a killed command has begun finds nobody who still makes more of it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { statSync } from "node:fs";
import type { Writable } from "node:stream";
import { UserError } from "../../src/api/user-error.ts";
import { heldOpen } from "../machine/command.ts";
import { removeNamespaceFolder } from "../network/namespace-folder.ts";
import { lockFile, registeredDirectory, removeLockOf, removeSharedFolders } from "./lab-state.ts";

const waitSeconds = 120;
/** What flock(1) is told to exit with when it has waited in vain; it has others for other failures. */
const waitedInVain = 75;
/** flock(1) could not open the file. */
const noFile = 66;

/** Runs `body` while no other command changes the lab. @throws UserError HF7011 when another one takes too long. */
export async function withLabLock<T>(name: string, body: () => Promise<T>): Promise<T> {
  const { held, release } = await acquire(name);
  try {
    return await heldOpen.run(held, body);
  } finally {
    if (registeredDirectory(name) === undefined) {
      removeLockOf(name);
      await removeNamespaceFolder();
      removeSharedFolders();
    }
    await release();
  }
}

type Lock = { readonly held: Writable; release(): Promise<void> };

async function acquire(name: string): Promise<Lock> {
  for (;;) {
    const file = lockFile(name);
    const script = "echo held; read -r end";
    const limit = ["-w", String(waitSeconds), "-E", String(waitedInVain)];
    const child = spawn("flock", [...limit, file, "sh", "-c", script], {
      stdio: ["pipe", "pipe", "ignore"],
      // A Ctrl-C in the terminal is for us to handle; the lock stays until we are done.
      detached: true,
    });
    const exit = await new Promise<number | null | undefined>((resolve, reject) => {
      child.once("error", reject);
      child.stdout.once("data", () => resolve(undefined));
      child.once("close", resolve);
    });
    // Another lab, the last one there was, has just taken the folder away.
    if (exit === noFile) continue;
    if (exit !== undefined) throw notLocked(name, exit);
    const release = async (): Promise<void> => {
      const closed = once(child, "close");
      child.stdin.end();
      await closed;
    };
    // `lab down` removes the file: a lock on a removed file excludes nobody.
    if (child.pid !== undefined && locksFile(child.pid, file))
      return { held: child.stdin, release };
    await release();
  }
}

function notLocked(name: string, exit: number | null): UserError {
  if (exit === waitedInVain) {
    return new UserError("HF7011", `another command is changing the lab "${name}"`, {
      remedy: "Wait for it, or end it, then try again.",
    });
  }
  return new UserError("HF7008", `flock failed (${exit}) on the lock of the lab "${name}"`);
}

function locksFile(flockPid: number, file: string): boolean {
  try {
    return statSync(`/proc/${flockPid}/fd/3`).ino === statSync(file).ino;
  } catch {
    return false;
  }
}
