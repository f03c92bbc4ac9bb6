/** crm_failcount: how often a resource failed on a node. */
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { parseDuration } from "../cluster/duration.ts";
import { localNode } from "../cluster/local-node.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";

const name = "crm_failcount";
const infinity = 1_000_000;

export const crmFailcount: ClusterCommand = {
  name,
  summary: "Tells how often a resource failed on a node, and forgets it.",
  usage: ["--query|--delete --resource RSC [OPTION...]"],
  groups: [
    {
      title: "What to do",
      rows: [
        { long: "query", short: "G", help: "print the count" },
        { long: "delete", short: "D", help: "forget the failures" },
      ],
    },
    {
      title: "Of what",
      rows: [
        { long: "resource", short: "r", argument: "RSC", help: "the resource" },
        { long: "node", short: "N", argument: "NODE", help: "the node (this one)" },
        { long: "operation", short: "n", argument: "NAME", help: "only of this operation" },
        { long: "interval", short: "I", argument: "TIME", help: "with -n: of this interval" },
        { long: "quiet", short: "q", help: "print only the count" },
        { long: "json", help: "as JSON" },
      ],
    },
  ],
  refused: [],
  examples: ["crm_failcount --query --resource host1 --node xen1"],
  run,
};

async function run(line: CommandLine, shell: CommandShell): Promise<number> {
  const resource = optionValue(line, "resource");
  if (resource === undefined) throw usageError("which resource is meant: --resource RSC", name);
  const node = optionValue(line, "node") ?? (await localNode(shell));
  if (hasOption(line, "delete")) {
    const action = optionValue(line, "operation");
    const intervalMs = parseDuration(optionValue(line, "interval") ?? "0") ?? 0;
    const operation = action === undefined ? {} : { operation: { action, intervalMs } };
    await shell.cluster.ask("cleanup", { resource, node, ...operation, by: by(name, shell) });
    shell.out(`Cleaned up ${resource} on ${node}\n`);
    return 0;
  }
  if (!hasOption(line, "query")) throw usageError("--query or --delete: which is meant", name);
  const attribute = attributeName(resource, line);
  const value = await countOf(attribute, node, shell);
  if (hasOption(line, "json")) shell.out(`${JSON.stringify({ resource, node, value })}\n`);
  else if (hasOption(line, "quiet")) shell.out(`${value}\n`);
  else shell.out(`scope=status  name=${attribute} value=${value}\n`);
  return 0;
}

/** That of one operation, or the one that stands for all of them. */
function attributeName(resource: string, line: CommandLine): string {
  const operation = optionValue(line, "operation");
  const intervalMs = parseDuration(optionValue(line, "interval") ?? "0") ?? 0;
  const of = operation === undefined ? "" : `#${operation}_${intervalMs}`;
  return `fail-count-${resource}${of}`;
}

/** What has failed for good makes the whole count infinite. */
async function countOf(attribute: string, node: string, shell: CommandShell): Promise<string> {
  const literal = attribute.replaceAll(/[.[\]*+?(){}|^$\\]/g, "\\$&");
  const { found } = await shell.cluster.ask("find-attributes", {
    scope: { section: "status", node },
    pattern: `^${literal}(#.*)?$`,
  });
  const counts = found.map(({ value }) => (value === "INFINITY" ? infinity : Number(value) || 0));
  const count = counts.reduce((sum, each) => sum + each, 0);
  return count >= infinity ? "INFINITY" : String(count);
}
