/** What crm_resource changes. */
import type { Changed } from "../../api/cluster-protocol.ts";
import { parseXml } from "../../formats/xml/parse-xml.ts";
import { by } from "../cluster/by.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { parseDuration } from "../cluster/duration.ts";
import { remarksText } from "../cluster/remarks.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { command, neededResource, nodeOf, timeoutOf } from "./resource-line.ts";
import { setOf } from "./resource-query.ts";

export async function change(
  what: string,
  line: CommandLine,
  shell: CommandShell,
): Promise<number> {
  switch (what) {
    case "set-parameter":
    case "delete-parameter":
      return await changeParameter(what, line, shell);
    case "move":
    case "migrate":
      return await place("move", line, shell);
    case "ban":
      return await place("ban", line, shell);
    case "clear":
    case "un-migrate":
    case "unmigrate":
    case "un-move":
      return await clear(line, shell);
    case "cleanup":
    case "refresh":
      return await cleanup(what, line, shell);
    case "fail":
      return await fail(line, shell);
    case "wait":
      await shell.cluster.ask("wait-idle", timeoutOf(line));
      return 0;
    case "restart":
      return await restart(line, shell);
    default:
      return await deleteResource(line, shell);
  }
}

async function changeParameter(
  what: "set-parameter" | "delete-parameter",
  line: CommandLine,
  shell: CommandShell,
): Promise<number> {
  const resource = neededResource(line);
  const name = optionValue(line, what) ?? "";
  const setId = optionValue(line, "set-name");
  const pairId = optionValue(line, "nvpair") ?? optionValue(line, "attr-id");
  const asked = {
    resource,
    name,
    set: setOf(line),
    ...(setId === undefined ? {} : { setId }),
    ...(pairId === undefined ? {} : { pairId }),
    force: hasOption(line, "force"),
    by: by(command, shell),
  };
  if (what === "delete-parameter") {
    const deleted = await shell.cluster.ask("delete-parameter", asked);
    say(shell, line, deleted, `Deleted '${resource}' option: name=${name}`);
    return 0;
  }
  const value = optionValue(line, "parameter-value") ?? optionValue(line, "property-value");
  if (value === undefined) throw usageError("--set-parameter needs --parameter-value", command);
  const set = await shell.cluster.ask("set-parameter", { ...asked, value });
  say(shell, line, set, `Set '${resource}' option: name=${name} value=${value}`);
  return 0;
}

/** That nothing was different is said too. */
function say(shell: CommandShell, line: CommandLine, changed: Changed, sentence: string): void {
  shell.error(remarksText(command, changed.remarks));
  if (hasOption(line, "quiet")) return;
  shell.out(
    changed.touched === "nothing" ? "Nothing to change: it is so already.\n" : `${sentence}\n`,
  );
}

async function place(how: "move" | "ban", line: CommandLine, shell: CommandShell): Promise<number> {
  const node = nodeOf(line);
  const lifetime = optionValue(line, "lifetime");
  const changed = await shell.cluster.ask(how, {
    resource: neededResource(line),
    ...(node === undefined ? {} : { node }),
    ...(lifetime === undefined ? {} : { lifetime }),
    force: hasOption(line, "force"),
    promotedOnly: hasOption(line, "promoted") || hasOption(line, "master"),
    by: by(command, shell),
  });
  shell.error(remarksText(command, changed.remarks));
  return 0;
}

async function clear(line: CommandLine, shell: CommandShell): Promise<number> {
  const node = nodeOf(line);
  const changed = await shell.cluster.ask("clear", {
    resource: neededResource(line),
    ...(node === undefined ? {} : { node }),
    expiredOnly: hasOption(line, "expired"),
    by: by(command, shell),
  });
  for (const { element } of changed.remarks) shell.out(`Removing constraint: ${idOf(element)}\n`);
  return 0;
}

function idOf(tag: string): string {
  return /id="([^"]*)"/.exec(tag)?.[1] ?? tag;
}

async function cleanup(
  what: "cleanup" | "refresh",
  line: CommandLine,
  shell: CommandShell,
): Promise<number> {
  const resource = optionValue(line, "resource");
  const node = nodeOf(line);
  const action = optionValue(line, "operation");
  const intervalMs = parseDuration(optionValue(line, "interval") ?? "0") ?? 0;
  const changed = await shell.cluster.ask("cleanup", {
    ...(resource === undefined ? {} : { resource }),
    ...(node === undefined ? {} : { node }),
    ...(action === undefined ? {} : { operation: { action, intervalMs } }),
    everything: what === "refresh",
    by: by(command, shell),
  });
  const of = resource ?? "all resources";
  const where = node === undefined ? "" : ` on ${node}`;
  if (changed.touched === "nothing") shell.out(`There was nothing to forget of ${of}${where}.\n`);
  else shell.out(`Cleaned up ${of}${where}\n`);
  return 0;
}

async function fail(line: CommandLine, shell: CommandShell): Promise<number> {
  const resource = neededResource(line);
  const node = nodeOf(line);
  if (node === undefined) {
    throw usageError("on which node it has failed: --node NODE", command);
  }
  const asked = { resource, node, by: by(command, shell) };
  const { message } = await shell.cluster.ask("fail-resource", asked);
  if (!hasOption(line, "quiet")) shell.out(`${message}\n`);
  return 0;
}

async function restart(line: CommandLine, shell: CommandShell): Promise<number> {
  const resource = neededResource(line);
  const target = { resource, name: "target-role", set: "meta_attributes" } as const;
  const asked = { ...target, by: by(command, shell) };
  const { value: before } = await shell.cluster.ask("get-parameter", target);
  await shell.cluster.ask("set-parameter", { ...asked, value: "Stopped" });
  try {
    await shell.cluster.ask("wait-idle", timeoutOf(line));
  } finally {
    // Whatever the stop came to: what was wanted before is wanted again.
    if (before === null || before.toLowerCase() === "stopped") {
      await shell.cluster.ask("delete-parameter", asked);
    } else await shell.cluster.ask("set-parameter", { ...asked, value: before });
  }
  await shell.cluster.ask("wait-idle", timeoutOf(line));
  return 0;
}

async function deleteResource(line: CommandLine, shell: CommandShell): Promise<number> {
  const resource = neededResource(line);
  const tag = optionValue(line, "resource-type");
  if (tag === undefined)
    throw usageError("--delete needs --resource-type, such as primitive", command);
  const text = `<${tag} id="${resource.replaceAll("&", "&amp;").replaceAll('"', "&quot;")}"/>`;
  if (!parseXml(text).ok) throw usageError(`"${tag}" is no kind of resource`, command);
  await shell.cluster.ask("resource-xml", { resource, raw: true });
  await shell.cluster.ask("cib-change", {
    operation: "delete",
    at: { section: "resources" },
    xml: text,
    by: by(command, shell),
  });
  return 0;
}
