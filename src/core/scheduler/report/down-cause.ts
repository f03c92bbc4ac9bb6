/** Why a resource will not run: the first cause that holds, from what people decided to what the cluster could not do. */

import type { DownCause, FailureReason } from "../../../decision/reasons.ts";
import { attribute } from "../../../formats/xml/xml-element.ts";
import { firstByTask } from "../actions/find-actions.ts";
import { actionFlag, edge, has, hasAny } from "../model/flags.ts";
import { configuredId, isDisabled } from "../model/resources.ts";
import type { Action, ClusterNode, Resource } from "../model/types.ts";
import { isUsable } from "../place/usable.ts";
import { scanInteger } from "../values/number.ts";
import { whyNotFenced } from "./node-reasons.ts";

/** Enough to see what is the matter. */
const actionsNamed = 10;

export function downCause(resource: Resource): DownCause {
  // A stop that failed comes before the wish to stop: that is what has not been fulfilled.
  if (resource.failed && resource.blocked) return blockedBy(resource);
  return wanted(resource) ?? untouchedBecause(resource) ?? impossible(resource);
}

function blockedBy(resource: Resource): DownCause {
  const { active } = resource;
  const activeOn = active.length > 1 ? active.map(({ name }) => name) : [];
  return { kind: "blocked", failures: failedOperations(resource), activeOn };
}

function frozenBy({ tickets, active }: Resource): DownCause | undefined {
  if (active.length === 0) return undefined;
  const lost = tickets.find((each) => each.lossPolicy === "freeze" && !each.ticket.granted);
  return lost && { kind: "ticket", ticket: lost.ticket.id };
}

/** What people decided. */
function wanted(resource: Resource): DownCause | undefined {
  const { settings } = resource.cluster;
  if (resource.removed) return { kind: "removed", kept: !settings.stopRemoved };
  for (let up: Resource | undefined = resource; up !== undefined; up = up.parent) {
    if (isDisabled(up) && up.meta.get("target-role")?.toLowerCase() === "stopped") {
      return { kind: "disabled", by: configuredId(up) };
    }
  }
  if (settings.stopAll) return { kind: "stop-all-resources" };
  return undefined;
}

/** What makes the cluster leave it alone. */
export function untouchedBecause(resource: Resource): DownCause | undefined {
  const { cluster } = resource;
  if (resource.blocked)
    return (resource.failed ? undefined : frozenBy(resource)) ?? blockedBy(resource);
  if (resource.removed) return { kind: "removed", kept: !cluster.settings.stopRemoved };
  if (resource.maintenance) return maintenanceOf(resource);
  if (cluster.settings.fencingEnabled && !cluster.haveFencing) return { kind: "no-fence-device" };
  return resource.managed ? undefined : { kind: "unmanaged" };
}

function maintenanceOf({ cluster, active }: Resource): DownCause {
  if (cluster.settings.maintenance) return { kind: "maintenance", of: "cluster", node: undefined };
  const node = active.find((each) => each.maintenance);
  return { kind: "maintenance", of: node === undefined ? "resource" : "node", node: node?.name };
}

/** What the cluster still knows to have failed of it. */
export function failedOperations(resource: Resource): FailureReason[] {
  return resource.cluster.failed
    .filter((failed) => failed.resource === resource)
    .map(({ node, xml }) => ({
      operation: attribute(xml, "operation_key") ?? attribute(xml, "operation") ?? "",
      node: node.name,
      rc: scanInteger(attribute(xml, "rc-code")) ?? 0,
      exitReason: attribute(xml, "exit-reason"),
    }));
}

/** What stands in the way. */
function impossible(resource: Resource): DownCause {
  const { settings } = resource.cluster;
  const { assigned } = resource;
  const unfenced = unfencedNodes(resource);
  if (assigned === undefined) {
    const surplus = resource.parent?.variant === "clone" && someNodeFree(resource);
    if (surplus) return { kind: "surplus-instance" };
    return unfenced.length > 0 ? { kind: "unfenced-nodes", nodes: unfenced } : { kind: "no-node" };
  }
  const start = firstByTask(resource, "start", assigned);
  if (start?.reason === "no quorum" || start?.reason === "quorum freeze") {
    return { kind: "no-quorum", policy: settings.noQuorumPolicy };
  }
  if (unfenced.length > 0) return { kind: "unfenced-nodes", nodes: unfenced };
  const actions = start === undefined ? [] : obstructing(start);
  if (actions.length > 0) return { kind: "waits-for", actions };
  return neededFor(start?.reason) ?? { kind: "other", reason: start?.reason };
}

/** The reason of an action names what made it impossible: "unrunnable ClusterIP start", "colocation with central". */
function neededFor(reason: string | undefined): DownCause | undefined {
  const after = /^(?:unrunnable|required) (\S+) \S+$/.exec(reason ?? "")?.[1];
  if (after !== undefined) return { kind: "needs", on: after, how: "after" };
  const together = /^colocation with (\S+)$/.exec(reason ?? "")?.[1];
  return together === undefined ? undefined : { kind: "needs", on: together, how: "together" };
}

/** Some node could run an instance, so this one is merely too many. */
function someNodeFree({ parent }: Resource): boolean {
  for (const candidate of parent?.allowed.values() ?? []) {
    if (isUsable(candidate.node) && candidate.score >= 0) return true;
  }
  return false;
}

/** Where it may be active although nobody can know. */
function unfencedNodes(resource: Resource): string[] {
  const { cluster } = resource;
  const doubtful = (node: ClusterNode): boolean =>
    node.unclean && whyNotFenced(cluster, node) !== undefined;
  return resource.active.filter(doubtful).map((node) => node.name);
}

const blocks = edge.firstBlocksNext | edge.firstForcesNext | edge.restart | edge.nextNeedsFirst;

function obstructing(action: Action): string[] {
  const found: string[] = [];
  for (const { action: first, flags } of action.before) {
    if (has(first.flags, actionFlag.runnable) || !hasAny(flags, blocks)) continue;
    if (found.length < actionsNamed) found.push(first.key);
  }
  return found.sort();
}
