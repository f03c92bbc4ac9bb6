/** Orderings -> edges between the actions that exist, then their effects. */
import { parseOperationKey } from "../../../formats/cib/operation-key.ts";
import { allWithKey } from "../actions/find-actions.ts";
import { link } from "../actions/link.ts";
import { resourceAction } from "../actions/resource-action.ts";
import { hasLoop } from "../graph/inclusion.ts";
import { actionFlag, edge, has } from "../model/flags.ts";
import { roleOf } from "../model/resources.ts";
import type { Action, Cluster, ClusterNode, Edge, Ordering, Resource } from "../model/types.ts";
import { opKey } from "../values/op-key.ts";
import { role } from "../values/role.ts";
import { orderProbes } from "./probe-order.ts";
import { blockDependents, updateForOrderings } from "./update-for-orderings.ts";

export function applyOrderings(cluster: Cluster): void {
  // In the order of their making: one may create the action that a later one needs.
  for (let i = 0; i < cluster.orderings.length; i++)
    applyOrdering(cluster.orderings[i] as Ordering);
  newestFirst(cluster.actions, blockDependents);
  orderProbes(cluster);
  newestFirst(cluster.actions, updateForOrderings);
  disableInvalid(cluster);
}

function newestFirst(actions: readonly Action[], visit: (action: Action) => void): void {
  for (let i = actions.length - 1; i >= 0; i--) visit(actions[i] as Action);
}

function applyOrdering(ordering: Ordering): void {
  const { firstResource, nextResource, first, next, flags } = ordering;
  if (firstResource !== undefined) orderFromResource(firstResource, ordering);
  else if (nextResource !== undefined) orderBefore(first, nextResource, ordering);
  else link(first, next, flags);
}

function orderFromResource(resource: Resource, ordering: Ordering): void {
  const { first } = ordering;
  if (first !== undefined) {
    orderAction(first, ordering);
    return;
  }
  for (const action of firstActions(resource, ordering)) orderAction(action, ordering);
}

function orderAction(first: Action, ordering: Ordering): void {
  const nextResource = ordering.nextResource ?? ordering.next?.resource;
  if (nextResource === undefined) link(first, ordering.next, ordering.flags);
  else orderBefore(first, nextResource, ordering);
}

/** What is ordered before something of another resource is created as optional, if it could ever happen. */
function firstActions(resource: Resource, ordering: Ordering): readonly Action[] {
  const key = ordering.firstKey;
  if (key === undefined) return [];
  const found = actionsByTask(resource, key);
  if (found.length > 0 || resource === ordering.nextResource) return found;
  const parsed = parseOperationKey(key);
  if (parsed === undefined) return [];
  const { action: task, intervalMs } = parsed;
  const current = roleOf(resource, true);
  if (current === role.stopped && task === "stop") return [];
  if (current === role.unpromoted && task === "demote") return [];
  const own = opKey(resource.id, task, intervalMs);
  return [
    resourceAction(resource, { key: own, task, intervalMs, node: undefined, optional: true }),
  ];
}

/** By the key as it is, or the same task of this resource. */
function actionsByTask(resource: Resource, key: string): readonly Action[] {
  const found = allWithKey(resource, key);
  if (found.length > 0) return found;
  const parsed = parseOperationKey(key);
  if (parsed === undefined) return [];
  return allWithKey(resource, opKey(resource.id, parsed.action, parsed.intervalMs));
}

function orderBefore(first: Action | undefined, next: Resource, ordering: Ordering): void {
  const thens =
    ordering.next !== undefined
      ? [ordering.next]
      : ordering.nextKey === undefined
        ? []
        : actionsByTask(next, ordering.nextKey);
  let { flags } = ordering;
  if (first?.resource === next && has(first.flags, actionFlag.migrationAbort)) {
    // The stop that ends a dangling migration leaves the target alone.
    flags &= ~edge.firstForcesNext;
  }
  for (const action of thens) {
    if (first !== undefined) link(first, action, flags);
    else if (has(flags, edge.firstForcesNext)) action.flags &= ~actionFlag.runnable;
  }
}

function disableInvalid(cluster: Cluster): void {
  newestFirst(cluster.actions, (action) => {
    for (let i = action.before.length - 1; i >= 0; i--) {
      const input = action.before[i] as Edge;
      if (isInvalid(action, input)) input.flags = edge.none;
    }
  });
}

/** What runs in a guest cannot be ordered before the guest; and two migrations cannot each wait for the other's room. */
function isInvalid(action: Action, input: Edge): boolean {
  const { resource } = action;
  if (
    !has(input.flags, edge.guestAllowed) &&
    input.action.resource !== undefined &&
    resource !== undefined &&
    makesGuest(resource, input.action.node)
  ) {
    return true;
  }
  return (
    input.flags === edge.sameNodeOrTarget &&
    resource !== undefined &&
    action.task === "migrate_to" &&
    hasLoop(action, action, input)
  );
}

function makesGuest(resource: Resource, node: ClusterNode | undefined): boolean {
  return resource.launched.length > 0 && node?.connection?.launcher === resource;
}
