/** What crm_resource tells. */
import type { ParameterSetName } from "../../api/cluster-protocol.ts";
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { UserError } from "../../api/user-error.ts";
import {
  constraintsText,
  locateText,
  locationsOf,
  operationsText,
  resourceListText,
} from "../../view/cluster/resource-queries.ts";
import { whyText } from "../../view/cluster/why-text.ts";
import { usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";

export const command = "crm_resource";

export async function tell(query: string, line: CommandLine, shell: CommandShell): Promise<number> {
  const json = hasOption(line, "json");
  switch (query) {
    case "get-parameter":
      return await getParameter(line, shell);
    case "query-xml":
    case "query-xml-raw": {
      const raw = query === "query-xml-raw";
      const asked = { resource: neededResource(line), raw };
      shell.out((await shell.cluster.ask("resource-xml", asked)).text);
      return 0;
    }
    case "why": {
      const report = await shell.cluster.ask("why", {
        ...(optionValue(line, "resource") === undefined ? {} : { resource: neededResource(line) }),
        ...(nodeOf(line) === undefined ? {} : { node: nodeOf(line) as string }),
      });
      shell.out(json ? `${JSON.stringify(report, undefined, 2)}\n` : whyText(report));
      return 0;
    }
    default:
      return tellSnapshot(query, await shell.cluster.ask("status"), { line, shell });
  }
}

type Asked = { readonly line: CommandLine; readonly shell: CommandShell };

function tellSnapshot(query: string, snapshot: ClusterSnapshot, asked: Asked): number {
  const { line, shell } = asked;
  const json = (value: unknown): boolean => {
    if (hasOption(line, "json")) shell.out(`${JSON.stringify(value, undefined, 2)}\n`);
    return hasOption(line, "json");
  };
  switch (query) {
    case "list":
      if (!json(snapshot.status.resources)) shell.out(resourceListText(snapshot));
      return 0;
    case "list-raw": {
      const ids = snapshot.resources.map(({ id }) => id);
      if (!json(ids)) shell.out(ids.map((id) => `${id}\n`).join(""));
      return 0;
    }
    case "locate": {
      const id = neededResource(line);
      const nodes = locationsOf(snapshot, id);
      if (nodes === undefined) throw noResource(id, snapshot);
      if (json({ resource: id, nodes })) return 0;
      const quiet = hasOption(line, "quiet");
      shell.out(quiet ? nodes.map((node) => `${node}\n`).join("") : locateText(id, nodes));
      return 0;
    }
    case "constraints": {
      const id = neededResource(line);
      if (locationsOf(snapshot, id) === undefined) throw noResource(id, snapshot);
      const mine = snapshot.locations.filter(({ resource }) => resource === id);
      if (!json(mine)) shell.out(constraintsText(snapshot, id));
      return 0;
    }
    default:
      return tellOperations(query, snapshot, asked);
  }
}

function tellOperations(query: string, snapshot: ClusterSnapshot, { line, shell }: Asked): number {
  const resource = optionValue(line, "resource");
  const node = nodeOf(line);
  if (hasOption(line, "json")) {
    const history = snapshot.history
      .filter((each) => node === undefined || each.node === node)
      .map((each) => ({
        node: each.node,
        resources: each.resources.filter(({ name }) => resource === undefined || name === resource),
      }));
    shell.out(`${JSON.stringify(history, undefined, 2)}\n`);
    return 0;
  }
  const only = {
    active: query === "list-operations",
    ...(resource === undefined ? {} : { resource }),
    ...(node === undefined ? {} : { node }),
  };
  shell.out(operationsText(snapshot, only, localTimes(snapshot.takenAtMs)));
  return 0;
}

async function getParameter(line: CommandLine, shell: CommandShell): Promise<number> {
  const resource = neededResource(line);
  const name = optionValue(line, "get-parameter") ?? "";
  const set = setOf(line);
  const { value } = await shell.cluster.ask("get-parameter", { resource, name, set });
  if (hasOption(line, "json")) {
    shell.out(`${JSON.stringify({ resource, set, name, value })}\n`);
  } else if (value === null) shell.error(`Attribute '${name}' not found for '${resource}'\n`);
  else shell.out(`${value}\n`);
  return 0;
}

export function setOf(line: CommandLine): ParameterSetName {
  if (hasOption(line, "meta")) return "meta_attributes";
  return hasOption(line, "utilization") ? "utilization" : "instance_attributes";
}

export function neededResource(line: CommandLine): string {
  const resource = optionValue(line, "resource");
  if (resource === undefined) throw usageError("which resource is meant: --resource RSC", command);
  return resource;
}

export function nodeOf(line: CommandLine): string | undefined {
  return optionValue(line, "node") ?? optionValue(line, "host-uname");
}

function noResource(id: string, snapshot: ClusterSnapshot): UserError {
  const names = snapshot.resources.map((each) => each.id).join(", ");
  return new UserError("HF4008", `There is no resource "${id}".`, {
    exit: 105,
    remedy: names === "" ? "None is configured." : `The resources are ${names}.`,
  });
}
