/** What one colocation does to the dependent: to the scores of its nodes, or to its priority for being promoted. */
import { addScores, infinity } from "../../../decision/score.ts";
import { copyCandidates } from "../model/nodes.ts";
import { primitiveInside } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import { note } from "../model/scoring.ts";
import type { Colocation, Resource } from "../model/types.ts";
import { role } from "../values/role.ts";
import { anyAvailable } from "./availability.ts";
import { colocationAttribute, sameValue } from "./colocation-attribute.ts";
import { whyColocated } from "./colocation-words.ts";

export type Affects = "nothing" | "location" | "role";

/** With `preview` the two need not be assigned yet. */
export function colocationAffects(
  dependent: Resource,
  primary: Resource,
  colocation: Colocation,
  preview: boolean,
): Affects {
  if (!preview && primary.unassigned) return "nothing";
  const dependentRoleOf = roleBearer(dependent);
  const promotable = dependentRoleOf.parent?.promotable === true;
  if (colocation.dependentRole >= role.unpromoted && promotable && !dependentRoleOf.unassigned) {
    // It has its node; now it is about its role.
    return "role";
  }
  if (!preview && !dependent.unassigned) return "nothing";
  if (!hasRole(dependentRoleOf, colocation.dependentRole)) return "nothing";
  return hasRole(roleBearer(primary), colocation.primaryRole) ? "location" : "nothing";
}

function hasRole(resource: Resource, wanted: number): boolean {
  return wanted === role.unknown || wanted === resource.nextRole;
}

/** The role of a bundle's container is that of the primitive inside it. */
function roleBearer(resource: Resource): Resource {
  return primitiveInside(resource) ?? resource;
}

/** The colocation as seen by a primitive that is the primary, for a primitive that is the dependent. */
export function applyToPrimitive(
  dependent: Resource,
  primary: Resource,
  colocation: Colocation,
): number {
  switch (colocationAffects(dependent, primary, colocation, false)) {
    case "role":
      return applyToPriority(dependent, primary, colocation);
    case "location":
      applyToScores(dependent, primary, colocation);
      return 0;
    case "nothing":
      return 0;
  }
}

function applyToScores(dependent: Resource, primary: Resource, colocation: Colocation): void {
  const { score, attribute } = colocation;
  const { assigned } = primary;
  if (assigned === undefined && score < 0) return;
  const value = colocationAttribute(assigned, attribute, primary);
  const work = copyCandidates(dependent.allowed);
  for (const candidate of work.values()) {
    if (assigned === undefined) {
      candidate.score = addScores(-score, candidate.score);
    } else if (sameValue(colocationAttribute(candidate.node, attribute, dependent), value)) {
      // What must be is a requirement, no preference: it only forbids the other nodes.
      if (score < infinity) candidate.score = addScores(score, candidate.score);
    } else if (score >= infinity) {
      candidate.score = -infinity;
    }
  }
  if (Math.abs(score) < infinity && !anyAvailable(work)) return;
  for (const [id, { node, score: changed }] of work) {
    const before = dependent.allowed.get(id)?.score ?? 0;
    if (changed === before) continue;
    const change = Math.abs(changed) >= infinity ? changed : changed - before;
    note(dependent, node, change, whyColocated(colocation));
  }
  dependent.allowed = work;
}

/** The change of the dependent's promotion priority. */
function applyToPriority(dependent: Resource, primary: Resource, colocation: Colocation): number {
  const { attribute, score } = colocation;
  if (dependent.assigned === undefined) return 0;
  if (primary.assigned !== undefined && colocation.primaryRole !== role.unknown) {
    if (colocation.primaryRole !== roleBearer(primary).nextRole) return 0;
  }
  const own = colocationAttribute(dependent.assigned, attribute, dependent);
  const other = colocationAttribute(primary.assigned, attribute, primary);
  let factor = 1;
  if (!sameValue(own, other)) {
    if (score !== infinity || colocation.dependentRole !== role.promoted) return 0;
    factor = -1;
  } else if (colocation.dependentRole === role.unpromoted) {
    factor = -1;
  }
  const delta = factor * score;
  dependent.priority = addScores(delta, dependent.priority);
  return delta;
}

/** Whether what the dependent prefers moves the primary: if the user wants it, or the primary is not yet active. */
export function hasInfluence(colocation: Colocation, of?: Resource): boolean {
  const resource = of ?? colocation.primary;
  const connection = colocation.dependent.remoteNestingAllowed;
  // Moving a bundle's connection is cheap, moving its container is not.
  if (connection && !resource.failed && resource.active.length === 1) return false;
  return colocation.influence || resource.active.length === 0;
}

export function colocationsWith(resource: Resource): Colocation[] {
  const list: Colocation[] = [];
  rulesOf(resource).withThisColocations(resource, resource, list);
  return list;
}

export function colocationsOf(resource: Resource): Colocation[] {
  const list: Colocation[] = [];
  rulesOf(resource).thisWithColocations(resource, resource, list);
  return list;
}
