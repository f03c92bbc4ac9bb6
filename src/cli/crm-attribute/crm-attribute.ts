/** crm_attribute: options of the cluster, defaults of resources and operations, attributes of nodes. */
import type { AttributeParams } from "../../api/cluster-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { remarksText } from "../cluster/remarks.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { attributeRequest } from "./attribute-request.ts";

const name = "crm_attribute";
const exitNoSuch = 105;

export const crmAttribute: ClusterCommand = {
  name,
  summary: "Reads and sets options of the cluster, defaults, and attributes of nodes.",
  usage: ["[--query] [--name NAME] [OPTION...]", "--name NAME --update VALUE|--delete [OPTION...]"],
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
        {
          long: "promotion",
          short: "p",
          argument: "RSC",
          optional: "next",
          help: "the promotion score of a resource (of that of the agent that calls it)",
        },
        { long: "utilization", short: "z", help: "what a node offers (--type nodes)" },
        {
          long: "pattern",
          short: "P",
          argument: "REGEX",
          help: "all whose name it matches: with -G, or with -v, -D and -l reboot",
        },
        { long: "quiet", short: "q", help: "print only the value" },
        { long: "Quiet", short: "Q", help: "the same", hidden: true },
      ],
    },
  ],
  refused: [
    {
      long: "list-options",
      short: "L",
      argument: "T",
      optional: "next",
      help: "",
      reason: "`crm_verify` tells which of yours are not known.",
    },
  ],
  examples: [
    "crm_attribute --name stonith-enabled --query",
    "crm_attribute --name no-quorum-policy --update freeze",
    "crm_attribute --type rsc_defaults --name resource-stickiness --update 1",
    "crm_attribute --node xen1 --name rack --update 5",
    "crm_attribute --node xen1 --utilization --name memory --update 65536",
    "crm_attribute --promotion=host1 --node xen1 --update 10",
  ],
  formats: usualFormats,
  run,
};

type Asked = {
  readonly line: CommandLine;
  readonly shell: CommandShell;
  readonly answer: CommandAnswer;
  readonly request: AttributeParams;
};

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
  const request = await attributeRequest(line, shell);
  const asked = { line, shell, answer, request };
  // The last order on the line counts; a query where none is.
  const orders = ["query", "get-value", "update", "attr-value", "delete", "delete-attr"];
  switch (line.options.findLast(({ long }) => orders.includes(long))?.long) {
    case "update":
    case "attr-value":
      return await update(asked);
    case "delete":
    case "delete-attr":
      return await remove(asked);
    default:
      return await query(asked);
  }
}

async function update({ line, shell, request }: Asked): Promise<number> {
  requireName(request, request.pairId);
  const value = optionValue(line, "update") ?? optionValue(line, "attr-value") ?? "";
  const asked = { ...request, value, by: by(name, shell) };
  const changed = await shell.cluster.ask("set-attribute", asked);
  shell.error(remarksText(name, changed.remarks));
  return 0;
}

async function remove({ shell, request }: Asked): Promise<number> {
  requireName(request);
  const { found } = await shell.cluster.ask("find-attributes", request);
  await shell.cluster.ask("delete-attribute", { ...request, by: by(name, shell) });
  const { scope, setId } = request;
  const kind = "node" in scope ? "attribute" : "option";
  const set = setId === undefined ? "" : ` set=${setId}`;
  for (const each of found)
    shell.out(`Deleted ${scope.section} ${kind}: id=${each.id}${set} name=${each.name}\n`);
  return 0;
}

/** Without a name everything would be changed; by a pattern, what a node's restart would not bring back. */
function requireName({ name: named, pattern, scope }: AttributeParams, pairId?: string): void {
  if (pattern !== undefined && scope.section !== "status")
    throw usageError("--pattern needs --query, or --lifetime reboot", name);
  if ((named ?? pattern ?? pairId) === undefined)
    throw usageError("which one is meant: --name NAME", name);
}

async function query({ line, shell, answer, request }: Asked): Promise<number> {
  const { found } = await shell.cluster.ask("find-attributes", request);
  const { scope } = request;
  const standIn = optionValue(line, "default");
  const isDefault = found.length === 0 && standIn !== undefined && request.name !== undefined;
  const rows = isDefault ? [{ name: request.name, value: standIn }] : found;
  if (rows.length === 0 && answer.format !== "json") throw notSet(request);
  const id = request.pairId === undefined || isDefault ? undefined : request.pairId;
  const idText = id === undefined ? "" : `id=${id}`;
  const isQuiet = hasOption(line, "quiet") || hasOption(line, "Quiet");
  // Who asks for a default asks for a node's value.
  const host = isDefault && "node" in scope ? scope.node : undefined;
  answer.give({
    text: () =>
      rows
        .map((row) =>
          isQuiet
            ? `${row.value}\n`
            : `scope=${scope.section} ${idText} name=${row.name} value=${row.value}\n`,
        )
        .join(""),
    xml: () =>
      rows.map((row) => ({
        name: "attribute",
        attributes: { name: row.name, value: row.value, scope: scope.section, id, host },
      })),
    json: () =>
      request.name === undefined
        ? { ...scope, attributes: rows }
        : { ...scope, name: request.name, value: rows[0]?.value ?? null },
  });
  return rows.length === 0 ? exitNoSuch : 0;
}

function notSet({ scope, name: named, pattern, pairId }: AttributeParams): UserError {
  const what = named ?? pattern ?? pairId ?? "Nothing";
  return new UserError("HF4000", `${what} is not set in ${scope.section}.`, {
    exit: exitNoSuch,
    remedy: `Set it: ${name} --name ${named ?? "NAME"} --update VALUE.`,
  });
}
