/**
 * priority-fencing-delay: when two halves of a cluster would fence each other, the half that runs the less important
 * resources waits, so that the more important one wins.
 */

import type { Cluster, ClusterNode } from "../model/types.ts";
import { wholeSeconds } from "../values/seconds.ts";

/** How long to wait before fencing the node, in seconds. */
export function priorityDelaySeconds(cluster: Cluster, target: ClusterNode): number {
  const { priorityFencingDelayMs } = cluster.settings;
  if (priorityFencingDelayMs === 0 || target.kind !== "member" || target.online) return 0;
  const members = cluster.nodes.filter((node) => node.kind === "member");
  const online = members.filter((node) => node.online).length;
  if (online > Math.floor(members.length / 2)) return 0;
  const priorities = members.map((node) => node.priority);
  const highest = Math.max(...priorities);
  if (Math.min(...priorities) === highest || target.priority < highest) return 0;
  return wholeSeconds(priorityFencingDelayMs);
}
