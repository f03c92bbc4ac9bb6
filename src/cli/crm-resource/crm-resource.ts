/** crm_resource: questions about resources, and orders for them. */
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import type { CommandLine, OptionRow } from "../getopt/getopt.ts";
import { agentQueries, tellAgents } from "./agent-query.ts";
import { agentRuns, runAgent } from "./agent-run.ts";
import { changes, optionGroups, queries } from "./crm-resource-options.ts";
import { tellDigests } from "./digests-query.ts";
import { change } from "./resource-change.ts";
import { command } from "./resource-line.ts";
import { tell } from "./resource-query.ts";

export const crmResource: ClusterCommand = {
  name: command,
  summary: "Asks about resources, moves them, sets their parameters, forgets their failures.",
  usage: ["QUERY|CHANGE [OPTION...]"],
  groups: optionGroups,
  refused: [],
  examples: [
    "crm_resource --list",
    "crm_resource --resource host2 --locate",
    "crm_resource --why --resource host2",
    "crm_resource --move --resource host2 --node xen2",
    "crm_resource --clear --resource host2",
    "crm_resource --resource host2 --meta --set-parameter target-role --parameter-value Stopped",
    "crm_resource --cleanup --resource host2",
    "crm_resource --fail --resource host2 --node xen1",
    "crm_resource --force-check --resource host2",
    "crm_resource --list-agents ocf:heartbeat",
    "and as Heartbeat's how-tos have it:",
    "crm_resource --migrate --resource host2 --host-uname xen2",
    "crm_resource --resource host2 --set-parameter target_role --property-value stopped",
  ],
  formats: usualFormats,
  run,
};

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
  const isOne = (rows: readonly OptionRow[], what: string): boolean =>
    rows.some(({ long }) => long === what);
  const orders = [...queries, ...agentQueries, ...changes, ...agentRuns];
  // The last one that is given counts; --list where none is.
  const what = line.options.findLast(({ long }) => isOne(orders, long))?.long ?? "list";
  const asked = { line, shell, answer };
  if (what === "digests") return await tellDigests(asked);
  if (line.operands.length > 0) {
    throw usageError(`"${line.operands.join(" ")}" is no option`, command);
  }
  if (isOne(queries, what)) return await tell(what, asked);
  if (isOne(agentQueries, what)) return await tellAgents(what, asked);
  if (isOne(agentRuns, what)) return await runAgent(what, asked);
  return await change(what, line, shell);
}
