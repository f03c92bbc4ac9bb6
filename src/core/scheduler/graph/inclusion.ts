/** Which actions and which of their orderings become part of the transition. */
import { actionFlag, edge, has, hasAny } from "../model/flags.ts";
import { isGuestNode } from "../model/nodes.ts";
import { isClone } from "../model/resources.ts";
import type { Action, ClusterNode, Edge } from "../model/types.ts";

const { optional, runnable, migratable, visited } = actionFlag;

export function isInTransition(action: Action): boolean {
  const { flags, task, node } = action;
  if (!has(flags, runnable)) return false;
  if (has(flags, optional) && !has(flags, actionFlag.alwaysInGraph)) return false;
  if (isUntouchable(action)) return false;
  if (has(flags, actionFlag.pseudo) || task === "stonith" || task === "do_shutdown") return true;
  return node !== undefined && (has(flags, actionFlag.onDc) || isReachable(node));
}

/** Of an unmanaged resource only the monitors are run or cancelled. */
function isUntouchable({ resource, task, meta }: Action): boolean {
  if (resource === undefined || resource.managed || task === "monitor") return false;
  const interval = meta.get("interval");
  return interval === undefined || interval === "0";
}

function isReachable(node: ClusterNode): boolean {
  if (isGuestNode(node) && !node.remoteReset) return true;
  return node.online && !node.unclean;
}

/** Orderings that can no longer matter are struck out. */
export function isInputInTransition(action: Action, input: Edge): boolean {
  if (input.graphed) return true;
  if (input.flags === edge.none || isExcludedByFlags(input)) return false;
  if (input.flags === edge.sameNodeOrTarget)
    return keepIf(input, isSameTarget(action, input.action));
  if (input.flags === edge.sameNodeIfRequired) {
    return keepIf(input, isSameNodeRequired(action, input.action));
  }
  if (isForgivenStop(action, input.action)) return false;
  const needed = hasAny(input.action.flags, actionFlag.alwaysInGraph | actionFlag.inGraph);
  return !has(input.action.flags, optional) || needed || isInTransition(input.action);
}

const onlyOrders = edge.nextGraphsFirst | edge.firstGraphsNext | edge.order;

function isExcludedByFlags({ action: first, flags }: Edge): boolean {
  if (!has(first.flags, runnable)) {
    if ((flags & ~onlyOrders) === 0) return true;
    if (has(flags, edge.minRunnable) || has(flags, edge.unmigratableNextBlocks)) return true;
  }
  if (!has(first.flags, migratable)) return false;
  return (
    has(flags, edge.unlessFirstMigrates) || (flags === edge.order && first.key.endsWith("_stop_0"))
  );
}

function keepIf(input: Edge, keep: boolean): boolean {
  if (!keep) input.flags = edge.none;
  return keep;
}

/** A migration needs the room where the resource goes, not where the action runs. */
function isSameTarget(action: Action, first: Action): boolean {
  if (action.task === "migrate_to" && action.resource !== undefined) {
    const { assigned } = action.resource;
    return assigned !== undefined && first.node === assigned;
  }
  return first.node !== undefined && first.node === action.node && !has(first.flags, optional);
}

function isSameNodeRequired(action: Action, first: Action): boolean {
  const both = first.node !== undefined && action.node !== undefined;
  return !(both && first.node !== action.node) && !has(first.flags, optional);
}

/** Unmanaged failed instances do not keep their clone from stopping. */
function isForgivenStop(action: Action, first: Action): boolean {
  const { resource } = first;
  return (
    resource !== undefined &&
    resource !== action.resource &&
    resource.failed &&
    !resource.managed &&
    first.key.endsWith("_stop_0") &&
    isClone(action.resource)
  );
}

/** Whether the input leads back to the action where the search began. */
export function hasLoop(start: Action, action: Action, input: Edge): boolean {
  const first = input.action;
  if (has(first.flags, visited) || !isInputInTransition(action, input)) return false;
  if (first === start) return true;
  first.flags |= visited;
  let found = false;
  for (let i = first.before.length - 1; i >= 0 && !found; i--) {
    found = hasLoop(start, first, first.before[i] as Edge);
  }
  first.flags &= ~visited;
  return found;
}
