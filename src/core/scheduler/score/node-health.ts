/** Node health: attributes #health* (scores or colours), summed, move resources to or away from a node. */

import { addScores, parseScore, scoreOr } from "../../../decision/score.ts";
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { configWarning } from "../model/issues.ts";
import { newLocation } from "../model/location.ts";
import type { Cluster, ClusterNode } from "../model/types.ts";
import { clusterOption } from "../unpack/cluster-options.ts";

export function applyNodeHealth(cluster: Cluster): void {
  const strategy = clusterOption(cluster, "node-health-strategy");
  if (strategy === "none") return;
  const base =
    strategy === "progressive" ? scoreOr(clusterOption(cluster, "node-health-base"), 0) : 0;
  for (const node of cluster.nodes) {
    const health = sumHealth(cluster, node, base);
    if (health === 0) continue;
    const why = healthText(node, strategy);
    for (const resource of cluster.resources) {
      if (health < 0 && booleanOr(resource.meta.get("allow-unhealthy-nodes"), false)) continue;
      newLocation(strategy, resource, undefined, [{ node, score: health }]).why = why;
    }
  }
}

/** "health of xen1: #health-smart=red (node-health-strategy=migrate-on-red)" */
function healthText({ name: node, attributes }: ClusterNode, strategy: string): string {
  const said = [...attributes].filter(([name]) => name.startsWith("#health"));
  const listed = said.map(([name, value]) => `${name}=${value}`).join(", ");
  return `health of ${node}: ${listed} (node-health-strategy=${strategy})`;
}

function sumHealth(cluster: Cluster, node: ClusterNode, base: number): number {
  let sum = base;
  for (const [name, value] of node.attributes) {
    if (!name.startsWith("#health")) continue;
    const score = parseScore(value, cluster.healthScores);
    if (score === undefined)
      configWarning(cluster, `node ${node.name}: ${name}='${value}' is no score`);
    else sum = addScores(score, sum);
  }
  return sum;
}

/** For display: -1 red, 0 yellow, 1 green. */
export function healthOf(cluster: Cluster, node: ClusterNode): -1 | 0 | 1 {
  if (clusterOption(cluster, "node-health-strategy") === "none") return 1;
  const { red, yellow, green } = cluster.healthScores;
  let health: -1 | 0 | 1 = 1;
  for (const [name, value] of node.attributes) {
    if (!name.startsWith("#health")) continue;
    const colour = value.toLowerCase();
    if (colour === "red") return -1;
    if (colour === "yellow") {
      health = 0;
      continue;
    }
    const score = parseScore(value, cluster.healthScores);
    if (score === undefined) continue;
    if (score <= red) return -1;
    if (score <= yellow && yellow !== green) health = 0;
  }
  return health;
}
