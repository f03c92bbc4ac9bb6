/**
 * Notifications: with notify=true the instances of a clone are told before and after each start, stop, promotion and
 * demotion of any of them, and who is concerned.
 */
import { compareText } from "../../../base/compare.ts";
import { infinity } from "../../../decision/score.ts";
import { addOwnMeta } from "../actions/action-meta.ts";
import { link } from "../actions/link.ts";
import { resourceAction } from "../actions/resource-action.ts";
import { actionFlag, edge, has } from "../model/flags.ts";
import { guestLauncher } from "../model/nodes.ts";
import { currentNode } from "../model/resources.ts";
import type {
  Action,
  ClusterNode,
  Notification,
  NotifyEntry,
  NotifyList,
  Resource,
} from "../model/types.ts";
import { compareNames } from "../values/name-order.ts";
import { notifyKey } from "../values/op-key.ts";
import { notifyInstances } from "./notify-instances.ts";

export type NotifiedActions = {
  /** What is announced before it is done, and what is reported after. */
  readonly action: Action | undefined;
  readonly complete: Action | undefined;
};

/** The points in the order around the announced task; undefined where the resource wants no notifications. */
export function newNotification(
  resource: Resource,
  task: string,
  { action, complete }: NotifiedActions,
): Notification | undefined {
  if (!resource.notify) return undefined;
  const notification: Notification = {
    task,
    pre: undefined,
    preDone: undefined,
    post: undefined,
    postDone: undefined,
    keys: new Map(),
    lists: {
      start: [],
      stop: [],
      promote: [],
      demote: [],
      active: [],
      inactive: [],
      unpromoted: [],
      promoted: [],
    },
  };
  if (action !== undefined) addBefore(resource, notification, action);
  if (complete !== undefined) addAfter(resource, notification, complete);
  if (action !== undefined && complete !== undefined) {
    link(notification.preDone, notification.post, edge.order);
  }
  return notification;
}

function addBefore(resource: Resource, notification: Notification, action: Action): void {
  const point = (task: string, key: string): Action => {
    const made = newPoint(resource, action, {
      task,
      key,
      when: "pre",
      announced: notification.task,
    });
    made.flags |= actionFlag.runnable;
    return made;
  };
  notification.pre = point("notify", "pre");
  notification.preDone = point("notified", "confirmed-pre");
  link(notification.pre, notification.preDone, edge.order);
  link(notification.preDone, action, edge.order);
}

function addAfter(resource: Resource, notification: Notification, complete: Action): void {
  const point = (task: string, key: string): Action => {
    const announced = notification.task;
    const made = newPoint(resource, complete, { task, key, when: "post", announced });
    made.priority = infinity;
    if (has(complete.flags, actionFlag.runnable)) made.flags |= actionFlag.runnable;
    else made.flags &= ~actionFlag.runnable;
    return made;
  };
  notification.post = point("notify", "post");
  notification.postDone = point("notified", "confirmed-post");
  link(complete, notification.post, edge.firstForcesNext);
  link(notification.post, notification.postDone, edge.firstForcesNext);
}

type Point = {
  readonly task: string;
  readonly key: string;
  readonly when: "pre" | "post";
  readonly announced: string;
};

function newPoint(
  resource: Resource,
  around: Action,
  { task, key, when, announced }: Point,
): Action {
  const action = resourceAction(resource, {
    key: notifyKey(resource.id, key, around.task),
    task,
    node: undefined,
    optional: has(around.flags, actionFlag.optional),
  });
  action.flags |= actionFlag.pseudo;
  addOwnMeta(action, [
    ["notify_key_type", key],
    ["notify_key_operation", around.task],
    ["notify_type", when],
    ["notify_operation", announced],
  ]);
  return action;
}

/** Fills in who is concerned and makes the instances' notify actions. */
export function completeNotification(
  resource: Resource,
  notification: Notification | undefined,
): void {
  if (notification === undefined) return;
  collectEntries(resource, notification, true);
  addKeys(resource, notification);
  notifyInstances(resource, notification);
}

const listOfRole: readonly (readonly NotifyList[])[] = [
  [],
  ["inactive"],
  ["active"],
  ["unpromoted", "active"],
  ["promoted", "active"],
];

export function collectEntries(
  resource: Resource,
  notification: Notification,
  activity: boolean,
): void {
  if (resource.children.length > 0) {
    for (const child of resource.children) collectEntries(child, notification, activity);
    return;
  }
  const { lists } = notification;
  const state = { resource, node: resource.active[0] };
  for (const list of listOfRole[resource.role] ?? []) lists[list].push(state);
  if (!activity) return;
  for (const { task, node, flags } of resource.actions) {
    if (node === undefined || has(flags, actionFlag.optional)) continue;
    // A stop that cannot run is announced when its node is to be fenced.
    const implied = task === "stop" && node.unclean;
    if (!implied && !has(flags, actionFlag.runnable)) continue;
    if (task === "start" || task === "stop" || task === "promote" || task === "demote") {
      lists[task].push({ resource, node });
    }
  }
}

function addKeys(resource: Resource, notification: Notification): void {
  const { lists, keys, task } = notification;
  const add = (name: string, list: NotifyList): void => {
    const entries = distinct(lists[list], name !== "inactive");
    keys.set(`notify_${name}_resource`, words(entries.map((entry) => entry.resource.id)));
    if (name === "inactive") return;
    keys.set(`notify_${name}_uname`, words(entries.map((entry) => entry.node?.name ?? "")));
  };
  for (const list of ["stop", "start", "demote", "promote", "active"] as const) add(list, list);
  add("unpromoted", "unpromoted");
  add("slave", "unpromoted");
  add("promoted", "promoted");
  add("master", "promoted");
  add("inactive", "inactive");
  const allowed = [...resource.allowed.values()].map(({ node }) => node);
  allowed.sort((a, b) => compareNames(a.name, b.name));
  keys.set("notify_available_uname", words(allowed.map((node) => node.name)));
  const { nodes } = resource.cluster;
  if (resource.meta.get("container-attribute-target") === "host") {
    keys.set("notify_all_hosts", words(nodes.map(hostName)));
  }
  keys.set("notify_all_uname", words(nodes.map((node) => node.name)));
  const concerned = task as "start" | "stop" | "promote" | "demote";
  if (lists[concerned].length === 0) return;
  const { pre, preDone, post, postDone } = notification;
  for (const point of [pre, preDone, post, postDone]) {
    if (point !== undefined) point.flags &= ~actionFlag.optional;
  }
}

/** Sorted; each resource once. */
function distinct(entries: readonly NotifyEntry[], withNode: boolean): NotifyEntry[] {
  const sorted = [...entries].sort(
    (a, b) => compareText(a.resource.id, b.resource.id) || compareNodes(a.node, b.node),
  );
  const kept: NotifyEntry[] = [];
  for (const entry of sorted) {
    if (withNode && entry.node === undefined) continue;
    if (kept.at(-1)?.resource.id !== entry.resource.id) kept.push(entry);
  }
  return kept;
}

function compareNodes(a: ClusterNode | undefined, b: ClusterNode | undefined): number {
  if (a === undefined || b === undefined) return Number(a === undefined) - Number(b === undefined);
  return compareText(a.id, b.id);
}

function hostName(node: ClusterNode): string {
  const launcher = guestLauncher(node);
  const host = launcher === undefined ? undefined : currentNode(launcher);
  return (host ?? node).name;
}

/** An agent sees a space where there is nothing. */
function words(list: readonly string[]): string {
  return list.length === 0 ? " " : list.join(" ");
}
