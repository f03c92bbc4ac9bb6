/** Cluster -> what it looks like. The cluster must not have been scheduled: that changes roles and nodes. */

import type {
  ClusterStatus,
  NodeStatus,
  ResourceStatus,
} from "../../../decision/cluster-status.ts";
import { parseScore } from "../../../decision/score.ts";
import { isGuestNode, isRemoteKind } from "../model/nodes.ts";
import { isActive, isDisabled } from "../model/resources.ts";
import type { Cluster, ClusterNode, Resource } from "../model/types.ts";
import { clusterOption } from "../unpack/cluster-options.ts";
import { role } from "../values/role.ts";
import { resourceStatus } from "./resource-status.ts";
import type { StatusOptions } from "./status-options.ts";

export function clusterStatus(cluster: Cluster, options: StatusOptions): ClusterStatus {
  const count = { instances: 0, disabled: 0, blocked: 0 };
  for (const resource of cluster.resources) countInstances(resource, count);
  const resources: ResourceStatus[] = [];
  for (const resource of cluster.resources) {
    if (resource.removed && !isActive(resource, true)) continue;
    const status = resourceStatus(resource, options);
    if (status !== undefined) resources.push(status);
  }
  return {
    maintenance: cluster.settings.maintenance,
    stopAll: cluster.settings.stopAll,
    ...count,
    nodes: cluster.nodes.map((node) => nodeStatus(cluster, node)),
    resources,
  };
}

function countInstances(
  resource: Resource,
  count: { instances: number; disabled: number; blocked: number },
): void {
  const parts =
    resource.bundle === undefined
      ? resource.children
      : resource.bundle.replicas
          .flatMap((replica) => [replica.ip, replica.child, replica.container, replica.remote])
          .filter((part) => part !== undefined);
  if (parts.length > 0) {
    for (const part of parts) countInstances(part, count);
    return;
  }
  if (resource.removed && resource.role <= role.stopped) return;
  count.instances++;
  if (isDisabled(resource)) count.disabled++;
  if (resource.blocked) count.blocked++;
}

function nodeStatus(cluster: Cluster, node: ClusterNode): NodeStatus {
  return {
    name: node.name,
    kind: isGuestNode(node) ? "guest" : isRemoteKind(node) ? "remote" : "member",
    online: node.online,
    unclean: node.unclean,
    pending: node.pending,
    standby: node.standbyByFailure ? "on-fail" : node.standby ? "yes" : "no",
    maintenance: node.maintenance,
    hasResources: node.running.length > 0,
    health: healthOf(cluster, node),
    reason: node.whyUnclean,
  };
}

/** The worst of the node's health attributes. */
function healthOf(cluster: Cluster, node: ClusterNode): NodeStatus["health"] {
  if (clusterOption(cluster, "node-health-strategy").toLowerCase() === "none") return "green";
  const { red, yellow, green } = cluster.healthScores;
  let health: NodeStatus["health"] = "green";
  for (const [name, value] of node.attributes) {
    if (!name.startsWith("#health")) continue;
    const colour = value.toLowerCase();
    if (colour === "red") return "red";
    if (colour === "yellow") {
      health = "yellow";
      continue;
    }
    const score = parseScore(value, cluster.healthScores);
    if (score === undefined) continue;
    if (score <= red) return "red";
    if (score <= yellow && yellow !== green) health = "yellow";
  }
  return health;
}
