/** Definitions that changed: what runs with old parameters is restarted, reloaded or rescheduled. */
import { attribute, childrenNamed, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { needsBundleHost } from "../actions/bundle-address.ts";
import { setReason } from "../actions/create-action.ts";
import { compareDigests } from "../actions/digests.ts";
import { clearFailCount, failCount } from "../actions/fail-count.ts";
import { triggerUnfencing } from "../actions/fencing.ts";
import { findOperation } from "../actions/operation-config.ts";
import { resourceAction, taskAction } from "../actions/resource-action.ts";
import { taskKey } from "../actions/task-key.ts";
import { resourcesMatching } from "../model/find-resource.ts";
import { edge } from "../model/flags.ts";
import { isAnonymousClone, topResource } from "../model/resources.ts";
import type { Cluster, ClusterNode, ParameterDigests, Resource } from "../model/types.ts";
import { isUsable } from "../place/usable.ts";
import { lrmResources } from "../unpack/history/lrm-entries.ts";
import { intervalOfEntry } from "../unpack/history/operation.ts";
import { activeSpan, sortOperations } from "../unpack/history/operation-order.ts";
import { sectionNamed } from "../unpack/status.ts";
import { opKey } from "../values/op-key.ts";
import { newOrdering, orderTasks } from "./new-ordering.ts";
import { reschedule, scheduleCancel } from "./recurring.ts";

export function handleConfigChanges(cluster: Cluster): void {
  const states = childrenOf(sectionNamed(cluster.input, "status"), "node_state");
  for (const node of cluster.nodes) {
    // On a node in maintenance the monitors are still cancelled.
    if (!node.maintenance && !isUsable(node)) continue;
    const own = states.filter((state) => attribute(state, "uname") === node.name);
    const [state] = own;
    if (state === undefined || own.length > 1) continue;
    for (const entry of lrmResources(state)) {
      const id = attribute(entry, "id");
      if (id === undefined || entry.children.length === 0) continue;
      for (const resource of resourcesMatching(cluster, id)) {
        if (resource.variant === "primitive") checkHistory(resource, node, entry);
      }
    }
  }
}

/** Checks that had to wait until the hosts of bundles are known. */
export function runDeferredChecks(cluster: Cluster): void {
  for (const { resource, node, xml, kind } of cluster.parameterChecks) {
    const changed =
      kind === "active"
        ? checkOperation(resource, node, xml) && hasFailed(resource, node)
        : isChanged(compareDigests(resource, node, xml));
    if (changed) clearFailCount(resource, node);
  }
  cluster.parameterChecks.length = 0;
}

function childrenOf(element: XmlElement | undefined, name: string): readonly XmlElement[] {
  return element === undefined ? [] : childrenNamed(element, name);
}

function isChanged({ verdict }: ParameterDigests): boolean {
  return verdict !== "unknown" && verdict !== "match";
}

function hasFailed(resource: Resource, node: ClusterNode): boolean {
  return failCount(resource, node, { effective: true }).count !== 0;
}

function checkHistory(resource: Resource, node: ClusterNode, entry: XmlElement): void {
  if (resource.removed) {
    if (!isAnonymousClone(topResource(resource))) scheduleCleanup(resource, node);
    return;
  }
  const active = resource.active.includes(node);
  if (agentChanged(resource, node, entry, active)) scheduleCleanup(resource, node);
  if (!active) return;
  const sorted = sortOperations(childrenNamed(entry, "lrm_rsc_op"));
  const { start, stop } = activeSpan(sorted);
  if (start < stop) return;
  sorted.forEach((operation, index) => {
    if (index >= start) checkRecorded(resource, node, operation);
  });
}

const checkedTasks: ReadonlySet<string> = new Set(["monitor", "start", "promote", "migrate_from"]);

function checkRecorded(resource: Resource, node: ClusterNode, operation: XmlElement): void {
  const task = attribute(operation, "operation") ?? "";
  const intervalMs = intervalOfEntry(operation);
  if (intervalMs > 0 && (resource.maintenance || node.maintenance)) {
    const callId = attribute(operation, "call-id");
    scheduleCancel(resource, { task, intervalMs, callId }, node);
    return;
  }
  if (intervalMs === 0 && !checkedTasks.has(task.toLowerCase())) return;
  if (needsBundleHost(resource)) {
    resource.cluster.parameterChecks.push({ resource, node, xml: operation, kind: "active" });
  } else if (checkOperation(resource, node, operation) && hasFailed(resource, node)) {
    clearFailCount(resource, node);
  }
}

/** True if the definition changed, and then what follows is scheduled. */
function checkOperation(resource: Resource, node: ClusterNode, operation: XmlElement): boolean {
  const { cluster } = resource;
  const intervalMs = intervalOfEntry(operation);
  let task = attribute(operation, "operation") ?? "";
  if (intervalMs > 0) {
    const configured = findOperation(resource, { task, intervalMs, disabledToo: false });
    if (configured === undefined) {
      const callId = attribute(operation, "call-id");
      if (cluster.settings.cancelRemoved)
        scheduleCancel(resource, { task, intervalMs, callId }, node);
      return true;
    }
  }
  const startLike = ["monitor", "migrate_from", "promote"].includes(task);
  if (intervalMs === 0 && startLike) task = "start";
  const digests = compareDigests(resource, node, operation);
  if (onlySecretsChanged(cluster, operation, digests)) return false;
  switch (digests.verdict) {
    case "match":
      return false;
    case "restart":
      forceRestart(resource, task, intervalMs, node);
      return true;
    default:
      if (intervalMs > 0) reschedule(resource, task, intervalMs, node);
      else if (attribute(operation, "op-restart-digest") !== undefined) reload(resource, node);
      else forceRestart(resource, task, intervalMs, node);
      return true;
  }
}

/** In a simulation passwords may be masked. */
function onlySecretsChanged(
  cluster: Cluster,
  operation: XmlElement,
  digests: ParameterDigests,
): boolean {
  const recorded = attribute(operation, "op-secure-digest");
  return (
    cluster.sanitized &&
    digests.verdict !== "match" &&
    recorded !== undefined &&
    digests.secure === recorded
  );
}

function forceRestart(
  resource: Resource,
  task: string,
  intervalMs: number,
  node: ClusterNode,
): void {
  const key = opKey(resource.id, task, intervalMs);
  const action = resourceAction(resource, {
    key,
    task,
    intervalMs,
    node: undefined,
    optional: false,
  });
  setReason(action, "resource definition change", true);
  triggerUnfencing(resource.cluster, { resource, node, reason: "Device parameters changed" });
}

function reload(resource: Resource, node: ClusterNode): void {
  triggerUnfencing(resource.cluster, {
    resource,
    node,
    reason: "Device parameters changed (reload)",
  });
  if (!resource.managed || resource.failed) return;
  if (resource.startPending) {
    // Nobody knows which parameters the pending start took.
    taskAction(resource, "stop", node, false);
    return;
  }
  resource.reload = true;
  const action = taskAction(resource, "reload-agent", node, false);
  setReason(action, "resource definition change", false);
  for (const task of ["stop", "demote"]) {
    newOrdering(resource.cluster, {
      first: action,
      nextResource: resource,
      nextKey: taskKey(resource, task),
      flags: edge.order | edge.nextCancelsFirst,
    });
  }
}

const agentNames = ["type", "class", "provider"];

/** Another agent now has the resource's name: what the old one started is stopped by the new definition. */
function agentChanged(
  resource: Resource,
  node: ClusterNode,
  entry: XmlElement,
  active: boolean,
): boolean {
  let changed = false;
  for (const name of agentNames) {
    if (attribute(resource.xml, name) === attribute(entry, name)) continue;
    changed = true;
    triggerUnfencing(resource.cluster, { resource, node, reason: "Device definition changed" });
  }
  if (changed && active) {
    taskAction(resource, "stop", node, false);
    resource.startPending = true;
  }
  return changed;
}

/** Forgets the resource's history on the node, between its stop and its start. */
function scheduleCleanup(resource: Resource, node: ClusterNode): void {
  if (resource.failed || node.unclean || !node.online) return;
  taskAction(resource, "delete", node, false);
  orderTasks(resource, "stop", resource, "delete", edge.order);
  orderTasks(resource, "delete", resource, "start", edge.order);
}
