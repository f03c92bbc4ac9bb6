/**
 * Applies all orderings before an action to it, and goes on with whatever that changes, until nothing changes. Here an
 * optional restart becomes a real one because something it depends on restarts, and a start becomes impossible because
 * what it needs cannot start.
 */

import { infinity } from "../../../decision/score.ts";
import { parseOperationKey } from "../../../formats/cib/operation-key.ts";
import { setReason } from "../actions/create-action.ts";
import { firstByKey, firstByTask } from "../actions/find-actions.ts";
import { link } from "../actions/link.ts";
import { actionFlag, edge, has, hasAny } from "../model/flags.ts";
import { isAncestor, isBundled, isClone, singleLocation, topResource } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, ClusterNode, Edge, OrderedUpdate, Resource } from "../model/types.ts";
import { colocationsWith } from "../place/apply-colocation.ts";
import { notifyKey, opKey } from "../values/op-key.ts";
import { role } from "../values/role.ts";
import { changedFirst, changedNext, changedNothing } from "./changes.ts";
import { endOf } from "./complex-task.ts";

const { optional, runnable } = actionFlag;

export function updateForOrderings(next: Action): void {
  const before = next.flags;
  let changed = changedNothing;
  if (next.requiredRunnableBefore > 0) {
    // Counted anew below, by each of the firsts that can run.
    next.runnableBefore = 0;
    next.flags &= ~runnable;
  }
  for (let i = next.before.length - 1; i >= 0; i--) {
    changed = updateForOne(next, next.before[i] as Edge, changed);
  }
  if (next.requiredRunnableBefore > 0) {
    if (before === next.flags) changed &= ~changedNext;
    else changed |= changedNext;
  }
  if (!has(changed, changedNext)) return;
  if (has(before, runnable) && !has(next.flags, runnable)) blockDependents(next);
  updateForOrderings(next);
  updateAfter(next);
}

function updateAfter(action: Action): void {
  for (let i = action.after.length - 1; i >= 0; i--) {
    updateForOrderings((action.after[i] as Edge).action);
  }
}

function updateForOne(next: Action, relation: Edge, changedBefore: number): number {
  let first = relation.action;
  const firstNode = nodeForOrdering(first);
  const nextNode = nodeForOrdering(next);
  if (
    has(relation.flags, edge.sameNode) &&
    firstNode !== undefined &&
    nextNode !== undefined &&
    firstNode !== nextNode
  ) {
    relation.flags = edge.none;
    return changedBefore;
  }
  let changed = changedBefore & ~changedFirst;
  if (
    first.resource !== undefined &&
    has(relation.flags, edge.nextCancelsFirst) &&
    !has(next.flags, optional)
  ) {
    first.flags |= optional;
    if (first.task === "reload-agent") first.resource.reload = false;
  }
  const apart =
    first.resource !== undefined &&
    next.resource !== undefined &&
    first.resource !== next.resource &&
    !isAncestor(first.resource, next.resource);
  if (apart) first = endOfCollective(first);
  if (first === relation.action) {
    const firstFlags = flagsForOrdering(first, nextNode);
    const nextFlags = flagsForOrdering(next, firstNode);
    changed |= applyRelation(first, next, { firstFlags, nextFlags, relation });
  } else if (link(first, next, relation.flags)) {
    // The ordering moves to the end of the collective; `next` is looked at again because of it.
    changed |= changedNext;
    relation.flags = edge.none;
  }
  if (has(changed, changedFirst)) {
    updateAfter(first);
    updateForOrderings(first);
  }
  return changed;
}

/** A group starts where it is assigned. */
function nodeForOrdering(action: Action): ClusterNode | undefined {
  const { resource } = action;
  if (resource?.variant !== "group" || action.task !== "start") return action.node;
  return singleLocation(resource, { assigned: true });
}

