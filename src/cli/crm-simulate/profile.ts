/** `crm_simulate --profile`: how long each CIB of a directory takes to be decided about. */
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";

export async function profile(
  directory: string,
  repeat: number,
  shell: CommandShell,
): Promise<void> {
  if (!Number.isInteger(repeat) || repeat < 1)
    throw usageError("--repeat is a number of times", "crm_simulate");
  shell.out("Timings:\n");
  const files = readdirSync(directory).filter((file) => file.endsWith(".xml"));
  await withoutCluster(shell, async (client) => {
    for (const file of files.sort()) {
      const source = path.join(directory, file);
      const xml = readFileSync(source, "utf8");
      const begun = performance.now();
      for (let time = 0; time < repeat; time++) {
        await client.ask("cib-simulate", { xml, source });
      }
      const seconds = (performance.now() - begun) / 1000;
      shell.out(`  * Testing ${source} ... ${seconds.toFixed(2)} secs\n`);
    }
  });
}
