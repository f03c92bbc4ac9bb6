/** cibadmin: query and change the cluster's configuration and status as XML. */
import type { CibChangeParams, Where } from "../../api/cluster-protocol.ts";
import { UserError } from "../../api/user-error.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { remarksText } from "../cluster/remarks.ts";
import { withoutCluster } from "../cluster/without-cluster.ts";
import { xmlInput } from "../cluster/xml-input.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { actions, optionGroups, refusedOptions } from "./cibadmin-options.ts";

const name = "cibadmin";
/** "The command is considered dangerous." */
const exitUnsafe = 107;

export const cibadmin: ClusterCommand = {
  name,
  summary: "Queries and changes the cluster's configuration and status as XML.",
  usage: ["ACTION [OPTION...]"],
  groups: optionGroups,
  refused: refusedOptions,
  examples: [
    "cibadmin --query --scope crm_config",
    "cibadmin -C -o resources -x host1.xml",
    `cibadmin --query --xpath "//nvpair[@name='target-role']"`,
    `cibadmin --delete --xml-text '<primitive id="old"/>'`,
    `cibadmin --modify --xml-text '<cib admin_epoch="admin_epoch++"/>'`,
    "cibadmin --query --user tony --show-access",
    "cibadmin --query > local.xml; $EDITOR local.xml; cibadmin --replace --xml-file local.xml",
  ],
  run,
};

async function run(line: CommandLine, given: CommandShell): Promise<number> {
  const shell = withRightsOf(optionValue(line, "user"), given);
  const action = actions.findLast((row) => hasOption(line, row.long))?.long;
  const [schema, ...more] = line.operands;
  // --empty may be followed by the name of a schema.
  const strange = action === "empty" ? more : line.operands;
  if (strange.length > 0) throw usageError(`"${strange.join(" ")}" is no option`, name);
  if (isDangerous(action)) requireForce(action, line);
  switch (action) {
    case "query":
      return await query(line, shell);
    case "empty":
      return await printEmpty(shell, schema);
    case "md5-sum":
    case "md5-sum-versioned": {
      const given = xmlInput(line, shell);
      const onDisk = action === "md5-sum";
      const { digest } = await shell.cluster.ask("cib-digest", { ...given, onDisk });
      shell.out(`${digest}\n`);
      return 0;
    }
    case "bump":
    case "erase":
    case "upgrade":
      return await wholeChange(action, shell);
    case "create":
    case "modify":
    case "replace":
    case "delete":
    case "delete-all":
    case "patch":
      return await change(action, line, shell);
    default:
      throw usageError("nothing to do is given, such as --query or --create", name);
  }
}

function withRightsOf(user: string | undefined, shell: CommandShell): CommandShell {
  return user === undefined ? shell : { ...shell, cluster: shell.cluster.as(user) };
}

/** It is the same with and without a cluster. */
async function printEmpty(shell: CommandShell, schema: string | undefined): Promise<number> {
  const asked = { epoch: 1, ...(schema !== undefined && { schema }) };
  const { text } = await withoutCluster(shell, (client) => client.ask("cib-empty", asked));
  shell.out(text);
  return 0;
}

async function query(line: CommandLine, shell: CommandShell): Promise<number> {
  if (hasOption(line, "show-access")) return await showAccess(line, shell);
  const { text } = await shell.cluster.ask("cib-query", {
    at: whereOf(line),
    noChildren: hasOption(line, "no-children"),
    nodePath: hasOption(line, "node-path"),
  });
  if (hasOption(line, "json") && !hasOption(line, "node-path")) {
    const element = parseXml(text);
    if (!element.ok) throw new UserError("HF9001", `the daemon's XML: ${element.error.message}`);
    shell.out(`${JSON.stringify(element.value, withoutPlaces, 2)}\n`);
    return 0;
  }
  shell.out(text);
  return 0;
}

async function showAccess(line: CommandLine, shell: CommandShell): Promise<number> {
  const user = optionValue(line, "user");
  if (user === undefined) throw usageError("--show-access needs --user NAME", name);
  const usual = shell.isTerminal ? "color" : "text";
  const asked = optionValue(line, "show-access") ?? usual;
  const form = (["text", "color", "namespace"] as const).find((each) => each === asked);
  if (form === undefined && asked !== "auto") {
    throw usageError(`"${asked}" is no way to show access: text, color, namespace or auto`, name);
  }
  const at = whereOf(line);
  const { text } = await shell.cluster.ask("cib-access", { at, user, form: form ?? usual });
  shell.out(text);
  return 0;
}

function withoutPlaces(key: string, value: unknown): unknown {
  return key === "position" ? undefined : value;
}

const dangers = {
  erase: "--erase takes out the whole configuration and history: all resources are stopped",
  upgrade: "--upgrade rewrites the whole configuration, and older nodes may not understand it",
  "delete-all": "--delete-all takes out everything that matches: a wide expression takes out a lot",
} as const;

function isDangerous(action: string | undefined): action is keyof typeof dangers {
  return action !== undefined && Object.hasOwn(dangers, action);
}

/** @throws UserError HF4606 */
function requireForce(action: keyof typeof dangers, line: CommandLine): void {
  if (hasOption(line, "force")) return;
  throw new UserError("HF4606", dangers[action], {
    exit: exitUnsafe,
    remedy: "Keep a copy (cibadmin --query > FILE), then repeat with --force.",
  });
}

async function wholeChange(
  action: "bump" | "erase" | "upgrade",
  shell: CommandShell,
): Promise<number> {
  const asked = { by: by(name, shell) };
  if (action === "upgrade") {
    const upgraded = await shell.cluster.ask("cib-upgrade", asked);
    shell.error(remarksText(name, upgraded.remarks));
    if (!upgraded.upgraded) shell.error("The CIB is in its latest form already.\n");
    return 0;
  }
  await shell.cluster.ask(action === "erase" ? "cib-erase" : "cib-bump", asked);
  return 0;
}

async function change(
  operation: CibChangeParams["operation"],
  line: CommandLine,
  shell: CommandShell,
): Promise<number> {
  const at = whereOf(line);
  if (operation === "delete-all" && !("xpath" in at)) {
    throw usageError("--delete-all needs --xpath", name);
  }
  const changed = await shell.cluster.ask("cib-change", {
    operation,
    at,
    ...xmlInput(line, shell),
    allowCreate: hasOption(line, "allow-create"),
    by: by(name, shell),
  });
  shell.error(remarksText(name, changed.remarks));
  return 0;
}

function whereOf(line: CommandLine): Where {
  const xpath = optionValue(line, "xpath");
  if (xpath !== undefined) return { xpath };
  const section = optionValue(line, "scope") ?? optionValue(line, "obj_type") ?? "all";
  return { section: section === "cib" ? "all" : section };
}
