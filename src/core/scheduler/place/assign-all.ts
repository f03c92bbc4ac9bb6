/** Placing everything: remote connections first, because other resources may run where they lead. */
import { infinity } from "../../../decision/score.ts";
import { currentNode } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Candidates, Cluster, ClusterNode, Resource } from "../model/types.ts";
import { colocationSelect } from "../model/types.ts";
import { listSort } from "../values/list-sort.ts";
import { recordCapacities } from "./capacity.ts";
import { sortCandidates } from "./sort-candidates.ts";

export function assignAll(cluster: Cluster): void {
  if (cluster.settings.placementStrategy !== "default") sortForPlacement(cluster);
  recordCapacities(cluster, "original");
  for (const resource of cluster.resources) {
    if (!resource.remoteConnection) continue;
    // A connection that is migrating goes on to where it was going.
    rulesOf(resource).assign(resource, resource.partialMigrationTarget, true);
  }
  for (const resource of cluster.resources) {
    if (!resource.remoteConnection) rulesOf(resource).assign(resource, undefined, true);
  }
  recordCapacities(cluster, "remaining");
}

/** Where capacities count, the important go first, and those that would lose most where they are. */
function sortForPlacement(cluster: Cluster): void {
  const bases = cluster.nodes.map((node) => node.base);
  const { placementStrategy } = cluster.settings;
  const nodes = sortCandidates(bases, undefined, placementStrategy).map(({ node }) => node);
  cluster.resources = listSort(cluster.resources, (a, b) => compareResources(a, b, nodes));
}

function compareResources(a: Resource, b: Resource, nodes: readonly ClusterNode[]): number {
  if (a.priority !== b.priority) return b.priority - a.priority;
  const [scoresA, scoresB] = [wholeScores(a), wholeScores(b)];
  const here = scoreOn(scoresB, activeNode(b)) - scoreOn(scoresA, activeNode(a));
  if (here !== 0) return here;
  for (const node of nodes) {
    const difference = scoreOn(scoresB, node) - scoreOn(scoresA, node);
    if (difference !== 0) return difference;
  }
  return 0;
}

function wholeScores(source: Resource): Candidates {
  return (
    rulesOf(source).addColocatedScores({
      source,
      target: undefined,
      nodes: undefined,
      colocation: undefined,
      factor: 1,
      select: colocationSelect.thisWith,
    }) ?? source.allowed
  );
}

function activeNode(resource: Resource): ClusterNode | undefined {
  return resource.active.length > 0 ? currentNode(resource) : undefined;
}

function scoreOn(scores: Candidates, node: ClusterNode | undefined): number {
  return (node === undefined ? undefined : scores.get(node.id)?.score) ?? -infinity;
}
