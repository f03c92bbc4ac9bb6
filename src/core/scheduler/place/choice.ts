/** Why a node was chosen and not the next best: the first criterion, in the order of sort-candidates.ts, that tells them apart. */
import type { PlacementChoice } from "../../../decision/reasons.ts";
import type { Candidate, ClusterNode } from "../model/types.ts";
import { compareCapacities } from "./capacity.ts";
import { isAvailable } from "./usable.ts";

export type ChoiceCircumstances = {
  /** The node was asked for by who placed the resource. */
  readonly asked: boolean;
  readonly current: ClusterNode | undefined;
  /** Free capacity counts (placement-strategy=balanced). */
  readonly balanced: boolean;
};

/** @returns undefined if nothing was chosen. */
export function placementChoice(
  chosen: Candidate | undefined,
  sorted: readonly Candidate[],
  { asked, current, balanced }: ChoiceCircumstances,
): PlacementChoice | undefined {
  if (chosen === undefined || !isAvailable(chosen)) return undefined;
  const next = sorted.find((each) => each !== chosen && isAvailable(each));
  if (next === undefined) return "only-node";
  if (chosen.score > next.score) return "score";
  if (asked) return "preferred";
  if (balanced && compareCapacities(chosen.node, next.node) < 0) return "free-capacity";
  if (chosen.node.assignedCount < next.node.assignedCount) return "fewer-resources";
  return chosen.node === current ? "stays" : "name";
}
