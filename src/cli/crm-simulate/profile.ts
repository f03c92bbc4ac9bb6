/** `crm_simulate --profile`: how long each CIB of a directory takes to be decided about. */
import { readdirSync } from "node:fs";
import path from "node:path";
import { performance } from "node:perf_hooks";
import { UserError } from "../../api/user-error.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { readXml } from "../cluster/xml-input.ts";

export async function profile(
  directory: string,
  repeat: number,
  shell: CommandShell,
): Promise<void> {
  if (!Number.isInteger(repeat) || repeat < 1)
    throw usageError("--repeat is a number of times", "crm_simulate");
  const files = filesOf(directory);
  shell.out("Timings:\n");
  await withoutCluster(shell, async (client) => {
    for (const file of files.sort()) {
      const source = path.join(directory, file);
      const xml = readXml(source);
      const begun = performance.now();
      for (let time = 0; time < repeat; time++) {
        await client.ask("cib-simulate", { xml, source });
      }
      const seconds = (performance.now() - begun) / 1000;
      shell.out(`  * Testing ${source} ... ${seconds.toFixed(2)} secs\n`);
    }
  });
}

/** @throws UserError HF4603. */
function filesOf(directory: string): string[] {
  try {
    return readdirSync(directory).filter((file) => file.endsWith(".xml"));
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError("HF4603", `${directory} cannot be read (${code})`, {
      exit: code === "EACCES" ? 4 : 66,
      remedy: "Correct the directory's name, or its permissions.",
      cause,
    });
  }
}
