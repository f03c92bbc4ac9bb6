/** The order inside a group: members start one after the other and stop in reverse. */

import { infinity } from "../../../decision/score.ts";
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { firstByTask } from "../actions/find-actions.ts";
import { resourcePseudoAction } from "../actions/resource-action.ts";
import { actionFlag, edge, has } from "../model/flags.ts";
import { topResource } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, ClusterNode, OrderedUpdate, Resource } from "../model/types.ts";
import { newColocation } from "../place/new-colocation.ts";
import { memberTask } from "./complex-task.ts";
import { orderTasks } from "./new-ordering.ts";
import { updateOrderedActions } from "./update-ordered.ts";

export function createGroupActions(group: Resource): void {
  for (const member of group.children) rulesOf(member).createActions(member);
  const tasks = ["start", "running", "stop", "stopped"];
  if (booleanOr(group.meta.get("promotable"), false)) {
    tasks.push("demote", "demoted", "promote", "promoted");
  }
  for (const task of tasks) resourcePseudoAction(group, task, true, true);
}

type MemberOrder = {
  readonly group: Resource;
  readonly promotable: boolean;
  previous: Resource | undefined;
  lastActive: Resource | undefined;
};

export function addGroupConstraints(group: Resource): void {
  orderTasks(group, "stop", group, "stopped", edge.firstBlocksNext);
  orderTasks(group, "stopped", group, "start", edge.order);
  orderTasks(group, "start", group, "running", edge.firstBlocksNext);
  const order: MemberOrder = {
    group,
    promotable: topResource(group).promotable,
    previous: undefined,
    lastActive: undefined,
  };
  for (const member of group.children) addMemberConstraints(member, order);
}

function addMemberConstraints(member: Resource, order: MemberOrder): void {
  const { group, previous } = order;
  const ordered = group.group?.ordered === true;
  rulesOf(member).internalConstraints(member);
  let down: number = edge.nextGraphsFirst;
  let afterDown: number = edge.firstGraphsNext;
  if (previous === undefined) {
    if (ordered) {
      down |= edge.order;
      afterDown = edge.firstForcesNext;
    }
  } else if (group.group?.colocated === true) {
    newColocation({
      id: "#group-members",
      score: infinity,
      dependent: member,
      primary: previous,
      influence: member.critical,
      explicit: false,
    });
  }
  const up = edge.firstBlocksNext | edge.firstForcesNext | edge.firstGraphsNext;
  if (order.promotable) {
    orderTasks(group, "demote", member, "demote", down);
    orderTasks(member, "demote", group, "demoted", afterDown);
    orderTasks(member, "promote", group, "promoted", up);
    orderTasks(group, "promote", member, "promote", edge.nextGraphsFirst);
  }
  orderTasks(group, "stop", member, "stop", down);
  orderTasks(member, "stop", group, "stopped", afterDown);
  orderTasks(group, "start", member, "start", edge.nextGraphsFirst);
  orderTasks(member, "start", group, "running", up);
  if (!ordered) orderUnordered(member, order);
  else if (previous === undefined) orderFirst(member, order);
  else orderAfterPrevious(member, previous, order);
  orderPartlyActive(member, order);
  order.previous = member;
}

function orderUnordered(member: Resource, { group, promotable }: MemberOrder): void {
  const flags = edge.firstForcesNext | edge.firstBlocksNext | edge.nextGraphsFirst;
  orderTasks(group, "start", member, "start", flags);
  if (promotable) orderTasks(group, "promote", member, "promote", flags);
}

/** The first member's orderings with the group carry no more than that the actions exist. */
function orderFirst(member: Resource, { group, promotable }: MemberOrder): void {
  orderTasks(group, "start", member, "start", edge.none);
  if (promotable) orderTasks(group, "promote", member, "promote", edge.none);
}

function orderAfterPrevious(member: Resource, previous: Resource, order: MemberOrder): void {
  const up = edge.firstForcesNext | edge.firstBlocksNext;
  orderTasks(previous, "start", member, "start", up);
  orderTasks(member, "stop", previous, "stop", edge.order | edge.restart);
  // A member added in the middle starts only after the later ones, which are active, were stopped.
  if (member.active.length > 0 && previous.active.length === 0) {
    orderTasks(member, "stop", previous, "start", edge.nextNeedsFirst | edge.firstBlocksNext);
  }
  if (order.promotable) {
    orderTasks(previous, "promote", member, "promote", up);
    orderTasks(member, "demote", previous, "demote", edge.order);
  }
}

/** Members that are active on both sides of one that is not still stop in sequence. */
function orderPartlyActive(member: Resource, order: MemberOrder): void {
  if (member.active.length === 0) return;
  const { group, previous, lastActive } = order;
  const gap = previous !== undefined && previous.active.length === 0;
  if (group.group?.ordered === true && gap && lastActive !== undefined) {
    if (lastActive.active.length > 0) orderTasks(member, "stop", lastActive, "stop", edge.order);
  }
  order.lastActive = member;
}

/** The group's action is required if any member's is, and can run only if all members' can. */
export function groupActionFlags(action: Action, node: ClusterNode | undefined): number {
  const group = action.resource as Resource;
  let flags = actionFlag.optional | actionFlag.runnable | actionFlag.pseudo;
  for (const member of group.children) {
    const task = memberTask(member, action.task);
    const own = firstByTask(member, task, node);
    if (own === undefined) {
      if (task !== "stop" && task !== "demote") flags &= ~actionFlag.runnable;
      continue;
    }
    const memberFlags = rulesOf(member).actionFlags(own, node);
    if (has(flags, actionFlag.optional) && !has(memberFlags, actionFlag.optional)) {
      flags &= ~actionFlag.optional;
      action.flags &= ~actionFlag.optional;
    }
    const blocked = has(flags, actionFlag.runnable) && !has(memberFlags, actionFlag.runnable);
    if (task !== action.task && blocked) {
      flags &= ~actionFlag.runnable;
      action.flags &= ~actionFlag.runnable;
    }
  }
  return flags;
}

export function updateGroupOrdered(update: OrderedUpdate): number {
  let changed = updateOrderedActions(update);
  const { next, node } = update;
  for (const member of next.resource?.children ?? []) {
    const own = firstByTask(member, next.task, node);
    if (own !== undefined) changed |= rulesOf(member).updateOrdered({ ...update, next: own });
  }
  return changed;
}
