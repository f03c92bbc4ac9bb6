/** Promotions and demotions of a promotable clone. */
import { infinity } from "../../../decision/score.ts";
import { link } from "../actions/link.ts";
import { resourcePseudoAction } from "../actions/resource-action.ts";
import { actionFlag, edge, has } from "../model/flags.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, CloneNotifications, Notification, Resource } from "../model/types.ts";
import { orderTasks } from "./new-ordering.ts";
import { newNotification } from "./notifications.ts";

type Change = { promoting: boolean; demoting: boolean };

export function createPromotableActions(clone: Resource, notifications: CloneNotifications): void {
  const change: Change = { promoting: false, demoting: false };
  for (const instance of clone.children) {
    rulesOf(instance).createActions(instance);
    addRoleChange(instance, change);
  }
  const promote = createPoints(clone, ["promote", "promoted"], change.promoting);
  notifications.promote ??= newNotification(clone, "promote", promote);
  const demote = createPoints(clone, ["demote", "demoted"], change.demoting);
  if (notifications.demote === undefined) {
    notifications.demote = newNotification(clone, "demote", demote);
    if (notifications.promote !== undefined) orderNotifications(notifications);
  }
  // For choosing roles the instances had a priority of their own.
  for (const instance of clone.children) instance.priority = clone.priority;
}

function addRoleChange(resource: Resource, change: Change): void {
  if (resource.children.length > 0) {
    for (const child of resource.children) addRoleChange(child, change);
    return;
  }
  for (const { task, flags } of resource.actions) {
    if (has(flags, actionFlag.optional)) continue;
    if (task === "demote") change.demoting = true;
    else if (task === "promote") change.promoting = true;
  }
}

function createPoints(
  clone: Resource,
  [begin, end]: readonly [string, string],
  required: boolean,
): { readonly action: Action; readonly complete: Action } {
  const action = resourcePseudoAction(clone, begin, !required, true);
  const complete = resourcePseudoAction(clone, end, !required, true);
  complete.priority = infinity;
  return { action, complete };
}

function orderNotifications({ start, stop, demote, promote }: CloneNotifications): void {
  const before = (first: Notification | undefined, next: Notification | undefined): void => {
    link(first?.postDone, next?.pre, edge.order);
  };
  before(stop, promote);
  before(start, promote);
  before(demote, promote);
  before(demote, start);
  before(demote, stop);
}

/** Everything is demoted before anything stops, and stopped before anything starts; promotions come last. */
export function orderPromotableRestart(collective: Resource): void {
  const order = (first: string, next: string): void =>
    orderTasks(collective, first, collective, next, edge.order);
  order("stopped", "start");
  order("stopped", "promote");
  order("demoted", "stop");
  order("demoted", "start");
  order("demoted", "promote");
  order("running", "promote");
  order("demote", "demoted");
}

export function orderPromotableInstances(clone: Resource): void {
  orderPromotableRestart(clone);
  let previous: Resource | undefined;
  for (const instance of clone.children) {
    orderTasks(instance, "demote", instance, "promote", edge.order);
    orderTasks(clone, "promote", instance, "promote", edge.order);
    orderTasks(instance, "promote", clone, "promoted", edge.order);
    const sequential = clone.clone?.ordered === true ? previous : undefined;
    if (sequential !== undefined) {
      orderTasks(sequential, "promote", instance, "promote", edge.order);
    }
    orderTasks(clone, "demote", instance, "demote", edge.nextGraphsFirst);
    orderTasks(instance, "demote", clone, "demoted", edge.firstGraphsNext);
    if (sequential !== undefined) orderTasks(instance, "demote", sequential, "demote", edge.order);
    previous = instance;
  }
}
