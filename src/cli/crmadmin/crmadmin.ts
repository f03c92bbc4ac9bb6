/** crmadmin: who decides for the cluster, who is in it, and how a node's daemon is. */
import { UserError } from "../../api/user-error.ts";
import { controllerState } from "../../view/cluster/controller-state.ts";
import { exitNotConnected } from "../cluster/cluster-client.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";

const name = "crmadmin";
const exitNoSuch = 105;

export const crmadmin: ClusterCommand = {
  name,
  summary: "Tells which node is the DC, which nodes there are, and how a node is.",
  usage: ["--dc_lookup", "--nodes[=KIND]", "--status NODE", "--pacemakerd"],
  groups: [
    {
      title: "What to tell",
      rows: [
        { long: "dc_lookup", short: "D", help: "the node that decides for the cluster" },
        {
          long: "nodes",
          short: "N",
          argument: "KIND",
          optional: "next",
          help: "the nodes: all, cluster, guest, remote",
        },
        { long: "status", short: "S", argument: "NODE", help: "how this node is" },
        { long: "pacemakerd", short: "P", help: "whether the daemon here runs: holdfastd" },
      ],
    },
    {
      title: "More",
      rows: [
        { long: "bash-export", short: "B", help: "with --nodes: as shell variables" },
        { long: "quiet", short: "q", help: "only the name" },
        { long: "timeout", short: "t", argument: "TIME", help: "", hidden: true },
        { long: "ipc-name", short: "i", argument: "NAME", help: "", hidden: true },
      ],
    },
  ],
  refused: [],
  examples: ["crmadmin --dc_lookup --quiet"],
  formats: usualFormats,
  run: async (line, shell, answer) => {
    if (hasOption(line, "dc_lookup")) return await tellDc(line, shell, answer);
    if (hasOption(line, "pacemakerd")) return await tellDaemon(line, shell, answer);
    if (hasOption(line, "nodes")) return await tellNodes(line, shell, answer);
    const node = optionValue(line, "status");
    if (node !== undefined) return await tellStatus(node, { line, shell, answer });
    throw usageError("nothing to tell is named, such as --dc_lookup", name);
  },
};

async function tellDc(
  line: CommandLine,
  shell: CommandShell,
  answer: CommandAnswer,
): Promise<number> {
  const { dc } = (await shell.cluster.ask("status")).summary;
  if (dc === undefined) {
    throw new UserError("HF4000", "no node is the DC now", {
      exit: exitNoSuch,
      remedy: "The nodes elect one: holdfast status tells how far they are.",
    });
  }
  answer.give({
    text: () =>
      hasOption(line, "quiet") ? `${dc.name}\n` : `Designated Controller is: ${dc.name}\n`,
    xml: () => [{ name: "dc", attributes: { node_name: dc.name } }],
    json: () => dc,
  });
  return 0;
}

/** Scripts that were written for Pacemaker's daemon look for its name. */
const daemon = "pacemakerd";

async function tellDaemon(
  line: CommandLine,
  shell: CommandShell,
  answer: CommandAnswer,
): Promise<number> {
  const { live, takenAtMs } = await shell.cluster.ask("status");
  if (live === undefined) {
    throw new UserError("HF4604", "a CIB in a file has no daemon", {
      exit: exitNotConnected,
      remedy: "Unset CIB_file to ask the one of this node.",
    });
  }
  const state = "running";
  const updated = localTimes(takenAtMs).iso(takenAtMs);
  answer.give({
    text: () =>
      hasOption(line, "quiet")
        ? `${state}\n`
        : `Status of ${daemon}: 'Pacemaker is running' (last updated ${updated})\n`,
    xml: () => [{ name: daemon, attributes: { sys_from: daemon, state, last_updated: updated } }],
    json: () => ({ daemon: "holdfastd", version: live.version, state, lastUpdatedMs: takenAtMs }),
  });
  return 0;
}

const kinds = { cluster: "member", guest: "guest", remote: "remote" } as const;

async function tellNodes(
  line: CommandLine,
  shell: CommandShell,
  answer: CommandAnswer,
): Promise<number> {
  const wanted = (optionValue(line, "nodes") ?? "all").split(",");
  const wrong = wanted.find((kind) => kind !== "all" && !Object.hasOwn(kinds, kind));
  if (wrong !== undefined) throw usageError(`there is no kind of nodes "${wrong}"`, name);
  const { status, nodes } = await shell.cluster.ask("status");
  const shown = status.nodes.filter(
    ({ kind }) =>
      wanted.includes("all") || wanted.some((each) => kinds[each as keyof typeof kinds] === kind),
  );
  const rows = shown.map(({ name: node, kind }) => ({
    type: kind === "member" ? "cluster" : kind,
    name: node,
    id: nodes.find((each) => each.name === node)?.id ?? "",
  }));
  const textOf = ({ type, name: node, id }: (typeof rows)[number]): string => {
    if (hasOption(line, "bash-export")) return `export ${node}=${id}\n`;
    return hasOption(line, "quiet") ? `${node}\n` : `${type} node: ${node} (${id})\n`;
  };
  answer.give({
    text: () => rows.map(textOf).join("") || "No nodes configured\n",
    xml: () => [
      {
        name: "nodes",
        attributes: {},
        children: rows.map((attributes) => ({ name: "node", attributes })),
      },
    ],
    json: () => rows,
  });
  return 0;
}

async function tellStatus(
  node: string,
  asked: {
    readonly line: CommandLine;
    readonly shell: CommandShell;
    readonly answer: CommandAnswer;
  },
): Promise<number> {
  const { line, shell, answer } = asked;
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
  const result = found.online ? "ok" : "offline";
  answer.give({
    text: () =>
      hasOption(line, "quiet")
        ? `${state}\n`
        : `Controller on ${node} in state ${state}: ${result}\n`,
    xml: () => [{ name: "crmd", attributes: { node_name: node, state, result } }],
    json: () => ({ node, state, result }),
  });
  return found.online ? 0 : 1;
}
