/** Failures that have expired (failure-timeout), or whose definition has changed, and what is done about them. */
import { attribute } from "../../../../formats/xml/xml-element.ts";
import { needsBundleHost } from "../../actions/bundle-address.ts";
import { compareDigests } from "../../actions/digests.ts";
import { clearFailCount, failCount } from "../../actions/fail-count.ts";
import { fenceAction } from "../../actions/fencing.ts";
import { link } from "../../actions/link.ts";
import { edge } from "../../model/flags.ts";
import { findNode } from "../../model/nodes.ts";
import { recheckAt } from "../../model/recheck.ts";
import { isBundled } from "../../model/resources.ts";
import { scanInteger } from "../../values/number.ts";
import { role } from "../../values/role.ts";
import { wholeSeconds } from "../../values/seconds.ts";
import { execution, type Operation, ocf } from "./operation.ts";

const lastingProbeResults: ReadonlySet<number> = new Set([
  ocf.ok,
  ocf.notRunning,
  ocf.promoted,
  ocf.degraded,
  ocf.degradedPromoted,
]);

/** Whether the operation is so old that its failure no longer counts; clears the fail count if so. */
export function checkExpiry(operation: Operation): boolean {
  const { resource, node, id, xml } = operation;
  if (operation.status === execution.notInstalled) return false;
  const isLastFailure = id.endsWith("_last_failure_0");
  const timeout = wholeSeconds(resource.failureTimeoutMs);
  const lastRun = timeout > 0 ? scanInteger(attribute(xml, "last-rc-change")) : undefined;
  let expired = false;
  let unexpired = 0;
  if (lastRun !== undefined) {
    const { now } = resource.cluster;
    expired = now >= lastRun + timeout && !mustKeep(operation);
    const effective = failCount(resource, node, { effective: true, operation: xml });
    unexpired = effective.count;
    const until = effective.last + timeout + 1;
    if (unexpired !== 0 && now < until) recheckAt(resource.cluster, until);
  }
  let clear = false;
  if (expired) {
    if (failCount(resource, node, { effective: false, operation: xml }).count !== 0) {
      if (unexpired === 0) clear = true;
      else expired = false;
    } else if (isLastFailure && resource.reconnectMs > 0) {
      clear = true;
    }
  }
  if (!expired && isLastFailure && definitionChanged(operation)) clear = true;
  if (clear) clearAndOrder(operation);
  const lasting = operation.intervalMs === 0 && operation.task === "monitor";
  return expired && !(lasting && lastingProbeResults.has(operation.rc));
}

/** Whether an expired result says nothing at all; spoils a failed monitor's digest so that it is run again. */
export function isDroppedAsExpired(operation: Operation, originalRc: number): boolean {
  const { resource, node, xml } = operation;
  if (operation.masked && !isBundled(resource) && originalRc !== operation.expected) {
    if (resource.role <= role.stopped) resource.role = role.unknown;
    return true;
  }
  if (operation.rc === operation.expected) return false;
  if (operation.intervalMs === 0) return true;
  if (!node.online || node.unclean) return false;
  resource.cluster.spoiledDigests.add(xml);
  return true;
}

/** A remote connection that waits to reconnect keeps its failed monitor until the node was fenced. */
function mustKeep({ resource, task, intervalMs }: Operation): boolean {
  const { cluster } = resource;
  if (resource.reconnectMs === 0 || !cluster.settings.fencingEnabled) return false;
  if (intervalMs === 0 || task.toLowerCase() !== "monitor") return false;
  const remote = findNode(cluster, resource.id);
  return remote !== undefined && !remote.remoteFenced;
}

function definitionChanged({ resource, node, xml, task }: Operation): boolean {
  if (task !== "start" && task !== "monitor") return false;
  if (needsBundleHost(resource)) {
    // The address is known only when the container has been placed.
    resource.cluster.parameterChecks.push({ resource, node, xml, kind: "last-failure" });
    return false;
  }
  const { verdict } = compareDigests(resource, node, xml);
  return verdict !== "unknown" && verdict !== "match";
}

function clearAndOrder({ resource, node }: Operation): void {
  const { cluster } = resource;
  const clear = clearFailCount(resource, node);
  if (!cluster.settings.fencingEnabled || resource.reconnectMs === 0) return;
  const remote = findNode(cluster, resource.id);
  if (remote === undefined) return;
  link(fenceAction(cluster, remote, { optional: true }), clear, edge.firstForcesNext);
}
