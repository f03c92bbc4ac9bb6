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
      ],
    },
  ],
  refused: [
    { long: "update-delay", short: "Y", help: "", reason: "values are written at once." },
    { long: "refresh", short: "R", help: "", reason: "the CIB has all values, always." },
    { long: "private", short: "p", help: "", reason: "every attribute is in the CIB." },
  ],
  examples: [
    "attrd_updater --name pingd --update 1000",
    "attrd_updater --name pingd --query --all",
  ],
  formats: usualFormats,
  run,
};

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
  const attribute = optionValue(line, "name");
  if (attribute === undefined) throw usageError("which one is meant: --name NAME", name);
  const value = optionValue(line, "update") ?? optionValue(line, "update-both");
  if (value === undefined && !hasOption(line, "delete"))
    return await query(attribute, { line, shell, answer });
  const node = optionValue(line, "node") ?? (await localNode(shell));
  const asked = {
    scope: { section: "status", node } as const,
    name: attribute,
    by: by(name, shell),
  };
  if (value === undefined) await shell.cluster.ask("delete-attribute", asked);
  else await shell.cluster.ask("set-attribute", { ...asked, value });
  return 0;
}

async function query(
  attribute: string,
  asked: {
    readonly line: CommandLine;
    readonly shell: CommandShell;
    readonly answer: CommandAnswer;
  },
): Promise<number> {
  const { line, shell, answer } = asked;
  if (!hasOption(line, "query")) throw usageError("nothing to do is given, such as --query", name);
  const nodes = hasOption(line, "all")
    ? (await shell.cluster.ask("status")).nodes.map((node) => node.name)
    : [optionValue(line, "node") ?? (await localNode(shell))];
  const found: { name: string; host: string; value: string }[] = [];
  for (const node of nodes) {
    const scope = { section: "status", node } as const;
    const { value } = await shell.cluster.ask("get-attribute", { scope, name: attribute });
    if (value !== null) found.push({ name: attribute, host: node, value });
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
  throw new UserError("HF4000", `${attribute} is not set on ${nodes.join(", ")}.`, {
    exit: exitNoSuch,
    remedy: `Set it: ${name} --name ${attribute} --update VALUE.`,
  });
}
