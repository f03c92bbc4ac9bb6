/** The scenarios in this folder: a folder for each topic, a file for each scenario, named as in LINBIT's collection. */
import { readdirSync } from "node:fs";
import path from "node:path";
import type { Scenario } from "../../sim/replication/stage/scenario.ts";

export type NamedScenario = {
  readonly topic: string;
  readonly name: string;
  readonly scenario: Scenario;
};

export async function loadScenarios(): Promise<readonly NamedScenario[]> {
  const found: NamedScenario[] = [];
  for (const topic of folders(import.meta.dirname)) {
    const folder = path.join(import.meta.dirname, topic);
    for (const file of readdirSync(folder).sort()) {
      const { scenario } = (await import(path.join(folder, file))) as { scenario: Scenario };
      found.push({ topic, name: path.basename(file, ".ts"), scenario });
    }
  }
  return found;
}

function folders(root: string): readonly string[] {
  const entries = readdirSync(root, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name)
    .sort();
}
