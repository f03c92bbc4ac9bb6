/** What an ordering does to two actions of primitives: one becomes required, or cannot run, because of the other. */
import { setReason } from "../actions/create-action.ts";
import { actionFlag, edge, has } from "../model/flags.ts";
import { roleOf } from "../model/resources.ts";
import type { Action, OrderedUpdate } from "../model/types.ts";
import { role } from "../values/role.ts";
import { changedFirst, changedNext, changedNothing } from "./changes.ts";
import { updateForOrderings } from "./update-for-orderings.ts";

const { optional, runnable, migratable, pseudo } = actionFlag;

export function updateOrderedActions(update: OrderedUpdate): number {
  const { first, next, flags, filter, type } = update;
  const nextBefore = next.flags;
  const firstBefore = first.flags;
  if (has(type, edge.asymmetric)) blockAsymmetric(first, next);
  if (has(type, edge.nextNeedsFirst) && !has(nextBefore, optional)) {
    if (has(filter, optional) && !has(flags, optional) && has(firstBefore, optional)) {
      clearBecause(first, optional, next);
    }
    if (has(flags, migratable) && !has(next.flags, migratable))
      clearBecause(first, migratable, next);
  }
  if (has(type, edge.promotedNextNeedsFirst)) pullForPromoted(update);
  if (has(type, edge.unmigratableNextBlocks) && has(filter, optional)) {
    if (!has(next.flags, migratable | runnable)) clearBecause(first, runnable, next);
    if (!has(next.flags, optional)) clearBecause(first, optional, next);
  }
  if (has(type, edge.firstElseNext) && has(filter, optional) && !has(first.flags, runnable)) {
    clearBecause(next, migratable, first);
    next.flags &= ~pseudo;
  }
  if (has(type, edge.firstBlocksNext) && has(filter, runnable)) {
    if (has(next.flags, runnable) && !has(flags, runnable)) {
      clearBecause(next, runnable, first);
      clearBecause(next, migratable, first);
    }
  }
  if (has(type, edge.firstForcesNext) && has(filter, optional)) {
    const forces = has(next.flags, optional) && !has(flags, optional);
    if (forces && !has(first.flags, migratable)) clearBecause(next, optional, first);
  }
  if (has(type, edge.restart)) updateRestart(first, next, filter);
  let changed = changedNothing;
  if (next.flags !== nextBefore) {
    changed |= changedNext;
    // Cloned groups: what stops must be started again.
    if (next.resource?.parent !== undefined) updateForOrderings(next);
  }
  if (first.flags !== firstBefore) changed |= changedFirst;
  return changed;
}

function clearBecause(action: Action, flag: number, because: Action): void {
  if (!has(action.flags, flag)) return;
  action.flags &= ~flag;
  if (action.resource !== because.resource) setReason(action, changeReason(because, flag), false);
}

function changeReason(because: Action, flag: number): string {
  const what =
    flag === runnable ? "unrunnable" : flag === migratable ? "unmigrateable" : "required";
  const whose = because.resource === undefined ? "" : ` ${because.resource.id}`;
  return `${what}${whose} ${because.task}`;
}

/** Only what is on its way is blocked: a resource that is down already, or up in the right place, stays so. */
function blockAsymmetric(first: Action, next: Action): void {
  const { resource, node, task } = next;
  if (resource === undefined || has(first.flags, runnable)) return;
  if (has(next.flags, optional)) {
    const current = roleOf(resource, true);
    if (current === role.stopped && task === "stop") return;
    const onlyThere = resource.active.length === 1 && resource.active[0] === node;
    if (current >= role.started && task === "start" && onlyThere) return;
  }
  clearBecause(next, optional, first);
  clearBecause(next, runnable, first);
}

function pullForPromoted({ first, next, filter }: OrderedUpdate): void {
  if (next.resource?.role !== role.promoted || !has(filter, optional)) return;
  if (has(next.flags, optional)) return;
  clearBecause(first, optional, next);
  if (has(first.flags, migratable) && !has(next.flags, migratable)) {
    clearBecause(first, migratable, next);
  }
}

/** Stop and start of one resource, or of neighbours in a group: a start that is needed, or cannot be, needs the stop. */
function updateRestart(first: Action, next: Action, filter: number): void {
  const needed = has(filter, optional) && !has(next.flags, optional);
  const impossible =
    has(filter, runnable) &&
    !has(next.flags, runnable) &&
    next.resource?.managed === true &&
    first.resource === next.resource;
  if (!needed && !impossible) return;
  if (has(first.flags, runnable)) clearBecause(first, optional, next);
  if (!has(next.flags, optional)) clearBecause(first, optional, next);
  if (!has(next.flags, migratable)) clearBecause(first, migratable, next);
  if (!has(first.flags, optional) && !has(first.flags, runnable)) {
    clearBecause(next, runnable, first);
  }
}
