/** Which node is better for a resource. */
import { compareText } from "../../../base/compare.ts";
import { infinity } from "../../../decision/score.ts";
import type { Candidate, ClusterNode } from "../model/types.ts";
import { listSort } from "../values/list-sort.ts";
import { compareCapacities } from "./capacity.ts";
import { isUsable } from "./usable.ts";

/**
 * Best first: by score, then (balanced placement) free capacity, then the fewest resources assigned, then the node
 * where the resource is, then by name.
 */
export function sortCandidates(
  candidates: readonly Candidate[],
  current: ClusterNode | undefined,
  strategy: string,
): Candidate[] {
  return listSort(candidates, (a, b) => compareCandidates(a, b, current, strategy));
}

function compareCandidates(
  a: Candidate,
  b: Candidate,
  current: ClusterNode | undefined,
  strategy: string,
): number {
  const scoreA = isUsable(a.node) ? a.score : -infinity;
  const scoreB = isUsable(b.node) ? b.score : -infinity;
  if (scoreA !== scoreB) return scoreA > scoreB ? -1 : 1;
  if (strategy !== "minimal") {
    if (strategy === "balanced") {
      const capacity = compareCapacities(a.node, b.node);
      if (capacity !== 0) return capacity;
    }
    const load = a.node.assignedCount - b.node.assignedCount;
    if (load !== 0) return load;
    if (current !== undefined) {
      if (current === a.node) return -1;
      if (current === b.node) return 1;
    }
  }
  return compareText(a.node.name, b.node.name);
}
