/** Actions on a remote node or guest happen while its connection is up. */
import { fenceNode } from "../actions/fencing.ts";
import { taskKey } from "../actions/task-key.ts";
import { actionFlag, edge, has } from "../model/flags.ts";
import { isRemoteKind } from "../model/nodes.ts";
import { currentNode } from "../model/resources.ts";
import type { Action, Cluster, ClusterNode, Resource } from "../model/types.ts";
import { role } from "../values/role.ts";
import { newOrdering } from "./new-ordering.ts";
import { isRecurring } from "./recurring.ts";
import { remoteState } from "./remote-state.ts";

export function orderRemoteActions(cluster: Cluster): void {
  if (!cluster.haveRemoteNodes) return;
  for (let i = cluster.actions.length - 1; i >= 0; i--) {
    const action = cluster.actions[i] as Action;
    if (action.resource !== undefined) orderAction(action, action.resource);
  }
}

function orderAction(action: Action, resource: Resource): void {
  const { node, task } = action;
  if (resource.remoteConnection && task === "clear_failcount") {
    newOrdering(resource.cluster, {
      firstResource: resource,
      first: action,
      nextResource: resource,
      nextKey: taskKey(resource, "start"),
      flags: edge.order,
    });
    return;
  }
  if (node === undefined || !isRemoteKind(node)) return;
  const { connection } = node;
  if (has(action.flags, actionFlag.pseudo) || connection === undefined) return;
  if (task === "start") keepUntilConnected(resource, node, connection);
  const how: Routed = { action, node, connection };
  if (connection.launcher === undefined) orderOnRemote(how);
  else orderOnGuest(how, connection.launcher, resource);
}

/** Moving to a remote node: the stop elsewhere waits for the connection, lest it fail and nothing runs anywhere. */
function keepUntilConnected(resource: Resource, node: ClusterNode, connection: Resource): void {
  for (let i = resource.actions.length - 1; i >= 0; i--) {
    const stop = resource.actions[i] as Action;
    if (stop.task !== "stop" || stop.node === node) continue;
    newOrdering(resource.cluster, {
      firstResource: connection,
      firstKey: taskKey(connection, "start"),
      nextResource: resource,
      next: stop,
      flags: edge.order,
    });
  }
}

type Routed = {
  readonly action: Action;
  readonly node: ClusterNode;
  readonly connection: Resource;
};

function afterStart(first: Resource, next: Action, extra: number): void {
  newOrdering(first.cluster, {
    firstResource: first,
    firstKey: taskKey(first, "start"),
    nextResource: next.resource,
    next,
    flags: edge.guestAllowed | edge.firstBlocksNext | extra,
  });
}

function beforeStop(first: Action, next: Resource, extra: number): void {
  newOrdering(next.cluster, {
    firstResource: first.resource,
    first,
    nextResource: next,
    nextKey: taskKey(next, "stop"),
    flags: edge.guestAllowed | extra,
  });
}

/** Migrations go with the stops. */
function kindOf({ task }: Action): string {
  return task === "migrate_to" || task === "migrate_from" ? "stop" : task;
}

function orderOnRemote({ action, node, connection }: Routed): void {
  const state = remoteState(node, connection);
  switch (kindOf(action)) {
    case "start":
    case "promote":
      // On a node that is given up this must be done again.
      afterStart(connection, action, state === "failed" ? edge.firstForcesNext : 0);
      return;
    case "stop":
      orderStopOnRemote({ action, node, connection });
      return;
    case "demote":
      if (state === "resting" || state === "unknown") afterStart(connection, action, 0);
      return;
    default:
      orderOtherOnRemote({ action, node, connection });
  }
}

function orderStopOnRemote({ action, node, connection }: Routed): void {
  const state = remoteState(node, connection);
  if (state === "alive") {
    beforeStop(action, connection, edge.nextNeedsFirst);
  } else if (state === "failed") {
    // Nothing can be stopped there any more: fencing stops it.
    const reason = "resources are active but connection is unrecoverable";
    fenceNode(connection.cluster, node, reason);
  } else if (connection.nextRole === role.stopped) {
    beforeStop(action, connection, edge.nextNeedsFirst);
  } else {
    afterStart(connection, action, 0);
  }
}

function orderOtherOnRemote({ action, node, connection }: Routed): void {
  if (isRecurring(action)) {
    // Monitors begin anew when the connection does.
    afterStart(connection, action, edge.firstForcesNext);
    return;
  }
  const state = remoteState(node, connection);
  if (action.task === "monitor" && state === "failed") {
    const reason = "resources are in unknown state and connection is unrecoverable";
    fenceNode(connection.cluster, node, reason);
  }
  // Before the connection goes for good it is still asked.
  if (currentNode(connection) !== undefined && state === "stopped") {
    beforeStop(action, connection, edge.firstBlocksNext);
  } else {
    afterStart(connection, action, 0);
  }
}

/** The tasks whose recurring form is restarted with the connection. */
const knownTasks: ReadonlySet<string> = new Set([
  "stopped",
  "running",
  "do_shutdown",
  "stonith",
  "monitor",
  "notify",
  "notified",
  "promoted",
  "demoted",
]);

function orderOnGuest(
  { action, node, connection }: Routed,
  launcher: Resource,
  of: Resource,
): void {
  if (launcher.failed) fenceNode(of.cluster, node, "container failed");
  switch (kindOf(action)) {
    case "start":
    case "promote":
      // What ran in a container that is recovered must be recovered too.
      afterStart(launcher, action, edge.firstForcesNext);
      afterStart(connection, action, 0);
      return;
    case "stop":
    case "demote":
      // The failed container's stop implies it.
      if (!launcher.failed) beforeStop(action, connection, 0);
      return;
    default:
      if (!isRecurring(action)) afterStart(connection, action, 0);
      else if (knownTasks.has(action.task)) afterStart(connection, action, edge.firstForcesNext);
  }
}
