/**
 * Probes come before whatever their result could change: the start of what depends on the resource, and the restart of
 * that, which the start would otherwise pull along before the result is known.
 */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { allWithKey, taskActions } from "../actions/find-actions.ts";
import { link } from "../actions/link.ts";
import { taskKey } from "../actions/task-key.ts";
import { actionFlag, edge, has } from "../model/flags.ts";
import { topResource, variantRank } from "../model/resources.ts";
import type { Action, Cluster, Edge, Ordering, Resource } from "../model/types.ts";
import { role } from "../values/role.ts";
import { compatibleInstance } from "./compatible-instance.ts";

const groupRank = 1;

export function orderProbes(cluster: Cluster): void {
  for (const resource of cluster.resources) orderAfterProbesOf(resource);
  for (const ordering of cluster.orderings) orderProbesLikeStops(ordering);
}

function orderAfterProbesOf(resource: Resource): void {
  if (resource.variant !== "primitive") {
    resource.children.forEach(orderAfterProbesOf);
    return;
  }
  const visited: Action[] = [];
  for (const probe of taskActions(resource, "monitor", undefined)) {
    for (let i = probe.after.length - 1; i >= 0; i--) {
      const next = probe.after[i] as Edge;
      orderInstanceStarts(probe, next);
      orderRestarts(probe, next.action, visited);
      for (let last = visited.pop(); last !== undefined; last = visited.pop()) {
        last.flags &= ~actionFlag.visited;
      }
    }
  }
}

/** An unrunnable probe blocks inactive instances of its clone, but not the clone, which may be active elsewhere. */
function orderInstanceStarts(probe: Action, { action, flags }: Edge): void {
  const clone = action.resource;
  if (clone === undefined || variantRank(clone) <= groupRank || action.task !== "start") return;
  if (has(probe.flags, actionFlag.runnable) || has(flags, edge.firstBlocksNext)) return;
  if (probe.resource === undefined || topResource(probe.resource) !== clone) return;
  for (let i = action.after.length - 1; i >= 0; i--) {
    const next = (action.after[i] as Edge).action;
    const instance = next.resource;
    if (instance === undefined || instance.active.length > 0 || next.task !== "start") continue;
    if (topResource(instance) !== clone) continue;
    link(probe, next, edge.order | edge.firstBlocksNext);
  }
}

function orderRestarts(probe: Action, after: Action, visited: Action[]): void {
  const own = probe.resource;
  if (own === undefined || own.variant !== "primitive" || probe.task !== "monitor") return;
  if (has(after.flags, actionFlag.visited)) return;
  after.flags |= actionFlag.visited;
  visited.push(after);
  const { resource } = after;
  if (resource?.variant === "primitive" && resource !== own) orderUndoing(probe, after, resource);
  const collective = resource !== undefined && variantRank(resource) > groupRank;
  const interleave = collective && booleanOr(resource.meta.get("interleave"), false);
  const compatible = interleave
    ? compatibleInstance(own, resource, { role: role.unknown, current: false })
    : undefined;
  for (let i = after.after.length - 1; i >= 0; i--) {
    const chained = after.after[i] as Edge;
    if (!has(chained.flags, edge.firstForcesNext)) {
      if (!leadsInside(own, resource, chained)) continue;
      if (interleave && compatible !== chained.action.resource) continue;
    }
    orderRestarts(probe, chained.action, visited);
  }
}

/** A start implies the stop of a restart, and a promotion the demotion. */
function orderUndoing(probe: Action, after: Action, resource: Resource): void {
  const undoing = after.task === "start" ? "stop" : after.task === "promote" ? "demote" : undefined;
  if (undoing === undefined) return;
  for (const next of taskActions(resource, undoing, undefined)) {
    // What fencing implies happens anyway.
    if (!has(next.flags, actionFlag.pseudo)) link(probe, next, edge.order);
  }
}

/** From a collective's action to that of one of its own parts. */
function leadsInside(probed: Resource, collective: Resource | undefined, chained: Edge): boolean {
  const part = chained.action.resource;
  return (
    collective !== undefined &&
    collective.variant !== "primitive" &&
    probed.parent !== collective &&
    part !== undefined &&
    variantRank(part) <= groupRank &&
    part.parent === collective
  );
}

/** What comes after a stop comes after the probes of the same resource too. */
function orderProbesLikeStops(ordering: Ordering): void {
  const { firstResource, nextResource, first, next, flags } = ordering;
  if (flags === edge.none || firstResource === undefined || firstResource === nextResource) return;
  const firstIsStop =
    first === undefined ? ordering.firstKey?.endsWith("_stop_0") : first.task === "stop";
  if (firstIsStop !== true || (next === undefined && ordering.nextKey === undefined)) return;
  if (nextResource !== undefined && firstResource.launcher === nextResource) {
    // What is in a container that stops may be probed only after the container starts again.
    const nextIsStop =
      next === undefined ? ordering.nextKey?.endsWith("_stop_0") : next.task === "stop";
    if (nextIsStop === true) return;
  }
  const probes = allWithKey(firstResource, taskKey(firstResource, "monitor"));
  if (probes.length === 0) return;
  const kept = flags & (edge.unlessFirstMigrates | edge.sameNode);
  const whole = flags === edge.sameNodeIfRequired || flags === edge.sameNodeOrTarget;
  const orderFlags = whole ? flags : edge.order | kept;
  for (const probe of probes) {
    for (const action of nextActions(ordering)) {
      if (isNeededBefore(probe, action)) link(probe, action, orderFlags);
    }
  }
}

function nextActions({ next, nextResource, nextKey }: Ordering): readonly Action[] {
  if (next !== undefined) return [next];
  if (nextResource === undefined || nextKey === undefined) return [];
  return allWithKey(nextResource, nextKey);
}

function isNeededBefore(probe: Action, next: Action): boolean {
  // A node is unfenced first and probed then.
  if (next.task === "stonith" && probe.node === next.node) {
    return next.meta.get("stonith_action")?.toLowerCase() !== "on";
  }
  if (next.task !== "do_shutdown") return true;
  return probe.node === undefined || next.node === undefined || probe.node === next.node;
}
