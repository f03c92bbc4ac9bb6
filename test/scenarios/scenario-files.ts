import { globSync } from "node:fs";
import path from "node:path";

/** The stories' files, sorted. */
export function scenarioFiles(): readonly string[] {
  const root = import.meta.dirname;
  return globSync("**/*.scn", { cwd: root })
    .sort()
    .map((file) => path.join(root, file));
}
