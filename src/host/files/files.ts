/** ports/files.ts on a file system. */
import { mkdir, open, readdir, readFile, rename, rm, stat } from "node:fs/promises";
import path from "node:path";
import type { Files } from "../../ports/files.ts";

/** Names of unfinished files: what a crash leaves behind is told from what was written. */
const unfinishedPrefix = ".unfinished-";

export function hostFiles(): Files {
  let written = 0;
  return {
    read: (file) => orIfMissing(() => readFile(file, "utf8"), undefined),
    write: (file, text) => replaceFile(file, text, `${process.pid}-${++written}`),
    remove: (file) => rm(file, { force: true }),
    list: async (directory) => {
      const names = await orIfMissing(() => readdir(directory), []);
      return names.filter((name) => !name.startsWith(unfinishedPrefix)).sort();
    },
  };
}

async function replaceFile(file: string, text: string, unique: string): Promise<void> {
  const directory = path.dirname(file);
  await mkdir(directory, { recursive: true });
  const unfinished = path.join(directory, `${unfinishedPrefix}${path.basename(file)}-${unique}`);
  const mode = await orIfMissing(async () => (await stat(file)).mode & 0o7777, 0o600);
  try {
    await writeSynced(unfinished, text, mode);
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
  // The name, too, must survive a power cut: it stands in the directory.
  await syncDirectory(directory);
}

async function writeSynced(file: string, text: string, mode: number): Promise<void> {
  const handle = await open(file, "wx", mode);
  try {
    await handle.chmod(mode);
    await handle.writeFile(text);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function syncDirectory(directory: string): Promise<void> {
  const handle = await open(directory, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function orIfMissing<T, M>(read: () => Promise<T>, missing: M): Promise<T | M> {
  try {
    return await read();
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return missing;
    throw error;
  }
}
