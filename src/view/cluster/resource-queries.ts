/** What crm_resource prints of a snapshot. */
import type {
  ClusterSnapshot,
  OperationRecord,
  ResourceHistory,
} from "../../api/cluster-snapshot.ts";
import type { PrimitiveStatus, ResourceStatus } from "../../decision/cluster-status.ts";
import { listText } from "../scheduler/list-text.ts";
import { resourceItem } from "../scheduler/resource-text.ts";
import { scoreValue } from "../scheduler/scores-text.ts";
import { executionText } from "./execution-text.ts";
import type { TimeTexts } from "./time-texts.ts";

export function resourceListText({ status }: ClusterSnapshot): string {
  const items = status.resources.map(resourceItem);
  return listText("Full List of Resources", items.length > 0 ? items : ["No resources"]);
}

/** All primitives and instances, with those inside others. */
export function primitivesOf(resources: readonly ResourceStatus[]): readonly PrimitiveStatus[] {
  return resources.flatMap(primitivesIn);
}

function primitivesIn(resource: ResourceStatus): readonly PrimitiveStatus[] {
  switch (resource.kind) {
    case "primitive":
      return [resource];
    case "group":
      return primitivesOf(resource.members);
    case "clone":
      return primitivesOf(resource.instances);
    case "bundle":
      return resource.replicas.map(({ main }) => main);
  }
}

/** The nodes on which a resource, or anything in it, is active; undefined where there is no such resource. */
export function locationsOf(snapshot: ClusterSnapshot, id: string): readonly string[] | undefined {
  const known =
    snapshot.resources.some((each) => each.id === id || each.parents.includes(id)) ||
    snapshot.status.resources.some((each) => each.id === id);
  if (!known) return undefined;
  const members = new Set(
    snapshot.resources
      .filter((each) => each.id === id || each.parents.includes(id))
      .map((each) => each.id),
  );
  const base = (name: string): string => name.replace(/:\d+$/, "");
  return snapshot.nodes
    .filter(({ running }) => running.some((each) => members.has(base(each.id)) || each.id === id))
    .map(({ name }) => name);
}

/** In the words that scripts look for. */
export function locateText(id: string, nodes: readonly string[]): string {
  if (nodes.length === 0) return `resource ${id} is NOT running\n`;
  return nodes.map((node) => `resource ${id} is running on: ${node}\n`).join("");
}

export function operationsText(
  snapshot: ClusterSnapshot,
  only: { readonly active: boolean; readonly resource?: string; readonly node?: string },
  times: TimeTexts,
): string {
  const lines = snapshot.history
    .filter(({ node }) => only.node === undefined || node === only.node)
    .flatMap(({ node, resources }) =>
      resources
        .filter(({ name, id }) => only.resource === undefined || [name, id].includes(only.resource))
        .flatMap((history) =>
          shownOperations(history, only.active).map((operation) =>
            operationLine(snapshot, history, { operation, node, times }),
          ),
        ),
    );
  return lines.map((line) => `${line}\n`).join("");
}

/** What was done since the resource was last stopped there. */
function shownOperations(history: ResourceHistory, active: boolean): readonly OperationRecord[] {
  const sorted = [...history.operations].sort((a, b) => Number(a.callId) - Number(b.callId) || 0);
  if (!active) return sorted;
  const lastOf = (actions: readonly string[]): number =>
    sorted.findLastIndex((each) => actions.includes(each.action) && each.rc === 0);
  const stopped = lastOf(["stop", "migrate_to"]);
  const started = lastOf(["start", "migrate_from", "promote"]);
  if (stopped > started) return sorted.slice(stopped + 1);
  return started < 0 ? sorted : sorted.slice(started);
}

function operationLine(
  snapshot: ClusterSnapshot,
  history: ResourceHistory,
  at: {
    readonly operation: OperationRecord;
    readonly node: string;
    readonly times: TimeTexts;
  },
): string {
  const { operation, node, times } = at;
  const { key, callId, rc, lastRcChangeS, execMs, opStatus } = operation;
  const status = primitivesOf(snapshot.status.resources).find(({ name }) => name === history.name);
  const head = status === undefined ? history.name : resourceItem({ ...status, node: undefined });
  const details = [
    `node=${node}`,
    `call=${callId}`,
    `rc=${rc}`,
    ...(lastRcChangeS === undefined
      ? []
      : [`last-rc-change='${times.full(lastRcChangeS * 1000)}'`]),
    ...(execMs === undefined ? [] : [`exec=${execMs}ms`]),
  ];
  return `${String(head)}: ${key} (${details.join(", ")}): ${executionText(opStatus)}`;
}

/** The location constraints of a resource that a person should know of. */
export function constraintsText(snapshot: ClusterSnapshot, resource: string): string {
  const items = snapshot.locations
    .filter((each) => each.resource === resource)
    .map(({ node, score, id, until }) => {
      const end = until === undefined ? "" : `, until ${until}`;
      return `Node ${node} (score=${scoreValue({ score })}, id=${id}, rsc=${resource}${end})`;
    });
  return items.length === 0 ? "" : listText("Locations", items);
}
