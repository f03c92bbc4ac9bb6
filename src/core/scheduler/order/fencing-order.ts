/** What fencing a node means for the resources: starts elsewhere wait for it, stops there are implied by it. */
import { firstByTask, taskActions } from "../actions/find-actions.ts";
import { link } from "../actions/link.ts";
import { actionFlag, edge } from "../model/flags.ts";
import { isGuestNode } from "../model/nodes.ts";
import { isAnonymousClone, isBundled, topResource } from "../model/resources.ts";
import type { Action, ClusterNode, Resource } from "../model/types.ts";
import { orderNotificationsAfterFencing } from "./notify-fencing.ts";

export function orderAroundFencing(fencing: Action): void {
  for (const resource of fencing.cluster.resources) orderResource(resource, fencing);
}

function orderResource(resource: Resource, fencing: Action): void {
  if (resource.children.length > 0) {
    for (const child of resource.children) orderResource(child, fencing);
    return;
  }
  const target = fencing.node;
  if (!resource.managed || target === undefined) return;
  orderStarts(resource, fencing, target);
  orderImpliedStops(resource, fencing, target);
  orderImpliedDemotes(resource, fencing, target);
}

/** Safety: what needs fencing starts nowhere before the lost node is fenced. */
function orderStarts(resource: Resource, fencing: Action, target: ClusterNode): void {
  for (let i = resource.actions.length - 1; i >= 0; i--) {
    const action = resource.actions[i] as Action;
    if (action.needs === "fencing") {
      link(fencing, action, edge.order);
    } else if (action.needs === "quorum") {
      // Unknown there: it may be active, as when the DC was lost with its knowledge.
      const unknown = resource.allowed.has(target.id) && !isKnownOn(resource, target);
      if (action.task === "start" && unknown) {
        link(fencing, action, edge.order | edge.firstBlocksNext);
      }
    }
  }
}

function isKnownOn(resource: Resource, node: ClusterNode): boolean {
  if (resource.probed.has(node.id)) return true;
  const { parent } = resource;
  return parent !== undefined && isAnonymousClone(parent) && parent.probed.has(node.id);
}

function orderImpliedStops(resource: Resource, fencing: Action, target: ClusterNode): void {
  const stops = taskActions(resource, "stop", target);
  if (stops.length === 0) return;
  const after = waitsForFencing(resource, target);
  const parentStop = after ? firstByTask(topResource(resource), "stop") : undefined;
  for (const stop of stops) {
    stop.flags |= actionFlag.pseudo | actionFlag.runnable;
    if (after) {
      // In a bundle the parent's ordering is enough, and this one would close a circle.
      if (!isBundled(resource)) link(fencing, stop, edge.guestAllowed);
      link(fencing, parentStop, edge.guestAllowed);
    }
    if (resource.notify) orderNotificationsAfterFencing(stop, resource, fencing);
  }
}

function orderImpliedDemotes(resource: Resource, fencing: Action, target: ClusterNode): void {
  const after = waitsForFencing(resource, target);
  for (const demote of taskActions(resource, "demote", target)) {
    const { node } = demote;
    if (node === undefined) continue;
    if (node.online && !node.unclean && !resource.failed) continue;
    demote.flags |= actionFlag.pseudo | actionFlag.runnable;
    if (!isBundled(resource) && after) link(fencing, demote, edge.guestAllowed | edge.order);
  }
}

/** A guest is "fenced" by stopping it, so on guests even what needs no fencing waits for that. */
function waitsForFencing(resource: Resource, target: ClusterNode): boolean {
  return resource.needsFencing || isGuestNode(target);
}
