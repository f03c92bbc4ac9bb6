/** What crm_resource prints of a snapshot. */
import type {
  ClusterSnapshot,
  OperationRecord,
  ResourceHistory,
} from "../../api/cluster-snapshot.ts";
import type {
  PrimitiveStatus,
  ReplicaStatus,
  ResourceStatus,
} from "../../decision/cluster-status.ts";
import { listText } from "../scheduler/list-text.ts";
import { resourceItem } from "../scheduler/resource-text.ts";
import { executionText } from "./execution-text.ts";
import type { TimeTexts } from "./time-texts.ts";

/** Without nodes, as Pacemaker's tool lists them: `crm_mon -1r` has those. */
export function resourceListText({ status }: ClusterSnapshot): string {
  const items = status.resources.map((each) => resourceItem(withoutNodes(each)));
  return listText("Full List of Resources", items.length > 0 ? items : ["No resources"]);
}

/** Primitives and instances by the names that the cluster knows them by; in the order of the configuration. */
export function instanceNames(snapshot: ClusterSnapshot): readonly string[] {
  return instancesOf(snapshot).map(({ id }) => id);
}

export function instancesOf({ status, implicit }: ClusterSnapshot): readonly PrimitiveStatus[] {
  return [...status.resources, ...implicit].flatMap(allPrimitives);
}

/** Whether or not they are like others. */
function allPrimitives(resource: ResourceStatus): readonly PrimitiveStatus[] {
  switch (resource.kind) {
    case "primitive":
      return [resource];
    case "group":
      return resource.members.flatMap(allPrimitives);
    case "clone":
      return resource.parts.flatMap(allPrimitives);
    case "bundle":
      return [
        ...resource.replicas.flatMap((replica) =>
          replica.parts.filter((part) => !isInside(part, replica)),
        ),
        ...resource.replicas.flatMap((replica) =>
          replica.parts.filter((part) => isInside(part, replica)),
        ),
      ];
  }
}

/** It runs in the replica's container: then that has a connection too. */
function isInside(part: PrimitiveStatus, { main, parts }: ReplicaStatus): boolean {
  return part.id === main.id && parts.length > 2;
}

/** The same, each without its node. */
function withoutNodes(resource: ResourceStatus): ResourceStatus {
  switch (resource.kind) {
    case "primitive":
      return placeless(resource);
    case "group":
      return { ...resource, members: resource.members.map(withoutNodes) };
    case "clone":
      return { ...resource, instances: resource.instances.map(withoutNodes) };
    case "bundle":
      return {
        ...resource,
        replicas: resource.replicas.map((replica) => ({
          ...replica,
          main: placeless(replica.main),
        })),
      };
  }
}

function placeless(primitive: PrimitiveStatus): PrimitiveStatus {
  return { ...primitive, node: undefined, nodes: [], nodeLost: false, locked: false };
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

export type OperationLine = {
  readonly operation: OperationRecord;
  readonly node: string;
  readonly history: ResourceHistory;
  /** Undefined for a resource that has only a history. */
  readonly status: PrimitiveStatus | undefined;
};

/** What was done, or only what was done since the last stop. */
export function operationLines(
  snapshot: ClusterSnapshot,
  only: { readonly active: boolean; readonly resource?: string; readonly node?: string },
): readonly OperationLine[] {
  const primitives = instancesOf(snapshot);
  return snapshot.history
    .filter(({ node }) => only.node === undefined || node === only.node)
    .flatMap(({ node, resources }) =>
      resources
        .filter(({ name, id }) => only.resource === undefined || [name, id].includes(only.resource))
        .flatMap((history) => {
          const status =
            primitives.find(({ id }) => id === history.id) ??
            primitives.find(({ name }) => name === history.name);
          return shownOperations(history, only.active).map((operation) => ({
            ...{ operation, node, history, status },
          }));
        }),
    );
}

export function operationsText(lines: readonly OperationLine[], times: TimeTexts): string {
  return lines.map((line) => `${operationLine(line, times)}\n`).join("");
}

/** @param active only what was done since it was last started there: nothing if it was stopped since. */
function shownOperations(history: ResourceHistory, active: boolean): readonly OperationRecord[] {
  const { operations } = history;
  if (!active) return operations;
  const stop = operations.findLastIndex(
    ({ action, opStatus }) => action === "stop" && opStatus === 0,
  );
  const start = startIndex(operations);
  return start < stop ? [] : operations.slice(Math.max(start, 0));
}

/** Where no start is known, something else tells that it ran. */
function startIndex(operations: readonly OperationRecord[]): number {
  const lastOf = (actions: readonly string[]): number =>
    operations.findLastIndex(({ action }) => actions.includes(action));
  const started = lastOf(["start", "migrate_from"]);
  if (started >= 0) return started;
  const promoted = lastOf(["promote", "demote"]);
  if (promoted >= 0) return promoted;
  return operations.findIndex(({ action, rc }) => action === "monitor" && (rc === 0 || rc === 8));
}

function operationLine(line: OperationLine, times: TimeTexts): string {
  const { operation, node, history, status } = line;
  const { key, callId, rc, lastRcChangeS, execMs, opStatus } = operation;
  const head = status === undefined ? history.name : resourceItem(withoutNodes(status));
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
