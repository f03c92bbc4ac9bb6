/** Colocation with a role of a promotable clone. */
import { addScores, infinity } from "../../../decision/score.ts";
import { roleOf } from "../model/resources.ts";
import { ban, note } from "../model/scoring.ts";
import type { Candidate, Colocation, Resource } from "../model/types.ts";
import { compatibleInstance } from "../order/compatible-instance.ts";
import { role } from "../values/role.ts";
import { assignedCandidate } from "./assigned-location.ts";
import { colocationAttribute, sameValue } from "./colocation-attribute.ts";
import { whyColocated } from "./colocation-words.ts";

/** The dependent goes where an instance will have the role. */
export function withPromotable(
  primary: Resource,
  dependent: Resource,
  colocation: Colocation,
): void {
  const { score, attribute } = colocation;
  const affected: Candidate[] = [];
  for (const instance of primary.children) {
    const chosen = assignedCandidate(instance);
    if (chosen === undefined || roleOf(instance, false) !== colocation.primaryRole) continue;
    affected.push(chosen);
    if (score >= infinity) continue;
    const value = colocationAttribute(chosen.node, attribute, primary);
    for (const candidate of dependent.allowed.values()) {
      if (sameValue(value, colocationAttribute(candidate.node, attribute, dependent))) {
        candidate.score = addScores(candidate.score, score);
        note(dependent, candidate.node, score, whyColocated(colocation));
      }
    }
  }
  // Promoted with promoted says nothing about where the dependent may run unpromoted.
  const bothPromoted =
    colocation.dependentRole === role.promoted && colocation.primaryRole === role.promoted;
  if (score < infinity || bothPromoted) return;
  for (const candidate of dependent.allowed.values()) {
    // Of several instances on one node the last counts.
    const match = affected.findLast((each) => each.node === candidate.node);
    if (match === undefined) ban(dependent, candidate, whyColocated(colocation));
    else candidate.score = addScores(candidate.score, match.score);
  }
}

/** Whether the dependent's instance may be promoted where an instance of the primary has the role. */
export function promotionDelta(
  primary: Resource,
  dependent: Resource,
  colocation: Colocation,
): number {
  const instance = compatibleInstance(dependent, primary, {
    role: colocation.primaryRole,
    current: false,
    attribute: colocation.attribute,
  });
  if (instance !== undefined) {
    dependent.priority = addScores(dependent.priority, colocation.score);
    return colocation.score;
  }
  if (colocation.score < infinity) return 0;
  dependent.priority = -infinity;
  return -infinity;
}
