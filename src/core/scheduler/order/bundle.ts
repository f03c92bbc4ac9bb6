/** The actions and orderings of a bundle. */
import { infinity } from "../../../decision/score.ts";
import { firstByKey } from "../actions/find-actions.ts";
import { resourcePseudoAction } from "../actions/resource-action.ts";
import { taskKey } from "../actions/task-key.ts";
import { edge } from "../model/flags.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, ClusterNode, Replica, Resource } from "../model/types.ts";
import { maxPerNode } from "../place/clone.ts";
import { newColocation } from "../place/new-colocation.ts";
import { instancesOf } from "./compatible-instance.ts";
import { memberTask } from "./complex-task.ts";
import { collectiveActionFlags, createInstanceActions } from "./instances.ts";
import { newOrdering, orderTasks } from "./new-ordering.ts";
import { orderPromotableRestart } from "./promotable.ts";

export function createBundleActions(bundle: Resource): void {
  for (const { ip, container, remote } of replicasOf(bundle)) {
    for (const part of [ip, container, remote]) {
      if (part !== undefined) rulesOf(part).createActions(part);
    }
  }
  createInstanceActions(bundle, instancesOf(bundle));
  const inside = bundle.bundle?.child;
  if (inside === undefined) return;
  rulesOf(inside).createActions(inside);
  if (!inside.promotable) return;
  for (const [begin, end] of [
    ["promote", "promoted"],
    ["demote", "demoted"],
  ] as const) {
    resourcePseudoAction(bundle, begin, true, true);
    resourcePseudoAction(bundle, end, true, true).priority = infinity;
  }
}

function replicasOf(bundle: Resource): readonly Replica[] {
  return bundle.bundle?.replicas ?? [];
}

export function addBundleConstraints(bundle: Resource): void {
  for (const replica of replicasOf(bundle)) addReplicaConstraints(bundle, replica);
  const inside = bundle.bundle?.child;
  if (inside === undefined) return;
  orderInside(bundle, inside, ["start", "running"]);
  orderInside(bundle, inside, ["stop", "stopped"]);
  rulesOf(inside).internalConstraints(inside);
  if (!inside.promotable) return;
  orderPromotableRestart(bundle);
  orderInside(bundle, inside, ["demote", "demoted"]);
  orderInside(bundle, inside, ["promote", "promoted"]);
}

/** The bundle's task begins before the clone's inside, and ends after it. */
function orderInside(
  bundle: Resource,
  inside: Resource,
  [begin, end]: readonly [string, string],
): void {
  orderTasks(bundle, begin, inside, begin, edge.nextGraphsFirst);
  orderTasks(inside, end, bundle, end, edge.firstGraphsNext);
}

function addReplicaConstraints(bundle: Resource, replica: Replica): void {
  const { container, child, ip, remote } = replica;
  rulesOf(container).internalConstraints(container);
  orderTasks(bundle, "start", container, "start", edge.firstBlocksNext | edge.nextGraphsFirst);
  if (child !== undefined) orderTasks(bundle, "stop", child, "stop", edge.nextGraphsFirst);
  orderTasks(bundle, "stop", container, "stop", edge.nextGraphsFirst);
  orderTasks(container, "start", bundle, "running", edge.firstGraphsNext);
  orderTasks(container, "stop", bundle, "stopped", edge.firstGraphsNext);
  if (ip !== undefined) {
    rulesOf(ip).internalConstraints(ip);
    orderTasks(ip, "start", container, "start", edge.firstBlocksNext | edge.guestAllowed);
    orderTasks(container, "stop", ip, "stop", edge.nextNeedsFirst | edge.guestAllowed);
    newColocation({
      id: "#ip-with-container",
      score: infinity,
      dependent: ip,
      primary: container,
      influence: true,
      explicit: false,
    });
  }
  if (remote !== undefined) rulesOf(remote).internalConstraints(remote);
}

const doneInside: ReadonlySet<string> = new Set([
  "no_action",
  "notify",
  "notified",
  "promote",
  "promoted",
  "demote",
  "demoted",
]);

/** Roles and notifications are a matter of the primitive inside, all else of the containers. */
export function bundleActionFlags(action: Action, node: ClusterNode | undefined): number {
  const bundle = action.resource as Resource;
  const inside = bundle.bundle?.child;
  const instances =
    inside !== undefined && doneInside.has(memberTask(inside, action.task))
      ? inside.children
      : instancesOf(bundle);
  return collectiveActionFlags(action, instances, node);
}

export function createBundleProbe(bundle: Resource, node: ClusterNode): boolean {
  let any = false;
  for (const replica of replicasOf(bundle)) {
    if (probeReplica(bundle, replica, node)) any = true;
  }
  return any;
}

function probeReplica(bundle: Resource, replica: Replica, node: ClusterNode): boolean {
  const { ip, child, container, remote } = replica;
  let any = ip !== undefined && rulesOf(ip).createProbe(ip, node);
  if (child !== undefined && replica.node === node && rulesOf(child).createProbe(child, node)) {
    any = true;
  }
  if (rulesOf(container).createProbe(container, node)) {
    any = true;
    if (maxPerNode(bundle) === 1) orderOtherStarts(bundle, container);
  }
  if (remote === undefined || !rulesOf(remote).createProbe(remote, node)) return any;
  const probe = firstByKey(remote, taskKey(remote, "monitor"), node);
  if (probe === undefined) return any;
  // Where the connection can be probed is known when it is known where its container is.
  newOrdering(bundle.cluster, {
    firstResource: container,
    firstKey: taskKey(container, "start"),
    nextResource: remote,
    next: probe,
    flags: edge.nestedRemoteProbe,
  });
  return true;
}

/** With one replica a host, no other container starts there before it is known that none runs: the port may be taken. */
function orderOtherStarts(bundle: Resource, probed: Resource): void {
  for (const { container } of replicasOf(bundle)) {
    if (container === probed) continue;
    orderTasks(probed, "monitor", container, "start", edge.order | edge.sameNode);
  }
}

export function collectBundleActions(bundle: Resource, add: (action: Action) => void): void {
  const inside = bundle.bundle?.child;
  if (inside !== undefined) rulesOf(inside).collectActions(inside, add);
  for (const { ip, container, remote } of replicasOf(bundle)) {
    for (const part of [ip, container, remote]) {
      if (part !== undefined) rulesOf(part).collectActions(part, add);
    }
  }
}
