/** Recurring operations: run where the role asks for them, cancelled where not. */
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { expectResult, setMeta } from "../actions/action-meta.ts";
import { triggerUnfencing } from "../actions/fencing.ts";
import { actionsExactlyOn, taskActions } from "../actions/find-actions.ts";
import { link } from "../actions/link.ts";
import { findOperation, intervalOf } from "../actions/operation-config.ts";
import { resourceAction, taskAction } from "../actions/resource-action.ts";
import { taskKey } from "../actions/task-key.ts";
import { actionFlag, edge } from "../model/flags.ts";
import { configError } from "../model/issues.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, ClusterNode, Resource } from "../model/types.ts";
import { opKey } from "../values/op-key.ts";
import { parseRole, type Role, role } from "../values/role.ts";
import { newOrdering } from "./new-ordering.ts";

type Recurring = {
  readonly task: string;
  readonly intervalMs: number;
  readonly key: string;
  readonly role: Role;
};

const neverRecurring: ReadonlySet<string> = new Set([
  "stop",
  "start",
  "demote",
  "promote",
  "reload-agent",
  "migrate_to",
  "migrate_from",
]);

export function createRecurring(resource: Resource): void {
  if (resource.blocked || resource.maintenance) return;
  const { assigned } = resource;
  let start: Action | undefined;
  if (assigned !== undefined && !assigned.maintenance) {
    if (resource.nextRole !== role.stopped || !resource.managed) {
      start = taskAction(resource, "start", assigned, true);
    }
  }
  for (const element of resource.operations) {
    const operation = parseRecurring(resource, element);
    if (operation === undefined) continue;
    if (start !== undefined) whileActive(resource, start, operation);
    whileStopped(resource, operation);
  }
}

/** Cancels a recurring operation on a node. */
function cancelRecurring(
  resource: Resource,
  task: string,
  intervalMs: number,
  node: ClusterNode | undefined,
): Action {
  const key = opKey(resource.id, task, intervalMs);
  const cancel = resourceAction(resource, {
    key,
    task: "cancel",
    intervalMs,
    node,
    optional: false,
  });
  cancel.task = "cancel";
  cancel.cancelTask = task;
  setMeta(cancel, "operation", task);
  setMeta(cancel, "interval", String(intervalMs));
  return cancel;
}

/** Cancels an operation that runs but is no longer wanted, after any stop. */
export function scheduleCancel(
  resource: Resource,
  operation: {
    readonly task: string;
    readonly intervalMs: number;
    readonly callId: string | undefined;
  },
  node: ClusterNode,
): void {
  const cancel = cancelRecurring(resource, operation.task, operation.intervalMs, node);
  if (operation.callId !== undefined) setMeta(cancel, "call-id", operation.callId);
  newOrdering(resource.cluster, {
    firstResource: resource,
    firstKey: taskKey(resource, "stop"),
    nextResource: resource,
    next: cancel,
    flags: edge.order,
  });
}

/** Runs it again with its new definition; the old one ends by itself. */
export function reschedule(
  resource: Resource,
  task: string,
  intervalMs: number,
  node: ClusterNode,
): void {
  triggerUnfencing(resource.cluster, {
    resource,
    node,
    reason: "Device parameters changed (reschedule)",
  });
  const key = opKey(resource.id, task, intervalMs);
  const action = resourceAction(resource, { key, task, intervalMs, node, optional: true });
  action.flags |= actionFlag.reschedule;
}

export function isRecurring(action: Action): boolean {
  const interval = action.meta.get("interval");
  return interval !== undefined && Number.parseInt(interval, 10) > 0;
}

function parseRecurring(resource: Resource, element: XmlElement): Recurring | undefined {
  const intervalMs = intervalOf(element);
  const task = attribute(element, "name");
  const id = attribute(element, "id");
  if (intervalMs === 0 || id === undefined || id === "" || task === undefined) return undefined;
  if (neverRecurring.has(task)) {
    configError(resource.cluster, `${resource.id}: ${task} cannot be recurring`);
    return undefined;
  }
  const same = resource.operations.filter(
    (other) =>
      attribute(other, "name") === task &&
      attribute(other, "id") !== undefined &&
      intervalOf(other) === intervalMs,
  );
  if (same.length > 1) {
    configError(resource.cluster, `${resource.id}: ${task} is there twice with the same interval`);
    return undefined;
  }
  const roleName = attribute(element, "role");
  const wanted = parseRole(roleName);
  if (roleName !== undefined && wanted === role.unknown) {
    configError(resource.cluster, `${resource.id}: role '${roleName}' of ${task} is not valid`);
    return undefined;
  }
  if (findOperation(resource, { task, intervalMs, disabledToo: false }) === undefined) {
    return undefined;
  }
  return { task, intervalMs, key: opKey(resource.id, task, intervalMs), role: wanted };
}

