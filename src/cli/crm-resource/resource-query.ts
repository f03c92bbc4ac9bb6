/** What crm_resource tells. */
import type { ParameterSetName } from "../../api/cluster-protocol.ts";
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import { UserError } from "../../api/user-error.ts";
import type { ResourceStatus } from "../../decision/cluster-status.ts";
import { constraintsText, constraintsXml } from "../../view/cluster/constraints-text.ts";
import { placesOf, placesText } from "../../view/cluster/resource-places.ts";
import {
  instanceNames,
  instancesOf,
  operationLines,
  operationsText,
  resourceListText,
} from "../../view/cluster/resource-queries.ts";
import { listXml } from "../../view/cluster/result-xml.ts";
import { whyText } from "../../view/cluster/why-text.ts";
import {
  configXml,
  operationsXml,
  placesXml,
  whyXml,
} from "../../view/cluster/xml/resource-query-xml.ts";
import { resourcesXml } from "../../view/cluster/xml/resource-xml.ts";
import { listText } from "../../view/scheduler/list-text.ts";
import { resourceItem } from "../../view/scheduler/resource-text.ts";
import type { CommandAnswer } from "../cluster/command-answer.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";
import { neededResource, nodeOf } from "./resource-line.ts";

type Asked = {
  readonly line: CommandLine;
  readonly shell: CommandShell;
  readonly answer: CommandAnswer;
};

export async function tell(query: string, asked: Asked): Promise<number> {
  const { line, shell } = asked;
  switch (query) {
    case "get-parameter":
      return await getParameter(line, shell);
    case "query-xml":
    case "query-xml-raw":
      return await tellConfiguration(query, asked);
    case "why":
      return await tellWhy(asked);
    case "constraints":
    case "stack":
      return await tellConstraints(query, asked);
    default:
      return tellSnapshot(query, await shell.cluster.ask("status"), asked);
  }
}

async function tellConfiguration(query: string, { line, shell, answer }: Asked): Promise<number> {
  const resource = neededResource(line);
  const raw = query === "query-xml-raw";
  const { text } = await shell.cluster.ask("resource-xml", { resource, raw });
  const snapshot = await shell.cluster.ask("status");
  const status = statusOf(snapshot, resource);
  answer.give({
    text: () => `${status === undefined ? "" : itemText(status)}Resource XML:\n${text}`,
    xml: () => (status === undefined ? [] : [configXml(snapshot, status, text)]),
    json: () => ({ resource, xml: text, status }),
  });
  return 0;
}

async function tellWhy({ line, shell, answer }: Asked): Promise<number> {
  const [resource, node] = [optionValue(line, "resource"), nodeOf(line)];
  const report = await shell.cluster.ask("why", {
    ...(resource === undefined ? {} : { resource }),
    ...(node === undefined ? {} : { node }),
  });
  const snapshot = await shell.cluster.ask("status");
  answer.give({
    text: () => whyText(report),
    xml: () => [whyXml(snapshot, report, { resource, node })],
    json: () => report,
  });
  return 0;
}

async function tellConstraints(query: string, { line, shell, answer }: Asked): Promise<number> {
  const resource = neededResource(line);
  const itself = hasOption(line, "force");
  const found = await shell.cluster.ask("resource-constraints", { resource, itself });
  const recursive = query === "stack" || hasOption(line, "recursive");
  answer.give({
    text: () => constraintsText(found, recursive),
    xml: () => [constraintsXml(found, recursive)],
    json: () => found,
  });
  return 0;
}

function tellSnapshot(query: string, snapshot: ClusterSnapshot, asked: Asked): number {
  const { line, answer } = asked;
  const { resources } = snapshot.status;
  switch (query) {
    case "list":
      answer.give({
        text: () => resourceListText(snapshot),
        xml: () => [resourcesXml(snapshot, [...resources, ...snapshot.implicit])],
        json: () => resources,
      });
      return 0;
    case "list-raw": {
      const ids = instanceNames(snapshot);
      answer.give({
        text: () => ids.map((id) => `${id}\n`).join(""),
        xml: () => [listXml("resource names", "resource", ids)],
        json: () => ids,
      });
      return 0;
    }
    case "locate": {
      const id = neededResource(line);
      const places = placesOf(snapshot, id);
      if (places === undefined) throw noResource(id, snapshot);
      const quiet = hasOption(line, "quiet");
      answer.give({
        text: () =>
          quiet ? places.map(({ node }) => `${node}\n`).join("") : placesText(id, places),
        xml: () => [placesXml(id, places)],
        json: () => ({ resource: id, nodes: places.map(({ node }) => node), places }),
      });
      return 0;
    }
    default:
      return tellOperations(query, snapshot, asked);
  }
}

function tellOperations(query: string, snapshot: ClusterSnapshot, asked: Asked): number {
  const { line, answer } = asked;
  const resource = optionValue(line, "resource");
  const node = nodeOf(line);
  const lines = operationLines(snapshot, {
    active: query === "list-operations",
    ...(resource === undefined ? {} : { resource }),
    ...(node === undefined ? {} : { node }),
  });
  const times = localTimes(snapshot.takenAtMs);
  answer.give({
    text: () => operationsText(lines, times),
    xml: () => (lines.length === 0 ? [] : [operationsXml(lines, times)]),
    json: () => lines.map((each) => ({ ...each.operation, node: each.node })),
  });
  return 0;
}

/** Undefined where nothing shows it. */
function statusOf(snapshot: ClusterSnapshot, id: string): ResourceStatus | undefined {
  return (
    snapshot.status.resources.find((each) => each.id === id) ??
    instancesOf(snapshot).find((each) => each.name === id || each.id === id)
  );
}

function itemText(resource: ResourceStatus): string {
  const item = resourceItem(resource);
  return typeof item === "string" ? `${item}\n` : listText(item.title, item.items);
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

function noResource(id: string, snapshot: ClusterSnapshot): UserError {
  const names = snapshot.resources.map((each) => each.id).join(", ");
  return new UserError("HF4008", `There is no resource "${id}".`, {
    exit: 105,
    remedy: names === "" ? "None is configured." : `The resources are ${names}.`,
  });
}
