/** crm_attribute: options of the cluster, defaults of resources and operations, attributes of nodes. */
import type { AttributeScopeParams } from "../../api/cluster-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { localNode } from "../cluster/local-node.ts";
import { remarksText } from "../cluster/remarks.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";

const name = "crm_attribute";
const exitNoSuch = 105;

export const crmAttribute: ClusterCommand = {
  name,
  summary: "Reads and sets options of the cluster, defaults, and attributes of nodes.",
  usage: ["--name NAME --query|--update VALUE|--delete [OPTION...]"],
  groups: [
    {
      title: "What to do",
      rows: [
        { long: "query", short: "G", help: "print the value" },
        { long: "update", short: "v", argument: "VALUE", help: "set it" },
        { long: "delete", short: "D", help: "take it out" },
        { long: "attr-value", argument: "VALUE", help: "Heartbeat's --update", hidden: true },
        { long: "get-value", help: "Heartbeat's --query", hidden: true },
        { long: "delete-attr", help: "Heartbeat's --delete", hidden: true },
      ],
    },
    {
      title: "Of what",
      rows: [
        { long: "name", short: "n", argument: "NAME", help: "the option or attribute" },
        { long: "attr-name", argument: "NAME", help: "Heartbeat's --name", hidden: true },
        {
          long: "type",
          short: "t",
          argument: "SECTION",
          help: "crm_config (unless a node is named), rsc_defaults, op_defaults, nodes, status",
        },
        { long: "node", short: "N", argument: "NODE", help: "an attribute of this node" },
        { long: "node-uname", argument: "NODE", help: "the same", hidden: true },
        {
          long: "lifetime",
          short: "l",
          argument: "WHEN",
          help: "of a node's: reboot or forever (forever)",
        },
        { long: "id", short: "i", argument: "ID", help: "the pair with this id" },
        { long: "set-name", short: "s", argument: "ID", help: "in the set with this id" },
        { long: "default", short: "d", argument: "VALUE", help: "print this where none is set" },
        { long: "quiet", short: "q", help: "print only the value" },
      ],
    },
  ],
  refused: [
    {
      long: "utilization",
      short: "z",
      help: "",
      reason: "use cibadmin on the node's <utilization>.",
    },
    {
      long: "promotion",
      short: "p",
      argument: "R",
      optional: true,
      help: "",
      reason: "agents set it.",
    },
    {
      long: "pattern",
      short: "P",
      argument: "R",
      help: "",
      reason: "name one attribute at a time.",
    },
    {
      long: "list-options",
      short: "L",
      argument: "T",
      optional: true,
      help: "",
      reason: "`crm_verify` tells which of yours are not known.",
    },
  ],
  examples: [
    "crm_attribute --name stonith-enabled --query",
    "crm_attribute --name no-quorum-policy --update freeze",
    "crm_attribute --type rsc_defaults --name resource-stickiness --update 1",
    "crm_attribute --node xen1 --name rack --update 5",
  ],
  formats: usualFormats,
  run,
};

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
  const attribute = optionValue(line, "name") ?? optionValue(line, "attr-name");
  if (attribute === undefined) throw usageError("which one is meant: --name NAME", name);
  const setId = optionValue(line, "set-name");
  const pairId = optionValue(line, "id");
  const asked = {
    scope: await scopeOf(line, shell),
    name: attribute,
    ...(setId === undefined ? {} : { setId }),
    ...(pairId === undefined ? {} : { pairId }),
  };
  const value = optionValue(line, "update") ?? optionValue(line, "attr-value");
  if (value !== undefined) {
    const changed = await shell.cluster.ask("set-attribute", {
      ...asked,
      value,
      by: by(name, shell),
    });
    shell.error(remarksText(name, changed.remarks));
    return 0;
  }
  if (hasOption(line, "delete") || hasOption(line, "delete-attr")) {
    const changed = await shell.cluster.ask("delete-attribute", { ...asked, by: by(name, shell) });
    const { section } = asked.scope;
    if (changed.touched !== "nothing") shell.out(`Deleted ${section} option: name=${attribute}\n`);
    return 0;
  }
  const found = (await shell.cluster.ask("get-attribute", asked)).value;
  return show(found ?? optionValue(line, "default") ?? null, { line, answer, ...asked });
}

function show(
  value: string | null,
  of: {
    readonly line: CommandLine;
    readonly answer: CommandAnswer;
    readonly scope: AttributeScopeParams;
    readonly name: string;
  },
): number {
  const { line, answer, scope } = of;
  if (value === null && answer.format !== "json") {
    throw new UserError("HF4000", `${of.name} is not set in ${scope.section}.`, {
      exit: exitNoSuch,
      remedy: `Set it: ${name} --name ${of.name} --update VALUE.`,
    });
  }
  answer.give({
    text: () =>
      hasOption(line, "quiet")
        ? `${value}\n`
        : `scope=${scope.section}  name=${of.name} value=${value}\n`,
    xml: () => [
      {
        name: "attribute",
        attributes: { name: of.name, value: value ?? undefined, scope: scope.section },
      },
    ],
    json: () => ({ ...scope, name: of.name, value }),
  });
  return value === null ? exitNoSuch : 0;
}

async function scopeOf(line: CommandLine, shell: CommandShell): Promise<AttributeScopeParams> {
  const node = optionValue(line, "node") ?? optionValue(line, "node-uname");
  const lifetime = optionValue(line, "lifetime");
  const type = optionValue(line, "type");
  switch (type) {
    case "crm_config":
    case "rsc_defaults":
    case "op_defaults":
      return { section: type };
    case undefined:
      if (node === undefined && lifetime === undefined) return { section: "crm_config" };
      break;
    case "nodes":
    case "status":
      break;
    default:
      throw usageError(`there is no section "${type}"`, name);
  }
  const isTransient = type === "status" || lifetime === "reboot";
  if (lifetime !== undefined && lifetime !== "reboot" && lifetime !== "forever") {
    throw usageError(`--lifetime is reboot or forever, not "${lifetime}"`, name);
  }
  const section = isTransient ? "status" : "nodes";
  return { section, node: node ?? (await localNode(shell)) };
}
