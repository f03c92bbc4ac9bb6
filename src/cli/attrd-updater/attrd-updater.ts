/** attrd_updater: attributes of nodes that hold until they leave the cluster; OCF agents such as ping set them by it. */
import { UserError } from "../../api/user-error.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { localNode } from "../cluster/local-node.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";

const name = "attrd_updater";
const exitNoSuch = 105;

export const attrdUpdater: ClusterCommand = {
  name,
  summary: "Reads and sets attributes of nodes that hold until they leave the cluster.",
  usage: ["--name NAME --update VALUE|--query|--delete [OPTION...]"],
  groups: [
    {
      title: "Which",
      rows: [
        { long: "name", short: "n", argument: "NAME", help: "the attribute" },
        { long: "node", short: "N", argument: "NODE", help: "of this node (the one it runs on)" },
        {
          long: "pattern",
          short: "P",
          argument: "REGEX",
          help: "all whose name it matches, with --update or --delete",
        },
        { long: "set", short: "s", argument: "ID", help: "in the set with this id" },
        { long: "all", short: "A", help: "with --query: of all nodes" },
      ],
    },
    {
      title: "What to do",
      rows: [
        { long: "update", short: "U", argument: "VALUE", help: "set it" },
        { long: "query", short: "Q", help: "print it" },
        { long: "delete", short: "D", help: "take it out" },
        { long: "update-both", short: "B", argument: "VALUE", help: "the same as --update" },
        {
          long: "delay",
          short: "d",
          argument: "TIME",
          help: "has no effect: values are written at once",
        },
        { long: "update-delay", short: "Y", help: "no effect, as --delay", hidden: true },
        { long: "refresh", short: "R", help: "no effect: the CIB has all values", hidden: true },
        { long: "lifetime", short: "l", argument: "WHEN", help: "no effect", hidden: true },
        { long: "wait", short: "W", argument: "WHOM", help: "values are waited for", hidden: true },
      ],
    },
  ],
  refused: [{ long: "private", short: "p", help: "", reason: "every attribute is in the CIB." }],
  examples: [
    "attrd_updater --name pingd --update 1000",
    "attrd_updater --name pingd --query --all",
  ],
  formats: usualFormats,
  run,
};

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
  // There is nothing that the CIB would not have.
  if (hasOption(line, "refresh")) return 0;
  const which = whichOf(line);
  if (hasOption(line, "update-delay")) return 0;
  const value = optionValue(line, "update") ?? optionValue(line, "update-both");
  if (value === undefined && !hasOption(line, "delete")) {
    if (!hasOption(line, "query"))
      throw usageError("nothing to do is given, such as --query", name);
    return await query(which, { line, shell, answer });
  }
  const node = optionValue(line, "node") ?? (await localNode(shell));
  const asked = { scope: { section: "status", node } as const, ...which, by: by(name, shell) };
  if (value === undefined) await shell.cluster.ask("delete-attribute", asked);
  else await shell.cluster.ask("set-attribute", { ...asked, value });
  return 0;
}

type Which = { readonly name?: string; readonly pattern?: string; readonly setId?: string };

function whichOf(line: CommandLine): Which {
  const attribute = optionValue(line, "name");
  const pattern = optionValue(line, "pattern");
  const setId = optionValue(line, "set");
  if ((attribute ?? pattern) === undefined)
    throw usageError("which one is meant: --name NAME", name);
  return {
    ...(attribute === undefined ? {} : { name: attribute }),
    ...(pattern === undefined ? {} : { pattern }),
    ...(setId === undefined ? {} : { setId }),
  };
}

async function query(
  which: Which,
  asked: {
    readonly line: CommandLine;
    readonly shell: CommandShell;
    readonly answer: CommandAnswer;
  },
): Promise<number> {
  const { line, shell, answer } = asked;
  const nodes = hasOption(line, "all")
    ? (await shell.cluster.ask("status")).nodes.map((node) => node.name)
    : [optionValue(line, "node") ?? (await localNode(shell))];
  const found: { name: string; host: string; value: string }[] = [];
  for (const node of nodes) {
    const scope = { section: "status", node } as const;
    const asked = await shell.cluster.ask("find-attributes", { scope, ...which });
    for (const row of asked.found) found.push({ name: row.name, host: node, value: row.value });
  }
  if (found.length > 0) {
    const textOf = (each: (typeof found)[number]): string =>
      `name="${each.name}" host="${each.host}" value="${each.value}"\n`;
    answer.give({
      text: () => found.map(textOf).join(""),
      xml: () => found.map((attributes) => ({ name: "attribute", attributes })),
      json: () => found,
    });
    return 0;
  }
  throw new UserError(
    "HF4000",
    `${which.name ?? which.pattern} is not set on ${nodes.join(", ")}.`,
    {
      exit: exitNoSuch,
      remedy: `Set it: ${name} --name ${which.name ?? "NAME"} --update VALUE.`,
    },
  );
}
