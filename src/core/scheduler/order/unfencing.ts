/** Unfencing (stonith action "on"): before anything that needs the node's access to what fencing took away. */
import { fenceAction, triggerUnfencing } from "../actions/fencing.ts";
import { link } from "../actions/link.ts";
import { taskKey } from "../actions/task-key.ts";
import { edge } from "../model/flags.ts";
import type { Action, ClusterNode, Resource } from "../model/types.ts";
import { newOrdering } from "./new-ordering.ts";

/** Fence devices too: agents that unfence often cannot even be asked before. */
export function orderAfterUnfencing(
  resource: Resource,
  node: ClusterNode,
  action: Action,
  flags: number,
): void {
  const { cluster } = resource;
  const concerned = (resource.fenceDevice && cluster.settings.unfencing) || resource.needsUnfencing;
  if (!concerned) return;
  // Optional at first, else every new resource would unfence the node and restart all it runs.
  const unfence = fenceAction(cluster, node, { how: "on", optional: true });
  link(unfence, action, flags);
  if (isUnfenced(node)) return;
  triggerUnfencing(cluster, { node, reason: `required by ${resource.id} ${action.task}` });
}

function isUnfenced(node: ClusterNode): boolean {
  const unfenced = node.attributes.get("#node-unfenced");
  return unfenced !== undefined && unfenced !== "0";
}

/** Stop, unfence, start. */
export function orderRestartAroundUnfencing(resource: Resource, node: ClusterNode): void {
  const { cluster } = resource;
  const unfence = fenceAction(cluster, node, { how: "on", optional: true });
  newOrdering(cluster, {
    firstResource: resource,
    firstKey: taskKey(resource, "stop"),
    next: unfence,
    flags: edge.order | edge.sameNode,
  });
  newOrdering(cluster, {
    first: unfence,
    nextResource: resource,
    nextKey: taskKey(resource, "start"),
    flags: edge.firstForcesNextHere | edge.sameNode,
  });
}
