/** crm_node: who the nodes are, who is a member, and whether there is quorum. */

import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { UserError } from "../../api/user-error.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, exitUsage, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { localNode } from "../cluster/local-node.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";

const name = "crm_node";

export const crmNode: ClusterCommand = {
  name,
  summary: "Tells who the nodes are, who is a member, and whether there is quorum.",
  usage: ["QUERY"],
  groups: [
    {
      title: "Queries",
      rows: [
        { long: "name", short: "n", help: "this node's name" },
        { long: "list", short: "l", help: "all nodes: id, name, state" },
        { long: "partition", short: "p", help: "the members that this node hears" },
        { long: "quorum", short: "q", help: "1 with quorum, 0 without" },
        { long: "cluster-id", short: "i", help: "this node's id" },
        {
          long: "name-for-id",
          short: "N",
          argument: "ID",
          help: "the name of the node with the id",
        },
        { long: "json", help: "as JSON" },
        { long: "quiet", short: "Q", help: "no effect: nothing more is said", hidden: true },
      ],
    },
    {
      title: "Changes",
      rows: [
        {
          long: "remove",
          short: "R",
          argument: "NAME",
          help: "take a node that is gone out of the CIB",
        },
        { long: "force", short: "f", help: "with --remove" },
      ],
    },
  ],
  refused: [],
  examples: ["crm_node --list", "crm_node --quorum"],
  run,
};

async function run(line: CommandLine, shell: CommandShell): Promise<number> {
  const remove = optionValue(line, "remove");
  if (hasOption(line, "name")) {
    const local = await localNode(shell);
    shell.out(hasOption(line, "json") ? `${JSON.stringify(local)}\n` : `${local}\n`);
    return 0;
  }
  const snapshot = await shell.cluster.ask("status");
  if (remove !== undefined) return await removeNode(remove, { snapshot, line, shell });
  const answer = answerOf(line, snapshot, await localNode(shell));
  if (answer === undefined) throw usageError("nothing is asked, such as --list", name);
  if (hasOption(line, "json")) shell.out(`${JSON.stringify(answer.value)}\n`);
  else shell.out(answer.lines.map((each) => `${each}\n`).join(""));
  return 0;
}

type Answer = { readonly value: unknown; readonly lines: readonly string[] };

function answerOf(line: CommandLine, snapshot: ClusterSnapshot, self: string): Answer | undefined {
  const { nodes, status, summary } = snapshot;
  const isOnline = (node: string): boolean =>
    status.nodes.some((each) => each.name === node && each.online);
  if (hasOption(line, "list")) {
    const rows = nodes.map(({ id, name: node }) => ({
      id,
      name: node,
      state: isOnline(node) ? "member" : "lost",
    }));
    return { value: rows, lines: rows.map((row) => `${row.id} ${row.name} ${row.state}`) };
  }
  if (hasOption(line, "partition")) {
    const members = nodes.map((node) => node.name).filter(isOnline);
    return { value: members, lines: [members.join(" ")] };
  }
  if (hasOption(line, "quorum")) {
    return { value: summary.quorate, lines: [summary.quorate ? "1" : "0"] };
  }
  const wanted = optionValue(line, "name-for-id");
  const found = nodes.find((node) =>
    wanted === undefined ? node.name === self : node.id === wanted,
  );
  if (wanted === undefined && !hasOption(line, "cluster-id")) return undefined;
  if (found === undefined) {
    throw new UserError("HF4009", `There is no node ${wanted ?? self}.`, { exit: 105 });
  }
  const said = wanted === undefined ? found.id : found.name;
  return { value: said, lines: [said] };
}

/** A node that is still heard would come back at once. */
async function removeNode(
  node: string,
  at: {
    readonly snapshot: ClusterSnapshot;
    readonly line: CommandLine;
    readonly shell: CommandShell;
  },
): Promise<number> {
  if (!hasOption(at.line, "force")) {
    throw new UserError("HF4606", `--remove forgets ${node} with its attributes and history`, {
      exit: exitUsage,
      remedy: "Repeat with --force. What ran there must be known to be off.",
    });
  }
  const detail = at.snapshot.nodes.find((each) => each.name === node);
  if (detail === undefined) {
    throw new UserError("HF4009", `There is no node "${node}".`, { exit: 105 });
  }
  if (at.snapshot.status.nodes.some((each) => each.name === node && each.online)) {
    throw new UserError("HF4606", `${node} is a member of the cluster`, {
      exit: 107,
      remedy: `Let it leave first (holdfast node leave, there), and take it out of ha.cf on all nodes.`,
    });
  }
  const id = detail.id.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
  for (const [section, tag] of [
    ["status", "node_state"],
    ["nodes", "node"],
  ] as const) {
    await at.shell.cluster.ask("cib-change", {
      operation: "delete",
      at: { section },
      xml: `<${tag} id="${id}"/>`,
      by: by(name, at.shell),
    });
  }
  return 0;
}
