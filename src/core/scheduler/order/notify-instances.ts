/** The notify actions of each instance. */
import { infinity } from "../../../decision/score.ts";
import { addOwnMeta } from "../actions/action-meta.ts";
import { firstByTask } from "../actions/find-actions.ts";
import { link } from "../actions/link.ts";
import { resourceAction } from "../actions/resource-action.ts";
import { actionFlag, edge, has } from "../model/flags.ts";
import type { Action, ClusterNode, Notification, Resource } from "../model/types.ts";
import { notifyKey } from "../values/op-key.ts";
import { role } from "../values/role.ts";

const announced: ReadonlySet<string> = new Set(["start", "stop", "promote", "demote"]);

export function notifyInstances(resource: Resource, notification: Notification): void {
  if (resource.children.length > 0) {
    for (const child of resource.children) notifyInstances(child, notification);
    return;
  }
  for (const action of resource.actions) {
    const required = !has(action.flags, actionFlag.optional) && action.node !== undefined;
    if (required && announced.has(action.task)) addOwnMeta(action, notification.keys);
  }
  const { task, lists } = notification;
  // A stop may be implied by fencing, so it is announced although nothing is in the list.
  if (task !== "stop" && lists[task as "start"].length === 0) return;
  if (task === "stop" || task === "demote") notifyGoingDown(resource, notification);
  else notifyComingUp(resource, notification);
}

function notifyGoingDown(resource: Resource, notification: Notification): void {
  if (resource.role === role.stopped) return;
  const stop = firstByTask(resource, "stop");
  for (const node of resource.active) {
    // Who is about to be fenced is told nothing.
    const implied = stop !== undefined && has(stop.flags, actionFlag.pseudo);
    if (implied && (node.unclean || node.remoteReset)) continue;
    notifyBefore(resource, node, notification);
    const stays = stop === undefined || has(stop.flags, actionFlag.optional);
    if (notification.task === "demote" || stays) notifyAfter(resource, node, notification);
  }
}

function notifyComingUp(resource: Resource, notification: Notification): void {
  if (resource.nextRole === role.stopped) return;
  const start = firstByTask(resource, "start");
  const connection = start?.node?.connection;
  const connect = connection === undefined ? undefined : firstByTask(connection, "start");
  if (connect !== undefined && !has(connect.flags, actionFlag.runnable)) return;
  const node = resource.assigned;
  if (node === undefined) return;
  const isThere = start === undefined || has(start.flags, actionFlag.optional);
  if (notification.task !== "start" || isThere) notifyBefore(resource, node, notification);
  notifyAfter(resource, node, notification);
}

function notifyBefore(resource: Resource, node: ClusterNode, notification: Notification): void {
  newNotify(resource, node, notification, { point: notification.pre, done: notification.preDone });
}

function notifyAfter(resource: Resource, node: ClusterNode, notification: Notification): void {
  const { post, postDone } = notification;
  const notify = newNotify(resource, node, notification, { point: post, done: postDone });
  if (notify !== undefined) notify.priority = infinity;
  if (postDone === undefined) return;
  // Monitors begin when all have been told.
  for (let i = resource.actions.length - 1; i >= 0; i--) {
    const monitor = resource.actions[i] as Action;
    const interval = monitor.meta.get("interval");
    if (interval === undefined || interval === "0" || monitor.task === "cancel") continue;
    link(postDone, monitor, edge.order);
  }
}

function newNotify(
  resource: Resource,
  node: ClusterNode,
  notification: Notification,
  { point, done }: { readonly point: Action | undefined; readonly done: Action | undefined },
): Action | undefined {
  if (point === undefined || done === undefined || !node.online) return undefined;
  if (!has(point.flags, actionFlag.runnable)) return undefined;
  const when = point.meta.get("notify_type") ?? "";
  const task = point.meta.get("notify_operation") ?? "";
  const notify = resourceAction(resource, {
    key: notifyKey(resource.id, when, task),
    task: point.task,
    node,
    optional: has(point.flags, actionFlag.optional),
  });
  // Its own come before those of the point, and the lists before all.
  addOwnMeta(notify, [...point.meta, ...notify.meta, ...notification.keys]);
  link(point, notify, edge.order);
  link(notify, done, edge.order);
  return notify;
}
