/** Fencing unclean nodes and shutting down those that asked for it; the DC last. */

import { setMeta } from "../actions/action-meta.ts";
import { nodeAction } from "../actions/create-action.ts";
import { canFence, fenceAction } from "../actions/fencing.ts";
import { firstByTask } from "../actions/find-actions.ts";
import { link } from "../actions/link.ts";
import { actionFlag, edge } from "../model/flags.ts";
import { configWarning } from "../model/issues.ts";
import { guestLauncher, isGuestNode, isRemoteKind } from "../model/nodes.ts";
import type { Action, Cluster, ClusterNode, Resource } from "../model/types.ts";
import { orderAroundFencing } from "./fencing-order.ts";
import { newOrdering } from "./new-ordering.ts";

export function scheduleFencingAndShutdowns(cluster: Cluster): void {
  const anyManaged = cluster.resources.some(hasManaged);
  let dcDown: Action | undefined;
  const fencings: Action[] = [];
  const shutdowns: Action[] = [];
  for (const node of cluster.nodes) {
    if (isGuestNode(node)) {
      if (node.remoteReset && anyManaged && canFence(cluster, node)) fenceGuest(cluster, node);
      continue;
    }
    const down = takeDown(cluster, node, anyManaged);
    if (down === undefined) continue;
    if (node === cluster.dc) dcDown = down;
    else if (down.task === "stonith") addFencing(cluster, fencings, down);
    else shutdowns.push(down);
  }
  if (dcDown !== undefined) orderDcLast(cluster, dcDown, fencings, shutdowns);
}

function takeDown(cluster: Cluster, node: ClusterNode, anyManaged: boolean): Action | undefined {
  if (anyManaged && node.unclean && canFence(cluster, node)) {
    const fencing = fenceAction(cluster, node, { optional: false, reason: "node is unclean" });
    orderAroundFencing(fencing);
    return fencing;
  }
  if (node.unclean) configWarning(cluster, `node ${node.name} is unclean and cannot be fenced`);
  if (!isRemoteKind(node) && node.online && node.shutdown) return shutdownAction(cluster, node);
  return undefined;
}

function hasManaged(resource: Resource): boolean {
  return resource.managed || resource.children.some(hasManaged);
}

/** Without concurrent fencing nodes are fenced one after the other. */
function addFencing(cluster: Cluster, fencings: Action[], fencing: Action): void {
  const last = fencings.at(-1);
  if (!cluster.settings.concurrentFencing && last !== undefined) link(last, fencing, edge.order);
  fencings.push(fencing);
}

/** The DC goes last, so that no new one has to be elected in between; but its fencing waits for no shutdown. */
function orderDcLast(
  cluster: Cluster,
  dcDown: Action,
  fencings: readonly Action[],
  shutdowns: readonly Action[],
): void {
  const newestFirst = (actions: readonly Action[]): Action[] => [...actions].reverse();
  if (dcDown.task === "do_shutdown") {
    for (const shutdown of newestFirst(shutdowns)) link(shutdown, dcDown, edge.order);
  }
  const before = cluster.settings.concurrentFencing ? newestFirst(fencings) : fencings.slice(-1);
  for (const fencing of before) link(fencing, dcDown, edge.order);
}

function shutdownAction(cluster: Cluster, node: ClusterNode): Action {
  const key = `do_shutdown-${node.name}`;
  const action = nodeAction(cluster, { key, task: "do_shutdown", node, optional: false });
  orderStopsBefore(cluster, node, action);
  setMeta(action, "op_no_wait", "true");
  return action;
}

/** All that runs there stops first, but what the cluster must not touch. */
function orderStopsBefore(cluster: Cluster, node: ClusterNode, shutdown: Action): void {
  for (let i = cluster.actions.length - 1; i >= 0; i--) {
    const action = cluster.actions[i] as Action;
    const { resource } = action;
    if (action.node !== node || action.task !== "stop" || resource === undefined) continue;
    if (resource.maintenance || node.maintenance) continue;
    if (!resource.managed && !resource.blocked) continue;
    action.flags &= ~actionFlag.optional;
    newOrdering(cluster, {
      firstResource: resource,
      first: action,
      nextKey: "do_shutdown",
      next: shutdown,
      flags: edge.order | edge.firstBlocksNext,
    });
  }
}

/**
 * A guest is fenced by recovering its container; the action only marks that in the order, for whatever waits for the
 * guest to be down.
 */
function fenceGuest(cluster: Cluster, node: ClusterNode): void {
  const launcher = guestLauncher(node);
  const stop = launcher === undefined ? undefined : firstByTask(launcher, "stop");
  const restarts = launcher !== undefined && firstByTask(launcher, "start") !== undefined;
  const fencing = fenceAction(cluster, node, {
    how: restarts ? "reboot" : "off",
    optional: false,
    reason: "guest is unclean",
  });
  fencing.flags |= actionFlag.pseudo | actionFlag.runnable;
  const implied = edge.firstBlocksNext | edge.firstForcesNext;
  if (stop !== undefined && (stop.flags & actionFlag.pseudo) !== 0 && stop.node !== undefined) {
    link(fenceAction(cluster, stop.node, { optional: false }), fencing, implied);
  } else if (stop !== undefined) {
    link(stop, fencing, implied);
  } else if (node.connection !== undefined) {
    // The container seems stopped already; perhaps only its history was cleaned, which a probe will show first.
    link(firstByTask(node.connection, "stop"), fencing, edge.order);
  }
  orderAroundFencing(fencing);
}
