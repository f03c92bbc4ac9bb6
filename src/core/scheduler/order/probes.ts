/** Probes: one-off monitors that find out where a resource is before anything is done with it. */
import { expectResult } from "../actions/action-meta.ts";
import { fenceNode } from "../actions/fencing.ts";
import { taskAction } from "../actions/resource-action.ts";
import { taskKey } from "../actions/task-key.ts";
import { actionFlag, edge } from "../model/flags.ts";
import { guestLauncher, isGuestNode, isRemoteKind } from "../model/nodes.ts";
import { topResource } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, Cluster, ClusterNode, Resource } from "../model/types.ts";
import { discovery } from "../model/types.ts";
import { role } from "../values/role.ts";
import { newOrdering, orderTasks } from "./new-ordering.ts";
import { isFailedRemoteNode } from "./remote-state.ts";
import { orderAfterUnfencing } from "./unfencing.ts";

export function scheduleProbes(cluster: Cluster): void {
  for (const node of cluster.nodes) {
    if (!node.online) {
      if (isFailedRemoteNode(node)) {
        fenceNode(cluster, node, "the connection is unrecoverable");
      }
      continue;
    }
    if (node.unclean || !node.probesAllowed) continue;
    probeAll(cluster.resources, node);
  }
}

/** True if any probe was created. */
export function probeAll(resources: readonly Resource[], node: ClusterNode): boolean {
  let any = false;
  for (const resource of resources) {
    if (rulesOf(resource).createProbe(resource, node)) any = true;
  }
  return any;
}

export function probeOn(resource: Resource, node: ClusterNode): boolean {
  const { cluster } = resource;
  if (!cluster.settings.probes) return false;
  if (isRemoteKind(node) && cannotBeOnRemote(resource, node)) return false;
  if (resource.children.length > 0) return probeAll(resource.children, node);
  if (resource.launcher !== undefined && !resource.remoteConnection) return false;
  if (resource.removed || resource.probed.has(node.id)) return false;
  const top = topResource(resource);
  const allowed = resource.allowed.get(node.id);
  if (resource.exclusiveDiscovery || top.exclusiveDiscovery) {
    if (allowed?.discovery !== discovery.exclusive) return false;
  }
  if ((allowed ?? node.base).discovery === discovery.never) return false;
  if (isGuestNode(node) && isGuestDown(node, top)) return false;
  orderAfterProbe(resource, node, top);
  return true;
}

function cannotBeOnRemote(resource: Resource, node: ClusterNode): boolean {
  if (resource.fenceDevice || resource.remoteConnection) return true;
  return isGuestNode(node) && resource.launched.some((each) => each.remoteConnection);
}

/** On a guest that is stopped, or will stop, nothing is active; what shall run there waits for the guest. */
function isGuestDown(node: ClusterNode, top: Resource): boolean {
  const guest = guestLauncher(node);
  if (guest === undefined) return false;
  if (guest.role === role.stopped) {
    const { assigned } = guest;
    if (assigned !== undefined && !guest.probed.has(assigned.id)) {
      orderTasks(guest, "monitor", top, "start", edge.order);
    }
    return true;
  }
  if (!willStop(node, guest)) return false;
  orderTasks(guest, "stop", top, "start", edge.order);
  return true;
}

function willStop(node: ClusterNode, guest: Resource): boolean {
  const moving =
    guest.role > role.stopped &&
    guest.assigned !== undefined &&
    !guest.active.includes(guest.assigned);
  return (
    node.remoteReset || node.unclean || guest.failed || guest.nextRole === role.stopped || moving
  );
}

/** Instances of a clone are started by the clone, so that is what waits. */
function orderAfterProbe(resource: Resource, node: ClusterNode, outermost: Resource): void {
  const { cluster } = resource;
  const probe = probeAction(resource, node);
  const top = outermost.variant === "clone" ? outermost : resource;
  let flags: number = edge.order;
  // What cannot be probed is not started; but what is active already is left alone.
  if ((probe.flags & actionFlag.runnable) === 0 && top.active.length === 0) {
    flags |= edge.firstBlocksNext;
  }
  const before = (task: string, how: number): void =>
    newOrdering(cluster, {
      firstResource: resource,
      first: probe,
      nextResource: top,
      nextKey: taskKey(task === "start" ? top : resource, task),
      flags: how,
    });
  before("start", flags);
  // Whatever is reloaded is known before anything is probed.
  if (resource.reload) before("reload-agent", edge.order);
}

function probeAction(resource: Resource, node: ClusterNode): Action {
  const probe = taskAction(resource, "monitor", node, false);
  probe.flags &= ~actionFlag.optional;
  orderAfterUnfencing(resource, node, probe, edge.order);
  if (!resource.active.includes(node)) expectResult(probe, 7);
  else if (resource.role === role.promoted) expectResult(probe, 8);
  return probe;
}
