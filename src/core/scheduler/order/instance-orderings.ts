/**
 * Orderings between collectives. With interleave=true each instance waits only for the other collective's instance on
 * its node, else for all of them.
 */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { firstByTask } from "../actions/find-actions.ts";
import { link } from "../actions/link.ts";
import { actionFlag, edge, has, hasAny } from "../model/flags.ts";
import { primitiveInside, variantRank } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, Edge, OrderedUpdate, Resource } from "../model/types.ts";
import { assignResource } from "../place/assign-resource.ts";
import { role } from "../values/role.ts";
import { changedFirst, changedNext, changedNothing } from "./changes.ts";
import { compatibleInstance, instancesOf } from "./compatible-instance.ts";
import { instanceTask } from "./instances.ts";
import { updateForOrderings } from "./update-for-orderings.ts";
import { updateOrderedActions } from "./update-ordered.ts";

const cloneRank = 2;

export function updateInstancesOrdered(update: OrderedUpdate): number {
  const { first, next } = update;
  const collective = next.resource;
  if (collective === undefined) return changedNothing;
  if (canInterleave(first, next)) return updateInterleaved(update, collective);
  let changed = updateOrderedActions(update);
  for (const instance of instancesOf(collective)) changed |= updateInstance(instance, update);
  return changed;
}

function canInterleave(first: Action, next: Action): boolean {
  const [firstOf, nextOf] = [first.resource, next.resource];
  if (firstOf === undefined || nextOf === undefined || firstOf === nextOf) return false;
  if (variantRank(firstOf) < cloneRank || variantRank(nextOf) < cloneRank) return false;
  const down = next.key.endsWith("_stop_0") || next.key.endsWith("_demote_0");
  return booleanOr((down ? firstOf : nextOf).meta.get("interleave"), false);
}

function updateInterleaved(update: OrderedUpdate, collective: Resource): number {
  const { first, next, node, filter, type } = update;
  const firstCollective = first.resource as Resource;
  const firstTask = instanceTask(first);
  // What goes down goes down where it is now.
  const current = first.key.endsWith("_stopped_0") || first.key.endsWith("_demoted_0");
  let changed = changedNothing;
  for (const nextInstance of instancesOf(collective)) {
    const wish = { role: role.unknown, current };
    const firstInstance = compatibleInstance(nextInstance, firstCollective, wish);
    if (firstInstance === undefined) {
      if (keepDown(nextInstance, type, current)) changed |= changedNext;
      continue;
    }
    const firstAction = instanceAction(first, firstInstance, {
      task: firstTask,
      node,
      isFirst: true,
    });
    if (firstAction === undefined) continue;
    const nextAction = instanceAction(next, nextInstance, {
      task: next.task,
      node,
      isFirst: false,
    });
    if (nextAction === undefined) continue;
    if (link(firstAction, nextAction, type)) changed |= changedFirst | changedNext;
    changed |= rulesOf(nextInstance).updateOrdered({
      first: firstAction,
      next: nextAction,
      node,
      flags: rulesOf(firstInstance).actionFlags(firstAction, node),
      filter,
      type,
    });
  }
  return changed;
}

/** Without an instance to follow, what needs one must not come up; but it may go down. */
function keepDown(instance: Resource, type: number, current: boolean): boolean {
  if (current || !hasAny(type, edge.firstBlocksNext | edge.firstForcesNext)) return false;
  return assignResource(instance, undefined, { force: true, stopIfFail: true });
}

type InstanceActionWish = {
  readonly task: string;
  readonly node: OrderedUpdate["node"];
  readonly isFirst: boolean;
};

const inContainerOnly: ReadonlySet<string> = new Set(["promote", "promoted", "demote", "demoted"]);

/**
 * What follows a bundle needs the service inside its container, so the action is that of the primitive inside, except for
 * stops; what a bundle itself must follow concerns the container, except for roles.
 */
function instanceAction(
  action: Action,
  instance: Resource,
  { task, node, isFirst }: InstanceActionWish,
): Action | undefined {
  const inside = isFirst
    ? action.task !== "stop" && action.task !== "stopped"
    : inContainerOnly.has(action.task);
  const primitive = inside ? primitiveInside(instance) : undefined;
  return primitive === undefined
    ? firstByTask(instance, task, node)
    : firstByTask(primitive, task, undefined);
}

function updateInstance(instance: Resource, update: OrderedUpdate): number {
  const { next, node } = update;
  const own = firstByTask(instance, next.task, node);
  if (own === undefined) return changedNothing;
  if (!has(rulesOf(instance).actionFlags(own, node), actionFlag.runnable)) return changedNothing;
  const changed = rulesOf(instance).updateOrdered({ ...update, next: own });
  if (has(changed, changedNext)) {
    for (let i = own.after.length - 1; i >= 0; i--) {
      updateForOrderings((own.after[i] as Edge).action);
    }
  }
  return changed;
}
