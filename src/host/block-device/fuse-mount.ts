/**
 * An NBD export as a file: `nbdfuse` (package libnbd-bin), which runs on its own until it is unmounted.
 */
import { type ChildProcess, execFile, spawn } from "node:child_process";
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, watch } from "node:fs";
import path from "node:path";
import { promisify } from "node:util";
import { UserError } from "../../api/user-error.ts";

export type FuseMount = {
  /** The directory of the mount; it and its parent are made. */
  readonly directory: string;
  readonly socketPath: string;
  readonly exportName: string;
  /** Where nbdfuse's own messages go. */
  readonly log: string;
};

const fileName = "nbd";

/**
 * Resolves when the file is there.
 * @returns the path of the file.
 * @throws UserError HF2131 when nbdfuse is missing or gives up.
 */
export async function mountExport(mount: FuseMount): Promise<string> {
  mkdirSync(mount.directory, { recursive: true, mode: 0o700 });
  const pidFile = `${mount.directory}.pid`;
  rmSync(pidFile, { force: true });
  const log = openSync(mount.log, "a", 0o600);
  const uri = `nbd+unix:///${encodeURIComponent(mount.exportName)}?socket=${mount.socketPath}`;
  // One connection: a second Primary-less moment between two of them would only confuse.
  const child = spawn(
    "nbdfuse",
    ["-C", "1", "-P", pidFile, path.join(mount.directory, fileName), uri],
    { detached: true, stdio: ["ignore", log, log], cwd: "/" },
  );
  closeSync(log);
  await written(pidFile, child, mount);
  child.unref();
  return path.join(mount.directory, fileName);
}

/** No error when nothing is mounted there. */
export async function unmountExport(directory: string): Promise<void> {
  if (!isMounted(directory)) return;
  try {
    await promisify(execFile)("umount", [directory]);
  } catch (cause) {
    throw new UserError("HF2132", `${directory} cannot be unmounted`, {
      remedy: `See who uses it: fuser -vm ${directory}`,
      cause,
    });
  }
  rmSync(`${directory}.pid`, { force: true });
  rmSync(directory, { recursive: true, force: true });
}

export function isMounted(directory: string): boolean {
  return mountLines().some((line) => line.split(" ")[4] === directory);
}

/** Whether a file system of that device is mounted, as far as this mount namespace knows. */
export function isMountedFrom(device: string): boolean {
  return mountLines().some((line) => line.split(" - ")[1]?.split(" ")[1] === device);
}

/** See proc(5), /proc/PID/mountinfo. */
function mountLines(): readonly string[] {
  return readFileSync("/proc/self/mountinfo", "utf8").split("\n");
}

/** Waits until nbdfuse has written its process id, or is gone. */
function written(pidFile: string, child: ChildProcess, mount: FuseMount): Promise<void> {
  return new Promise((resolve, reject) => {
    const watcher = watch(path.dirname(pidFile), (_event, name) => {
      if (name === path.basename(pidFile) && isWritten(pidFile)) end();
    });
    const end = (error?: UserError): void => {
      watcher.close();
      child.removeAllListeners();
      if (error) reject(error);
      else resolve();
    };
    const failed = (why: string, cause?: unknown): void =>
      end(
        new UserError("HF2131", `${mount.socketPath} cannot be made a block device: ${why}`, {
          remedy: `See ${mount.log}; on Debian nbdfuse is in the package libnbd-bin.`,
          cause,
        }),
      );
    child.once("error", (cause) => failed("nbdfuse does not start", cause));
    child.once("exit", (code) => failed(`nbdfuse ended with exit code ${code}`));
    if (isWritten(pidFile)) end();
  });
}

function isWritten(pidFile: string): boolean {
  try {
    return readFileSync(pidFile, "utf8").trim() !== "";
  } catch {
    return false;
  }
}
