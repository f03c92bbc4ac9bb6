/** crm_mon: one look, or the whole screen for as long as somebody watches. */
import { writeFileSync } from "node:fs";
import { simpleStatus } from "../../view/cluster/crm-mon/simple-status.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { formatOf, rendererOf } from "./mon-renderer.ts";
import { watchMon } from "./watch-mon.ts";

export async function runMon(line: CommandLine, shell: CommandShell): Promise<number> {
  if (line.operands.length > 0) {
    throw usageError(`"${line.operands.join(" ")}" is no option`, "crm_mon");
  }
  const format = formatOf(line);
  const render = rendererOf(line);
  if (hasOption(line, "simple-status")) {
    const { text, isWarning } = simpleStatus(await shell.cluster.ask("status"));
    shell.out(text);
    return isWarning ? 1 : 0;
  }
  const once = hasOption(line, "one-shot") || format === "xml" || format === "json";
  const file = optionValue(line, "output-to");
  if (!once && file === undefined && shell.isTerminal && format === "console") {
    return await watchMon(line, shell);
  }
  const text = render(await shell.cluster.ask("status"));
  if (file === undefined || file === "-") shell.out(text);
  else writeFileSync(file, text);
  return 0;
}