/** For clones the flags on a node, but whether they can run at all counts, not whether they can run there. */
function flagsForOrdering(action: Action, node: ClusterNode | undefined): number {
  const { resource } = action;
  if (resource === undefined) return action.flags;
  const anywhere = rulesOf(resource).actionFlags(action, undefined);
  if (node === undefined || !isClone(resource)) return anywhere;
  const there = rulesOf(resource).actionFlags(action, node);
  return has(anywhere, runnable) ? there | runnable : there;
}

/** What comes after a collective's start comes after it is running, and notified of it where that is configured. */
function endOfCollective(action: Action): Action {
  const { resource, key } = action;
  if (resource === undefined || resource.variant === "primitive") return action;
  if (key.includes("notify")) return action;
  const parsed = parseOperationKey(key);
  if (parsed === undefined || parsed.intervalMs > 0) return firstByKey(resource, key) ?? action;
  const end = endOf(parsed.action);
  if (end === undefined) return firstByKey(resource, key) ?? action;
  const notified = resource.notify && (isClone(resource) || isBundled(resource));
  const endKey = notified
    ? notifyKey(parsed.resource, "confirmed-post", end)
    : opKey(parsed.resource, end, 0);
  return firstByKey(resource, endKey) ?? action;
}

type Relation = {
  readonly firstFlags: number;
  readonly nextFlags: number;
  readonly relation: Edge;
};

function applyRelation(first: Action, next: Action, relation: Relation): number {
  const { firstFlags, nextFlags, relation: order } = relation;
  let node = next.node;
  if (has(order.flags, edge.firstForcesNextHere)) {
    order.flags = (order.flags & ~edge.firstForcesNextHere) | edge.firstForcesNext;
    node = first.node;
  }
  const context = { first, next, node };
  let changed = applyRequirements(context, relation);
  changed |= applyRunnability(context, relation);
  const always = actionFlag.alwaysInGraph;
  const firstRequired = !has(firstFlags, optional);
  if (has(first.flags, runnable) && has(order.flags, edge.firstGraphsNext) && firstRequired) {
    next.flags |= always;
  }
  if (has(order.flags, edge.nextGraphsFirst) && !has(nextFlags, optional)) first.flags |= always;
  const binds = edge.firstForcesNext | edge.nextNeedsFirst | edge.restart;
  if (hasAny(order.flags, binds) && isBlockedStop(first) && has(next.flags, runnable)) {
    next.flags &= ~runnable;
    changed |= changedNext;
  }
  return changed;
}

type Context = Pick<OrderedUpdate, "first" | "next" | "node">;

function update(
  resource: Resource,
  context: Context,
  rest: Pick<OrderedUpdate, "flags" | "filter" | "type">,
): number {
  return rulesOf(resource).updateOrdered({ ...context, ...rest });
}

/** Relations by which one action makes the other required. */
function applyRequirements(context: Context, { firstFlags, relation }: Relation): number {
  const { first, next } = context;
  const { flags } = relation;
  let changed = changedNothing;
  if (has(flags, edge.firstForcesNext)) {
    const type = edge.firstForcesNext;
    if (next.resource !== undefined) {
      const only = firstFlags & optional;
      changed |= update(next.resource, context, { flags: only, filter: optional, type });
    } else if (!has(firstFlags, optional) && has(next.flags, optional)) {
      next.flags &= ~optional;
      changed |= changedNext;
    }
  }
  if (has(flags, edge.restart) && next.resource !== undefined) {
    const filter = optional | runnable;
    changed |= update(next.resource, context, { flags: firstFlags, filter, type: edge.restart });
  }
  if (has(flags, edge.nextNeedsFirst)) {
    const type = edge.nextNeedsFirst;
    if (first.resource !== undefined) {
      changed |= update(first.resource, context, { flags: firstFlags, filter: optional, type });
    } else if (!has(firstFlags, optional) && has(first.flags, runnable)) {
      first.flags &= ~runnable;
      changed |= changedFirst;
    }
  }
  if (has(flags, edge.promotedNextNeedsFirst) && next.resource !== undefined) {
    const type = edge.promotedNextNeedsFirst;
    const only = firstFlags & optional;
    changed |= update(next.resource, context, { flags: only, filter: optional, type });
  }
  return changed;
}

