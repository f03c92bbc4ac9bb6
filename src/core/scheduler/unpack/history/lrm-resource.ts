/** One resource's history on one node (<lrm_resource>): its operations in their order, then what follows from all. */
import { attribute, childrenNamed, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import { resourceAction, taskAction } from "../../actions/resource-action.ts";
import { targetRole } from "../../model/target-role.ts";
import type { Cluster, ClusterNode, Resource } from "../../model/types.ts";
import { scanInteger } from "../../values/number.ts";
import { opKey } from "../../values/op-key.ts";
import { role } from "../../values/role.ts";
import { wholeSeconds } from "../../values/seconds.ts";
import { findOrAdopt } from "./find-in-history.ts";
import { intervalOfEntry } from "./operation.ts";
import { activeSpan, sortOperations } from "./operation-order.ts";
import { readOperation } from "./operation-result.ts";
import type { HistoryState } from "./remap.ts";
import { applyHistory } from "./resource-state.ts";

/** Undefined if it tells nothing. */
export function readLrmResource(
  cluster: Cluster,
  node: ClusterNode,
  entry: XmlElement,
): Resource | undefined {
  if (attribute(entry, "id") === undefined) return undefined;
  const entries = childrenNamed(entry, "lrm_rsc_op");
  const { shutdownLock } = cluster.settings;
  if (entries.length === 0 && !shutdownLock) return undefined;
  const resource = findOrAdopt(cluster, node, entry, entries.length > 0);
  if (resource === undefined) return undefined;
  if (shutdownLock) readShutdownLock(resource, node, entry);
  const before = resource.role;
  resource.role = role.unknown;
  const state: HistoryState = { onFail: "ignore", lastFailure: undefined };
  const sorted = sortOperations(entries);
  for (const operation of sorted) readOperation(resource, node, operation, state);
  noteRecurring(resource, node, sorted);
  applyHistory(resource, node, state.onFail);
  const wanted = targetRole(resource);
  if (wanted !== undefined && (resource.nextRole === role.unknown || wanted < resource.nextRole)) {
    resource.nextRole = wanted;
  }
  if (before > resource.role) resource.role = before;
  return resource;
}

/** A resource stays locked to a node that shut down cleanly, until the lock's limit. */
function readShutdownLock(resource: Resource, node: ClusterNode, entry: XmlElement): void {
  const { cluster } = resource;
  const locked = scanInteger(attribute(entry, "shutdown-lock")) ?? 0;
  if (locked === 0) return;
  const limit = cluster.settings.shutdownLockMs;
  if (limit > 0 && cluster.now > locked + wholeSeconds(limit)) {
    clearHistory(resource, node);
    return;
  }
  resource.lockNode = node;
  resource.lockTime = locked;
}

export function clearHistory(resource: Resource, node: ClusterNode): void {
  taskAction(resource, "lrm_delete", node, false);
}

/** Recurring operations that are running become optional actions. */
function noteRecurring(resource: Resource, node: ClusterNode, sorted: readonly XmlElement[]): void {
  if (!node.online || !sorted.some((entry) => intervalOfEntry(entry) > 0)) return;
  const { start, stop } = activeSpan(sorted);
  sorted.forEach((entry, index) => {
    if (start < stop && index <= stop) return;
    if (index < start) return;
    const intervalMs = intervalOfEntry(entry);
    if (intervalMs === 0 || attribute(entry, "op-status") === "-1") return;
    const task = attribute(entry, "operation") ?? "";
    const key = opKey(resource.id, task, intervalMs);
    resourceAction(resource, { key, task, intervalMs, node, optional: true });
  });
}
