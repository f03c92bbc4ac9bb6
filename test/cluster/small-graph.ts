/** Small transition graphs for tests of what runs them. */
import { assert } from "../../src/base/assert.ts";
import type { GraphAction, TransitionGraph } from "../../src/core/controller/types.ts";

/** An action with the ids of those that it waits for, and its priority. */
export type Row = readonly [action: GraphAction, inputs: readonly number[], priority?: number];

const nothingMore = {
  maintenance: [],
  routerNode: undefined,
  mode: undefined,
  shutdownLock: undefined,
} as const;

export function graphOf(rows: readonly Row[]): TransitionGraph {
  const synapses = rows.map(([action, inputs, priority = 0], index) => ({
    ...{ id: index, priority, action },
    inputs: inputs.map((id) => ({ id })),
  }));
  return {
    ...{ clusterDelay: "60s", batchLimit: "0", migrationLimit: undefined },
    ...{ recheckBy: undefined, synapses },
  };
}

/** An operation of ocf:heartbeat:Xen. */
export function operation(
  id: number,
  name: string,
  node: string,
  more: {
    readonly resource?: string;
    readonly attributes?: GraphAction["attributes"];
  } = {},
): GraphAction {
  const { resource = "r", attributes = [] } = more;
  const agent = { agentClass: "ocf", provider: "heartbeat", type: "Xen" };
  return {
    ...{ id, kind: "resource", operation: name, key: `${resource}_${name}_0`, ...nothingMore },
    ...{ node: { id: node, name: node }, attributes, downed: [] },
    resource: { id: resource, longId: undefined, ...agent },
  };
}

export function point(id: number): GraphAction {
  return {
    ...{ id, kind: "pseudo", operation: "all_stopped", key: "all_stopped", ...nothingMore },
    ...{ node: undefined, resource: undefined, attributes: [], downed: [] },
  };
}

export function clusterAction(
  id: number,
  name: string,
  node: string,
  attributes: GraphAction["attributes"] = [],
): GraphAction {
  return {
    ...{ id, kind: "cluster", operation: name, key: `${name}-${node}`, ...nothingMore },
    ...{ node: { id: node, name: node }, resource: undefined, downed: [], attributes },
  };
}

export function fence(id: number, node: string, how = "reboot"): GraphAction {
  return {
    ...clusterAction(id, "stonith", node, [["CRM_meta_stonith_action", how]]),
    downed: how === "on" ? [] : [node],
  };
}

export function actionIn(graph: TransitionGraph, id: number): GraphAction {
  const found = graph.synapses.find(({ action }) => action.id === id)?.action;
  assert(found !== undefined, "a test asks for an action that its graph has");
  return found;
}