/** Which flag counts in those relations that need nothing else. */
const plainRelations: readonly { readonly type: number; readonly filter: number }[] = [
  { type: edge.unmigratableNextBlocks, filter: optional },
  { type: edge.firstElseNext, filter: optional },
  { type: edge.order, filter: runnable },
  { type: edge.asymmetric, filter: runnable },
];

/** Relations by which one action keeps the other from running. */
function applyRunnability(context: Context, { firstFlags, relation }: Relation): number {
  const { first, next } = context;
  let changed = changedNothing;
  if (has(relation.flags, edge.minRunnable)) changed |= countRunnable(context, firstFlags);
  if (has(relation.flags, edge.nestedRemoteProbe) && next.resource !== undefined) {
    const activeFirst = (first.resource?.active.length ?? 0) > 0;
    if (!has(firstFlags, runnable) && activeFirst) {
      relation.flags = edge.none;
    } else {
      const type = edge.firstBlocksNext;
      changed |= update(next.resource, context, { flags: firstFlags, filter: runnable, type });
    }
  }
  if (has(relation.flags, edge.firstBlocksNext)) {
    const type = edge.firstBlocksNext;
    if (next.resource !== undefined) {
      changed |= update(next.resource, context, { flags: firstFlags, filter: runnable, type });
    } else if (!has(firstFlags, runnable) && has(next.flags, runnable)) {
      next.flags &= ~runnable;
      changed |= changedNext;
    }
  }
  if (next.resource === undefined) return changed;
  for (const { type, filter } of plainRelations) {
    if (!has(relation.flags, type)) continue;
    changed |= update(next.resource, context, { flags: firstFlags, filter, type });
  }
  return changed;
}

function countRunnable(context: Context, firstFlags: number): number {
  const { next } = context;
  if (next.resource !== undefined) {
    const type = edge.minRunnable;
    return update(next.resource, context, { flags: firstFlags, filter: runnable, type });
  }
  if (!has(firstFlags, runnable)) return changedNothing;
  next.runnableBefore++;
  if (next.runnableBefore < next.requiredRunnableBefore || has(next.flags, runnable)) {
    return changedNothing;
  }
  next.flags |= runnable;
  return changedNext;
}

function isBlockedStop({ resource, task, flags }: Action): boolean {
  const blocked = resource !== undefined && !resource.managed && resource.blocked;
  return blocked && task === "stop" && !has(flags, runnable);
}

/** What must be with a resource that cannot start (or be promoted) cannot either. */
export function blockDependents(action: Action): void {
  const { task, resource } = action;
  if (has(action.flags, runnable) || resource === undefined) return;
  const isStart = task === "start";
  if (!isStart && task !== "promote") return;
  let whole = topResource(resource);
  if (whole.parent !== undefined) whole = whole.parent;
  // One part that can is enough.
  for (const child of whole.children) {
    const own = firstByTask(child, task);
    if (own === undefined || has(own.flags, runnable)) return;
  }
  for (const colocation of colocationsWith(whole)) {
    if (colocation.score < infinity) continue;
    if (!isStart && colocation.primaryRole !== role.promoted) continue;
    const blocked = colocation.dependentRole === role.promoted ? "promote" : "start";
    markBlocked(colocation.dependent, blocked, resource);
  }
}

function markBlocked(resource: Resource, task: string, because: Resource): void {
  for (let i = resource.actions.length - 1; i >= 0; i--) {
    const action = resource.actions[i] as Action;
    if (!has(action.flags, runnable) || action.task !== task) continue;
    action.flags &= ~runnable;
    setReason(action, `colocation with ${because.id}`, false);
    blockDependents(action);
    updateForOrderings(action);
  }
  for (const child of resource.children) markBlocked(child, task, because);
}
