/** Files in memory: ports/files.ts for tests that no disk should slow down. */
import path from "node:path";
import type { Files } from "../../src/ports/files.ts";

export function memoryFiles(texts: Readonly<Record<string, string>> = {}): Files {
  const all = new Map(Object.entries(texts));
  const isDirectory = (name: string): boolean =>
    [...all.keys()].some((file) => file.startsWith(`${name}/`));
  return {
    read: async (file) => {
      if (isDirectory(file)) throw new Error(`EISDIR: ${file} is a directory`);
      return all.get(file);
    },
    write: async (file, text) => {
      if (isDirectory(file)) throw new Error(`EISDIR: ${file}/ is a directory`);
      all.set(file, text);
    },
    remove: async (file) => {
      all.delete(file);
    },
    list: async (directory) => {
      const below = [...all.keys()].filter((file) => file.startsWith(`${directory}/`));
      const names = below.map((file) => path.relative(directory, file).split("/")[0] as string);
      return [...new Set(names)].sort();
    },
  };
}
