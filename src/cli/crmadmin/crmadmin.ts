/** crmadmin: who decides for the cluster, who is in it, and how a node's daemon is. */
import { UserError } from "../../api/user-error.ts";
import { controllerState } from "../../view/cluster/controller-state.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";

const name = "crmadmin";
const exitNoSuch = 105;

export const crmadmin: ClusterCommand = {
  name,
  summary: "Tells which node is the DC, which nodes there are, and how a node is.",
  usage: ["--dc_lookup", "--nodes", "--status NODE"],
  groups: [
    {
      title: "What to tell",
      rows: [
        { long: "dc_lookup", short: "D", help: "the node that decides for the cluster" },
        {
          long: "nodes",
          short: "N",
          argument: "KIND",
          optional: true,
          help: "the nodes: all, cluster, guest, remote",
        },
        { long: "status", short: "S", argument: "NODE", help: "how this node is" },
      ],
    },
    {
      title: "More",
      rows: [
        { long: "bash-export", short: "B", help: "with --nodes: as shell variables" },
        { long: "quiet", short: "q", help: "only the name" },
        { long: "timeout", short: "t", argument: "TIME", help: "", hidden: true },
      ],
    },
  ],
  refused: [
    {
      long: "pacemakerd",
      short: "P",
      help: "",
      reason: "`holdfast status` tells how holdfastd is.",
    },
  ],
  examples: ["crmadmin --dc_lookup --quiet"],
  run: async (line, shell) => {
    if (hasOption(line, "dc_lookup")) return await tellDc(line, shell);
    if (hasOption(line, "nodes")) return await tellNodes(line, shell);
    const node = optionValue(line, "status");
    if (node !== undefined) return await tellStatus(node, line, shell);
    throw usageError("nothing to tell is named, such as --dc_lookup", name);
  },
};

async function tellDc(line: CommandLine, shell: CommandShell): Promise<number> {
  const { dc } = (await shell.cluster.ask("status")).summary;
  if (dc === undefined) {
    throw new UserError("HF4000", "no node is the DC now", {
      exit: exitNoSuch,
      remedy: "The nodes elect one: holdfast status tells how far they are.",
    });
  }
  shell.out(hasOption(line, "quiet") ? `${dc.name}\n` : `Designated Controller is: ${dc.name}\n`);
  return 0;
}

const kinds = { cluster: "member", guest: "guest", remote: "remote" } as const;

async function tellNodes(line: CommandLine, shell: CommandShell): Promise<number> {
  const wanted = (optionValue(line, "nodes") ?? "all").split(",");
  const wrong = wanted.find((kind) => kind !== "all" && !Object.hasOwn(kinds, kind));
  if (wrong !== undefined) throw usageError(`there is no kind of nodes "${wrong}"`, name);
  const { status, nodes } = await shell.cluster.ask("status");
  const shown = status.nodes.filter(
    ({ kind }) =>
      wanted.includes("all") || wanted.some((each) => kinds[each as keyof typeof kinds] === kind),
  );
  for (const { name: node, kind } of shown) {
    const id = nodes.find((each) => each.name === node)?.id ?? "";
    if (hasOption(line, "bash-export")) shell.out(`export ${node}=${id}\n`);
    else if (hasOption(line, "quiet")) shell.out(`${node}\n`);
    else shell.out(`${kind === "member" ? "cluster" : kind} node: ${node} (${id})\n`);
  }
  return 0;
}

async function tellStatus(node: string, line: CommandLine, shell: CommandShell): Promise<number> {
  const { status, summary, live } = await shell.cluster.ask("status");
  const found = status.nodes.find((each) => each.name === node);
  if (found === undefined)
    throw new UserError("HF4009", `there is no node "${node}"`, { exit: exitNoSuch });
  const state = controllerState({
    online: found.online,
    pending: found.pending,
    isDc: summary.dc?.name === node,
    phase: live?.phase,
    transitionRuns: live?.transition.running === true,
  });
  if (hasOption(line, "quiet")) shell.out(`${state}\n`);
  else shell.out(`Controller on ${node} in state ${state}: ${found.online ? "ok" : "offline"}\n`);
  return found.online ? 0 : 1;
}
