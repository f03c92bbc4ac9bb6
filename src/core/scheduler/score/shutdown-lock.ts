/** shutdown-lock: a resource stays with the node that shut down cleanly, and waits for it to come back. */
import { infinity } from "../../../decision/score.ts";
import { recheckAt } from "../model/recheck.ts";
import { addScore } from "../model/scoring.ts";
import type { ClusterNode, Resource } from "../model/types.ts";
import { clearHistory } from "../unpack/history/lrm-resource.ts";
import { scanInteger } from "../values/number.ts";
import { wholeSeconds } from "../values/seconds.ts";

export function applyShutdownLock(resource: Resource): void {
  if (resource.fenceDevice || resource.remoteConnection) return;
  const { cluster } = resource;
  updateLock(resource);
  const { lockNode } = resource;
  if (lockNode === undefined) return;
  const { shutdownLockMs } = cluster.settings;
  if (shutdownLockMs > 0) {
    recheckAt(cluster, resource.lockTime + wholeSeconds(shutdownLockMs) + 1);
  }
  for (const node of cluster.nodes) {
    if (node !== lockNode) addScore(resource, node, -infinity, `shutdown-lock to ${lockNode.name}`);
  }
}

function updateLock(resource: Resource): void {
  const [node] = resource.active;
  if (resource.lockNode !== undefined) {
    if (node === undefined) return;
    // It runs elsewhere although it was locked: it is left alone there.
    clearHistory(resource, resource.lockNode);
    resource.lockNode = undefined;
    resource.lockTime = 0;
    return;
  }
  if (resource.active.length !== 1 || node === undefined) return;
  if (!node.shutdown || node.unclean) return;
  resource.lockNode = node;
  resource.lockTime = shutdownTime(node, resource.cluster.now);
}

function shutdownTime(node: ClusterNode, now: number): number {
  const since = scanInteger(node.attributes.get("shutdown")) ?? 0;
  return since === 0 ? now : since;
}
