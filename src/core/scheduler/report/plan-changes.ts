/** Plan -> the changes that people want to know of: fencing and shutdowns, then what happens to each resource. */

import type {
  Change,
  NodeChange,
  ResourceChange,
  ResourceChangeKind,
} from "../../../decision/transition.ts";
import { taskActions } from "../actions/find-actions.ts";
import { actionFlag, has } from "../model/flags.ts";
import { isGuestNode } from "../model/nodes.ts";
import { currentNode } from "../model/resources.ts";
import type { Action, Cluster, ClusterNode, Resource } from "../model/types.ts";
import { type Role, role, roleName } from "../values/role.ts";

const { optional, runnable } = actionFlag;

export function planChanges(cluster: Cluster): Change[] {
  const changes: Change[] = [];
  for (let i = cluster.actions.length - 1; i >= 0; i--) {
    const change = nodeChange(cluster.actions[i] as Action);
    if (change !== undefined) changes.push(change);
  }
  for (const resource of cluster.resources) addResource(resource, changes);
  return changes;
}

function nodeChange(action: Action): NodeChange | undefined {
  const { node, task } = action;
  if (action.resource !== undefined || has(action.flags, optional) || node === undefined) {
    return undefined;
  }
  if (task !== "stonith" && task !== "do_shutdown") return undefined;
  return {
    kind: "node",
    change: task === "stonith" ? "fence" : "shutdown",
    how: task === "stonith" ? action.meta.get("stonith_action") : undefined,
    node: node.name,
    guestOf: isGuestNode(node) ? node.connection?.launcher?.id : undefined,
    reason: action.reason,
  };
}

function addResource(resource: Resource, changes: Change[]): void {
  const parts =
    resource.bundle === undefined
      ? resource.children
      : resource.bundle.replicas
          .flatMap((replica) => [replica.ip, replica.container, replica.remote, replica.child])
          .filter((part) => part !== undefined);
  if (parts.length > 0) {
    for (const part of parts) addResource(part, changes);
    return;
  }
  const from = resource.active.length > 0 ? currentNode(resource) : undefined;
  const to = resource.assigned;
  if (!resource.managed || (from === undefined && (to === undefined || resource.removed))) return;
  const way = wayOf(resource, from, to);
  for (const entry of entriesOf(way)) changes.push(describe(way, entry));
}

/** Where a resource comes from and goes to, with the actions that take it there. */
type Way = {
  readonly resource: Resource;
  readonly from: ClusterNode | undefined;
  readonly to: ClusterNode | undefined;
  readonly began: Role;
  readonly moving: boolean;
  readonly start: Action | undefined;
  readonly stop: Action | undefined;
  readonly promote: Action | undefined;
  readonly demote: Action | undefined;
};

function wayOf(
  resource: Resource,
  from: ClusterNode | undefined,
  to: ClusterNode | undefined,
): Way {
  const start = taskActions(resource, "start", to)[0];
  const stopNode = canRun(start) ? from : undefined;
  return {
    resource,
    from,
    to,
    began: from !== undefined && resource.role === role.stopped ? role.started : resource.role,
    moving: from !== undefined && to !== undefined && from !== to,
    start,
    stop:
      taskActions(resource, "stop", stopNode)[0] ??
      (resource.stopUnexpected ? taskActions(resource, "stop", undefined)[0] : undefined),
    promote: taskActions(resource, "promote", to)[0],
    demote: taskActions(resource, "demote", to)[0],
  };
}

function canRun(action: Action | undefined): boolean {
  return action !== undefined && has(action.flags, runnable);
}

function isRequired(action: Action | undefined): boolean {
  return action !== undefined && !has(action.flags, optional);
}

type Entry = {
  readonly change: ResourceChangeKind;
  readonly from: ClusterNode | undefined;
  readonly to: ClusterNode | undefined;
  readonly action: Action | undefined;
  /** Whose reason is given, when it is not the action's. */
  readonly because?: Action | undefined;
};

function entriesOf(way: Way): Entry[] {
  if (way.began === way.resource.nextRole) {
    const entry = sameRole(way);
    return entry === undefined ? [] : [entry];
  }
  const { resource, from, to, start, stop, promote, demote, began } = way;
  const { nextRole } = resource;
  if (stop !== undefined) {
    const cannotStart = start !== undefined && !canRun(start);
    if (nextRole === role.stopped || cannotStart) return stopsOf(way);
    if (resource.failed && resource.stopIfFailed) {
      return [{ change: "recover", from, to, action: stop, because: start }];
    }
  }
  if (way.moving) return [{ change: "move", from, to, action: stop }];
  if (resource.reload) return [{ change: "reload", from, to, action: start }];
  if (isRequired(stop)) return [{ change: "restart", from, to, action: start }];
  if (began === role.promoted) return [{ change: "demote", from, to, action: demote }];
  if (nextRole === role.promoted) return [{ change: "promote", from, to, action: promote }];
  if (began === role.stopped && nextRole > role.stopped) {
    return [{ change: "start", from, to, action: start }];
  }
  return [];
}

function sameRole(way: Way): Entry | undefined {
  const { resource, from, to, start, stop, promote, demote } = way;
  if (to === undefined) return undefined;
  const migrateFrom = taskActions(resource, "migrate_from", to)[0];
  if (from !== undefined && canRun(migrateFrom))
    return { change: "migrate", from, to, action: start };
  if (resource.reload) return { change: "reload", from, to, action: start };
  if (!isRequired(start)) {
    if (!isRequired(demote) || !isRequired(promote)) return undefined;
    return { change: "re-promote", from, to, action: promote, because: demote };
  }
  if (!canRun(start)) {
    const because = stop?.reason === undefined ? start : stop;
    return { change: "stop", from, to: undefined, action: stop, because };
  }
  if (way.moving) {
    return { change: resource.failed ? "recover" : "move", from, to, action: stop };
  }
  if (resource.failed) return { change: "recover", from, to: undefined, action: stop };
  return { change: "restart", from, to, action: start };
}

function stopsOf({ resource, start }: Way): Entry[] {
  return resource.active.map((node) => {
    const stop = taskActions(resource, "stop", node)[0];
    const because = stop?.reason === undefined ? start : stop;
    return { change: "stop", from: node, to: undefined, action: stop, because };
  });
}

function describe({ resource, began }: Way, entry: Entry): ResourceChange {
  const { action } = entry;
  const because = entry.because ?? action;
  return {
    kind: "resource",
    change: entry.change,
    resource: resource.id,
    from: entry.from?.name,
    to: entry.to?.name,
    role: roleName(began),
    nextRole: roleName(resource.nextRole),
    showsRole: began > role.started || resource.nextRole > role.unpromoted,
    reason: because?.reason,
    blocked: !canRun(action),
  };
}
