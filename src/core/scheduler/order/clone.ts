/** The actions and orderings of a clone. */

import { link } from "../actions/link.ts";
import { edge } from "../model/flags.ts";
import { singleLocation } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, CloneNotifications, ClusterNode, Resource } from "../model/types.ts";
import { discovery } from "../model/types.ts";
import { sortChildren } from "../place/clone.ts";
import { compareInstanceNumbers } from "../place/instance-order.ts";
import { collectiveActionFlags, createInstanceActions } from "./instances.ts";
import { orderTasks } from "./new-ordering.ts";
import { completeNotification, newNotification } from "./notifications.ts";
import { probeAll } from "./probes.ts";
import { createPromotableActions, orderPromotableInstances } from "./promotable.ts";

export function createCloneActions(clone: Resource): void {
  const { start, started, stop, stopped } = createInstanceActions(clone, clone.children);
  const notifications = notificationsOf(clone);
  notifications.start ??= newNotification(clone, "start", { action: start, complete: started });
  if (notifications.stop === undefined) {
    notifications.stop = newNotification(clone, "stop", { action: stop, complete: stopped });
    link(notifications.stop?.postDone, notifications.start?.pre, edge.order);
  }
  if (clone.promotable) createPromotableActions(clone, notifications);
}

function notificationsOf(clone: Resource): CloneNotifications {
  const none = { stop: undefined, start: undefined, demote: undefined, promote: undefined };
  if (clone.clone === undefined) return none;
  clone.clone.notifications ??= none;
  return clone.clone.notifications;
}

export function addCloneConstraints(clone: Resource): void {
  orderTasks(clone, "stopped", clone, "start", edge.order);
  orderTasks(clone, "start", clone, "running", edge.firstBlocksNext);
  orderTasks(clone, "stop", clone, "stopped", edge.firstBlocksNext);
  if (clone.promotable) {
    orderTasks(clone, "demoted", clone, "stop", edge.order);
    orderTasks(clone, "running", clone, "promote", edge.firstBlocksNext);
  }
  const ordered = clone.clone?.ordered === true;
  if (ordered) sortChildren(clone, compareInstanceNumbers);
  clone.children.forEach((instance, index) => {
    rulesOf(instance).internalConstraints(instance);
    const up = edge.firstBlocksNext | edge.nextGraphsFirst;
    orderTasks(clone, "start", instance, "start", up);
    orderTasks(instance, "start", clone, "running", edge.firstGraphsNext);
    orderTasks(clone, "stop", instance, "stop", edge.nextGraphsFirst);
    orderTasks(instance, "stop", clone, "stopped", edge.firstGraphsNext);
    if (!ordered) return;
    // Each before every later one, because only some may start or stop.
    for (const later of clone.children.slice(index + 1)) {
      orderTasks(instance, "start", later, "start", edge.order);
      orderTasks(later, "stop", instance, "stop", edge.order);
    }
  });
  if (clone.promotable) orderPromotableInstances(clone);
}

export function cloneActionFlags(action: Action, node: ClusterNode | undefined): number {
  return collectiveActionFlags(action, action.resource?.children ?? [], node);
}

export function createCloneProbe(clone: Resource, node: ClusterNode): boolean {
  if (clone.exclusiveDiscovery) {
    if (clone.allowed.get(node.id)?.discovery !== discovery.exclusive) {
      // Notifications name only the nodes on which the clone can be.
      clone.allowed.delete(node.id);
      return false;
    }
  }
  sortChildren(clone, compareInstanceNumbers);
  if (clone.unique) return probeAll(clone.children, node);
  // One instance speaks for all: one that was there, else one that will be, else the first.
  const instance =
    clone.children.find((each) => wasProbed(each, node)) ??
    clone.children.find((each) => singleLocation(each, { assigned: true }) === node) ??
    clone.children[0];
  return instance !== undefined && rulesOf(instance).createProbe(instance, node);
}

function wasProbed(resource: Resource, node: ClusterNode): boolean {
  if (resource.children.length > 0) return resource.children.some((each) => wasProbed(each, node));
  return resource.probed.has(node.id);
}

/** Before the graph is built the clone's actions take over what became of their instances' actions. */
export function collectCloneActions(clone: Resource, add: (action: Action) => void): void {
  for (const action of [...clone.actions].reverse()) rulesOf(clone).actionFlags(action, undefined);
  const notifications = notificationsOf(clone);
  completeNotification(clone, notifications.start);
  completeNotification(clone, notifications.stop);
  completeNotification(clone, notifications.promote);
  completeNotification(clone, notifications.demote);
  for (const instance of clone.children) rulesOf(instance).collectActions(instance, add);
  for (const action of [...clone.actions].reverse()) add(action);
}
