/** Nodes: what keeps them from running resources, and what is done about those that are unclean. */

import type { FencingOutlook, NodeObstacle, NodeReason } from "../../../decision/reasons.ts";
import { canFence } from "../actions/fencing.ts";
import { actionFlag, has } from "../model/flags.ts";
import { guestLauncher, isGuestNode } from "../model/nodes.ts";
import type { Action, Cluster, ClusterNode } from "../model/types.ts";

export function nodeReasons(cluster: Cluster): NodeReason[] {
  const fenced = new Set<ClusterNode>();
  for (const action of cluster.actions) {
    if (isFencing(action) && action.node !== undefined) fenced.add(action.node);
  }
  return cluster.nodes.map((node) => ({
    node: node.name,
    obstacles: obstaclesOf(node),
    unclean: node.unclean ? node.whyUnclean : undefined,
    within: guestLauncher(node)?.id,
    fencing: outlook(cluster, node, fenced),
  }));
}

function isFencing({ task, flags, meta }: Action): boolean {
  return (
    task === "stonith" && has(flags, actionFlag.inGraph) && meta.get("stonith_action") !== "on"
  );
}

export function obstaclesOf(node: ClusterNode): NodeObstacle[] {
  const obstacles: NodeObstacle[] = [];
  if (!node.online) obstacles.push("offline");
  if (node.unclean) obstacles.push("unclean");
  if (node.pending) obstacles.push("pending");
  else if (node.standbyByFailure) obstacles.push("standby-after-failure");
  else if (node.standby) obstacles.push("standby");
  if (node.maintenance) obstacles.push("maintenance");
  // A connection that is down was meant to be: that is no leaving.
  if (node.shutdown && node.online) obstacles.push("shutting-down");
  return obstacles;
}

function outlook(
  cluster: Cluster,
  node: ClusterNode,
  fenced: ReadonlySet<ClusterNode>,
): FencingOutlook {
  if (!node.unclean && !node.remoteReset) return fenced.has(node) ? "planned" : "not-needed";
  if (fenced.has(node)) return "planned";
  return whyNotFenced(cluster, node) ?? "nothing-managed";
}

/** Undefined if it could be. */
export function whyNotFenced(cluster: Cluster, node: ClusterNode): FencingOutlook | undefined {
  const { settings } = cluster;
  if (!settings.fencingEnabled) return "disabled";
  if (!cluster.haveFencing) return "no-device";
  if (canFence(cluster, node)) return undefined;
  return isGuestNode(node) ? "host-lost" : "no-quorum";
}