function whileActive(resource: Resource, start: Action, operation: Recurring): void {
  if (operation.role === role.stopped) return;
  const node = resource.assigned;
  const optional = isRunning(resource, node, operation.key, start);
  // Without a role it is for whatever is not promoted.
  const fits =
    operation.role === role.unknown
      ? resource.nextRole !== role.promoted
      : resource.nextRole === operation.role;
  if (!fits) {
    if (optional) cancelForRole(resource, operation, node);
    return;
  }
  const { key, task, intervalMs } = operation;
  const monitor = resourceAction(resource, { key, task, intervalMs, node, optional });
  const startable = (start.flags & actionFlag.runnable) !== 0;
  if (!startable || node === undefined || !node.online || node.unclean) {
    monitor.flags &= ~actionFlag.runnable;
  }
  if (resource.nextRole === role.promoted) expectResult(monitor, 8);
  if (node === undefined || resource.managed) orderMonitor(resource, monitor);
}

/** It runs already, with its present definition, and the resource is not started anew. */
function isRunning(
  resource: Resource,
  node: ClusterNode | undefined,
  key: string,
  start: Action,
): boolean {
  if (node === undefined) return false;
  if ((rulesOf(resource).actionFlags(start, undefined) & actionFlag.optional) === 0) return false;
  const running = actionsExactlyOn(resource, key, node);
  return running.length > 0 && running.every((each) => (each.flags & actionFlag.reschedule) === 0);
}

function cancelForRole(
  resource: Resource,
  { task, intervalMs }: Recurring,
  node: ClusterNode | undefined,
): void {
  const cancel = cancelRecurring(resource, task, intervalMs, node);
  const before = taskThatChangesRole(resource);
  if (before === undefined) return;
  newOrdering(resource.cluster, {
    firstResource: resource,
    first: cancel,
    nextResource: resource,
    nextKey: taskKey(resource, before),
    flags: edge.firstBlocksNext,
  });
}

function taskThatChangesRole(resource: Resource): string | undefined {
  switch (resource.role) {
    case role.unpromoted:
    case role.started:
      if (resource.nextRole === role.promoted) return "promote";
      return resource.nextRole === role.stopped ? "stop" : undefined;
    case role.promoted:
      return "demote";
    default:
      return undefined;
  }
}

function orderMonitor(resource: Resource, monitor: Action): void {
  const { cluster } = resource;
  const after = (task: string, flags: number): void =>
    newOrdering(cluster, {
      firstResource: resource,
      firstKey: taskKey(resource, task),
      next: monitor,
      flags,
    });
  after("start", edge.firstForcesNext | edge.firstBlocksNext);
  after("reload-agent", edge.firstForcesNext | edge.firstBlocksNext);
  if (resource.nextRole === role.promoted) after("promote", edge.order | edge.firstBlocksNext);
  else if (resource.role === role.promoted) after("demote", edge.order | edge.firstBlocksNext);
}

/** Monitors with role=Stopped run on every node where the resource is not, to find it if it is. */
function whileStopped(resource: Resource, operation: Recurring): void {
  if (operation.role !== role.stopped || !resource.unique) return;
  const { cluster } = resource;
  for (const node of cluster.nodes) {
    if (node === resource.assigned) {
      cancelIfRunning(resource, node, operation);
      continue;
    }
    const { key, task, intervalMs } = operation;
    const optional = actionsExactlyOn(resource, key, node).length > 0;
    const monitor = resourceAction(resource, { key, task, intervalMs, node, optional });
    expectResult(monitor, 7);
    if (resource.managed) {
      for (const probe of taskActions(resource, "monitor", node)) {
        link(probe, monitor, edge.firstBlocksNext);
      }
    }
    orderAfterStops(resource, node, monitor);
    if (!node.online || node.unclean) monitor.flags &= ~actionFlag.runnable;
  }
}

function cancelIfRunning(resource: Resource, node: ClusterNode, operation: Recurring): void {
  if (actionsExactlyOn(resource, operation.key, node).length === 0) return;
  const cancel = cancelRecurring(resource, operation.task, operation.intervalMs, node);
  if (resource.nextRole !== role.started && resource.nextRole !== role.unpromoted) return;
  newOrdering(resource.cluster, {
    firstResource: resource,
    first: cancel,
    nextResource: resource,
    nextKey: taskKey(resource, "start"),
    flags: edge.firstBlocksNext,
  });
}

function orderAfterStops(resource: Resource, node: ClusterNode, monitor: Action): void {
  for (const stop of taskActions(resource, "stop", node, true)) {
    const bothRequired = ((stop.flags | monitor.flags) & actionFlag.optional) === 0;
    if (bothRequired && !resource.managed) monitor.flags |= actionFlag.optional;
    if ((stop.flags & actionFlag.runnable) === 0) monitor.flags &= ~actionFlag.runnable;
    if (!resource.managed) continue;
    newOrdering(resource.cluster, {
      firstResource: resource,
      first: stop,
      firstKey: taskKey(resource, "stop"),
      next: monitor,
      flags: edge.firstForcesNext | edge.firstBlocksNext,
    });
  }
}
