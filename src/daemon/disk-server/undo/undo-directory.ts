/** Where the undo files of this node are, and which of them belong to a resource. */
import { mkdir, readdir, rm, statfs } from "node:fs/promises";
import path from "node:path";
import { UserError } from "../../../api/user-error.ts";
import { stateDirectory } from "../../../host/paths/daemon-paths.ts";

/** Kept free on the file system beside what is written: others live there too. */
const spareBytes = 64 * 1024 * 1024;
const suffix = ".undo";
const unfinishedPrefix = ".unfinished-";

function undoDirectory(): string {
  return path.join(stateDirectory(), "undo");
}

export async function makeUndoDirectory(): Promise<void> {
  await mkdir(undoDirectory(), { recursive: true, mode: 0o700 });
}

/** @param savedAtMs makes it unique, and sorts: "r0-0-20261123T001503.123Z.undo". */
export function undoPath(resource: string, volume: number, savedAtMs: number): string {
  const time = new Date(savedAtMs).toISOString().replaceAll(/[-:]/g, "");
  return path.join(undoDirectory(), `${resource}-${volume}-${time}${suffix}`);
}

/** Finished files of the resource, the newest first. */
export async function undoPaths(resource: string): Promise<readonly string[]> {
  const names = await readdir(undoDirectory()).catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT") return [];
    throw error;
  });
  const ours = (name: string): boolean =>
    name.startsWith(`${resource}-`) &&
    /^\d+-[0-9TZ.]+\.undo$/.test(name.slice(resource.length + 1));
  const time = (name: string): string => name.slice(name.lastIndexOf("-"));
  return names
    .filter(ours)
    .sort((a, b) => (time(a) < time(b) ? 1 : -1))
    .map((name) => path.join(undoDirectory(), name));
}

/** The marks first: a file without them is refused to be brought back, marks without a file are nothing. */
export async function removeUndo(file: string): Promise<void> {
  await rm(marksPath(file), { force: true });
  await rm(file, { force: true });
}

/** What a saving that was killed has left. Nobody else saves this volume: the disk server is one. */
export async function removeUnfinished(resource: string, volume: number): Promise<void> {
  const begins = `${unfinishedPrefix}${resource}-${volume}-`;
  for (const name of await readdir(undoDirectory())) {
    const rest = name.slice(begins.length);
    if (name.startsWith(begins) && /^[0-9TZ.]+\.undo$/.test(rest))
      await rm(path.join(undoDirectory(), name), { force: true });
  }
}

export function unfinishedPath(file: string): string {
  return path.join(path.dirname(file), `${unfinishedPrefix}${path.basename(file)}`);
}

/** Beside an undo file: what is known of its blocks since. */
export function marksPath(file: string): string {
  return `${file}.after`;
}

/** @throws UserError HF2181 when so many bytes more would fill the file system. */
export async function requireRoom(bytes: number): Promise<void> {
  const directory = undoDirectory();
  const { bavail, bsize } = await statfs(directory);
  const free = bavail * bsize;
  if (free >= bytes + spareBytes) return;
  const mib = (n: number): number => Math.ceil(n / 1024 / 1024);
  throw new UserError(
    "HF2181",
    `the changes to be saved need ${mib(bytes)} MiB, and ${directory} has ${mib(free)} MiB free`,
    {
      remedy:
        "Make room there, or mount something larger on it; ones you don't need any more are deleted by holdfast resolve RES --forget. " +
        "To give the changes up without saving them: drbdadm connect --discard-my-data RES on that node.",
    },
  );
}
