/** What a resource's history on a node leads to: it is active there or not, and a failure has its consequences. */
import { infinity } from "../../../../decision/score.ts";
import { fenceNode } from "../../actions/fencing.ts";
import { taskActions } from "../../actions/find-actions.ts";
import { taskAction } from "../../actions/resource-action.ts";
import { setHistoryId } from "../../model/find-resource.ts";
import { actionFlag } from "../../model/flags.ts";
import { findNode, isGuestNode, isRemoteNode } from "../../model/nodes.ts";
import { isBundled } from "../../model/resources.ts";
import { addScore } from "../../model/scoring.ts";
import type { ClusterNode, OnFail, Resource } from "../../model/types.ts";
import { role } from "../../values/role.ts";
import { addActive } from "./add-active.ts";

export function applyHistory(resource: Resource, node: ClusterNode, failure: OnFail): void {
  const knownActive = resource.role > role.stopped;
  if (resource.role !== role.unknown) noteProbed(resource, node);
  if (knownActive && !node.online && !node.maintenance && resource.managed) {
    fenceLostNode(resource, node);
  }
  // On a node that will be fenced nothing more is done about the failure, so that it can start again elsewhere.
  const onFail = node.unclean ? "ignore" : failure;
  applyOnFail(resource, node, onFail, knownActive);
  fenceFailedConnection(resource);
  if (knownActive) {
    addActive(resource, node, failure !== "ignore");
    if (onFail !== "ignore") {
      resource.failed = true;
      if (onFail !== "demote" && onFail !== "block") resource.stopIfFailed = true;
    }
  } else if (resource.historyId?.includes(":") === true) {
    // Old status sections number stopped instances: the number must stay free.
    setHistoryId(resource, undefined);
  } else {
    for (const stop of taskActions(resource, "stop", node)) stop.flags |= actionFlag.optional;
  }
  keepPartialMigration(resource, node);
}

function noteProbed(resource: Resource, node: ClusterNode): void {
  for (let each: Resource | undefined = resource; each !== undefined; each = each.parent) {
    each.probed.add(node.id);
    if (each.unique) break;
  }
}

/** Safety: what runs on a lost node may go on running there, so the node must be fenced before it runs elsewhere. */
function fenceLostNode(resource: Resource, node: ClusterNode): void {
  const { cluster } = resource;
  if (isGuestNode(node)) {
    resource.failed = true;
    resource.stopIfFailed = true;
    fenceNode(cluster, node, `${resource.id} is thought to be active there`);
    return;
  }
  if (!cluster.settings.fencingEnabled) return;
  let reason = `${resource.id} is thought to be active there`;
  const { connection } = node;
  if (isRemoteNode(node) && connection !== undefined && !connection.failed) {
    // The connection may come up on another member, and then the node need not be fenced.
    node.seen = false;
    reason = `${resource.id} is active there (fencing will be revoked if remote connection can be re-established elsewhere)`;
  }
  fenceNode(cluster, node, reason);
}

function applyOnFail(
  resource: Resource,
  node: ClusterNode,
  onFail: OnFail,
  knownActive: boolean,
): void {
  switch (onFail) {
    case "ignore":
      return;
    case "demote":
      resource.failed = true;
      taskAction(resource, "demote", node, false);
      return;
    case "fence":
      fenceNode(resource.cluster, node, `${resource.id} failed there`);
      return;
    case "standby":
      node.standby = true;
      node.standbyByFailure = true;
      return;
    case "block":
      resource.managed = false;
      resource.blocked = true;
      return;
    case "ban":
      addScore(resource, node, -infinity, "failed there, on-fail=migrate");
      return;
    case "stop":
      resource.nextRole = role.stopped;
      return;
    case "restart":
      if (!knownActive) return;
      markFailed(resource);
      taskAction(resource, "stop", node, false);
      return;
    case "restart-container":
      restartContainer(resource, node, knownActive);
      return;
    case "reset-remote":
      resetRemote(resource, node, knownActive);
  }
}

function markFailed(resource: Resource): void {
  resource.failed = true;
  resource.stopIfFailed = true;
}

function restartContainer(resource: Resource, node: ClusterNode, knownActive: boolean): void {
  markFailed(resource);
  const { launcher } = resource;
  if (launcher !== undefined && isBundled(resource)) {
    // Where the container runs may not be known yet: it is stopped once all history is read.
    resource.cluster.stopNeeded.push(launcher);
  } else if (launcher !== undefined) {
    taskAction(launcher, "stop", node, false);
  } else if (knownActive) {
    taskAction(resource, "stop", node, false);
  }
}

function resetRemote(resource: Resource, node: ClusterNode, knownActive: boolean): void {
  markFailed(resource);
  const { cluster } = resource;
  if (cluster.settings.fencingEnabled && resource.remoteConnection) {
    const remote = findNode(cluster, resource.id);
    if (remote !== undefined && isRemoteNode(remote) && !remote.remoteFenced) {
      fenceNode(cluster, remote, "remote connection is unrecoverable");
    }
  }
  if (knownActive) taskAction(resource, "stop", node, false);
  // With a reconnect interval it stays stopped until the failure is cleared.
  if (resource.reconnectMs > 0) resource.nextRole = role.stopped;
}

/** A failed connection means that its unclean node is fenced even if a reconnection is tried. */
function fenceFailedConnection(resource: Resource): void {
  if (!resource.failed || !resource.remoteConnection) return;
  const remote = findNode(resource.cluster, resource.id);
  if (remote?.unclean === true) remote.seen = true;
}

/** A stop on the source after migrate_to does not mean that the target has nothing. */
function keepPartialMigration(resource: Resource, node: ClusterNode): void {
  const partial =
    resource.role === role.stopped &&
    resource.active.length > 0 &&
    resource.partialMigrationTarget !== undefined &&
    resource.partialMigrationSource === node;
  if (partial) resource.role = role.started;
}
