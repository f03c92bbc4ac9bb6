/** What concerns a resource and one node at a time: locks, locations, stickiness, fail counts, exclusive discovery. */
import { infinity } from "../../../decision/score.ts";
import { hasFailCount } from "../actions/fail-count.ts";
import { taskActions } from "../actions/find-actions.ts";
import { topResource } from "../model/resources.ts";
import { addScore, ban } from "../model/scoring.ts";
import type { Cluster, ClusterNode, Resource } from "../model/types.ts";
import { discovery } from "../model/types.ts";
import { applyLocations } from "./locations.ts";
import { thresholdReached } from "./migration-threshold.ts";

export function applyNodeCriteria(cluster: Cluster): void {
  if (cluster.settings.shutdownLock) {
    for (const resource of cluster.resources)
      cluster.rules[resource.variant].shutdownLock(resource);
  }
  applyLocations(cluster);
  cluster.resources.forEach(applyStickiness);
  for (const node of cluster.nodes) {
    const failed = hasFailCount(node);
    for (const resource of cluster.resources) {
      if (failed) applyMigrationThreshold(resource, node);
      applyExclusiveDiscovery(resource, node);
    }
  }
}

/** A managed resource that is active on one node prefers to stay there. */
function applyStickiness(resource: Resource): void {
  if (resource.children.length > 0) {
    resource.children.forEach(applyStickiness);
    return;
  }
  const [node] = resource.active;
  if (!resource.managed || resource.stickiness < 1 || resource.active.length !== 1) return;
  if (node === undefined) return;
  // In an opt-in cluster the node may no longer be one where the resource is allowed.
  if (!resource.cluster.settings.symmetric && !resource.allowed.has(node.id)) return;
  addScore(resource, node, resource.stickiness, "resource-stickiness");
}

function applyMigrationThreshold(resource: Resource, node: ClusterNode): void {
  if (resource.children.length > 0) {
    for (const child of resource.children) applyMigrationThreshold(child, node);
    return;
  }
  // A fail count that is about to be cleared does not count.
  if (taskActions(resource, "clear_failcount", node, true).length > 0) return;
  const banned = thresholdReached(resource, node);
  if (banned !== undefined) addScore(banned, node, -infinity, "migration-threshold reached");
}

function applyExclusiveDiscovery(resource: Resource, node: ClusterNode): void {
  if (!resource.exclusiveDiscovery && !topResource(resource).exclusiveDiscovery) return;
  for (const child of resource.children) applyExclusiveDiscovery(child, node);
  const match = resource.allowed.get(node.id);
  if (match === undefined || match.discovery === discovery.exclusive) return;
  ban(resource, match, "resource-discovery=exclusive names other nodes");
}
