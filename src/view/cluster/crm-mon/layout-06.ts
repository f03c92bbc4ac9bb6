/** crm_mon as Heartbeat 2 printed it (its CRM called itself 0.6), which old how-tos show. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type {
  NodeStatus,
  PrimitiveStatus,
  ResourceStatus,
} from "../../../decision/cluster-status.ts";
import { executionText } from "../execution-text.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { MonOptions } from "./mon-options.ts";
import { isActive } from "./resource-list.ts";

const rule = "============";

export function layout06(snapshot: ClusterSnapshot, options: MonOptions, times: TimeTexts): string {
  const parts = [head(snapshot, times), nodeLines(snapshot, options)];
  if (!options.groupByNode) parts.push(resourceLines(snapshot, options));
  else if (options.inactive) parts.push(inactiveLines(snapshot));
  const failures = failureLines(snapshot);
  if (failures !== "") parts.push(failures);
  return parts.filter((part) => part !== "").join("\n");
}

function head({ summary, status, takenAtMs }: ClusterSnapshot, times: TimeTexts): string {
  const { dc } = summary;
  return [
    rule,
    `Last updated: ${times.full(takenAtMs)}`,
    `Current DC: ${dc === undefined ? "NONE" : `${dc.name} (${dc.id})`}`,
    `${status.nodes.length} Nodes configured.`,
    `${status.resources.length} Resources configured.`,
    rule,
    "",
  ].join("\n");
}

/** Heartbeat listed its DC's view, the newest node first; the names in turn are as good. */
function nodeLines(snapshot: ClusterSnapshot, options: MonOptions): string {
  const lines = snapshot.status.nodes.flatMap((node) => {
    const detail = snapshot.nodes.find((each) => each.name === node.name);
    const line = `Node: ${node.name} (${detail?.id ?? node.name}): ${stateOf(node)}`;
    if (!options.groupByNode) return [line];
    const running = (detail?.running ?? []).filter(({ implicit }) => !implicit);
    return [line, ...running.map((each) => `\t${primitiveText(each, false)}`)];
  });
  return lines.map((line) => `${line}\n`).join("");
}

function stateOf(node: NodeStatus): string {
  if (node.unclean) return `UNCLEAN (${node.online ? "online" : "offline"})`;
  if (node.standby !== "no") return node.online ? "standby" : "OFFLINE (standby)";
  if (node.pending) return "pending";
  return node.online ? "online" : "OFFLINE";
}

function resourceLines({ status }: ClusterSnapshot, { inactive }: MonOptions): string {
  return status.resources
    .filter((each) => inactive || isActive(status, each, "any"))
    .map((each) => resourceText(each, ""))
    .join("");
}

function inactiveLines({ status }: ClusterSnapshot): string {
  const idle = status.resources.filter((each) => !isActive(status, each, "any"));
  if (idle.length === 0) return "";
  return `\nFull list of inactive resources:\n${idle.map((each) => resourceText(each, "")).join("")}`;
}

function resourceText(resource: ResourceStatus, indent: string): string {
  switch (resource.kind) {
    case "primitive":
      return `${indent}${primitiveText(resource, true)}\n`;
    case "group": {
      const members = resource.members.map((each) => resourceText(each, `${indent}    `));
      return `${indent}Resource Group: ${resource.id}\n${members.join("")}`;
    }
    case "clone": {
      const started = [...resource.promoted, ...resource.started];
      const stopped = resource.stopped.map(({ name }) => name);
      const inner = resource.instances.map((each) => resourceText(each, `${indent}    `)).join("");
      const list = (label: string, names: readonly string[]): string =>
        names.length === 0 ? "" : `${indent}    ${label}: [ ${names.join(" ")} ]\n`;
      return `${indent}Clone Set: ${resource.id}\n${inner}${list("Started", started)}${list("Stopped", stopped)}`;
    }
    case "bundle":
      return resource.replicas.map(({ main }) => resourceText(main, indent)).join("");
  }
}

/** The agent stands as PROVIDER::CLASS:TYPE. */
function primitiveText(primitive: PrimitiveStatus, withNode: boolean): string {
  const parts = primitive.agent.split(":");
  const agent =
    parts.length === 3 ? `${parts[1]}::${parts[0]}:${parts[2]}` : `${parts[0]}:${parts[1]}`;
  const state = primitive.failed ? `${primitive.role} ` : primitive.role;
  const node = withNode && primitive.node !== undefined ? ` ${primitive.node}` : "";
  const flags = [
    ...(primitive.managed ? [] : [" (unmanaged)"]),
    ...(primitive.failed ? [" FAILED"] : []),
  ];
  return `${primitive.name}\t(${agent}):\t${state.trimEnd()}${node}${flags.join("")}`;
}

function failureLines({ failures }: ClusterSnapshot): string {
  if (failures.length === 0) return "";
  const lines = failures.map(
    ({ key, node, callId, rc, opStatus, exitReason }) =>
      `    ${key} (node=${node}, call=${callId}, rc=${rc}, status=${executionText(opStatus)}): ${exitReason}\n`,
  );
  return `Failed actions:\n${lines.join("")}`;
}
