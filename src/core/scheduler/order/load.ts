/** Where capacities count, what leaves a node makes room before something else comes to it. */
import { pseudoAction } from "../actions/create-action.ts";
import { taskKey } from "../actions/task-key.ts";
import { actionFlag, edge } from "../model/flags.ts";
import type { Action, ClusterNode, Resource } from "../model/types.ts";
import { newOrdering } from "./new-ordering.ts";

export function orderAroundLoad(resource: Resource, allowed: readonly ClusterNode[]): void {
  const { cluster } = resource;
  const flags = edge.sameNodeOrTarget;
  for (const node of resource.active) {
    newOrdering(cluster, {
      firstResource: resource,
      firstKey: taskKey(resource, "stop"),
      next: loadStopped(node, resource),
      flags,
    });
  }
  for (const node of allowed) {
    const first = loadStopped(node, resource);
    for (const task of ["start", "migrate_to"]) {
      newOrdering(cluster, {
        first,
        nextResource: resource,
        nextKey: taskKey(resource, task),
        flags,
      });
    }
  }
}

/** Reached when all that leaves the node has left it. */
function loadStopped(node: ClusterNode, { cluster }: Resource): Action {
  const action = pseudoAction(cluster, `load_stopped_${node.name}`);
  if (action.node === undefined) {
    action.node = node;
    action.flags &= ~actionFlag.optional;
  }
  return action;
}
