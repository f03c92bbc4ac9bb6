/** Placing a clone: what it must be with first, then its instances. */

import { addScores, infinity } from "../../../decision/score.ts";
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { isBlockedAnywhere, variantRank } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import { ban, recordScores } from "../model/scoring.ts";
import type { Candidate, ClusterNode, Colocation, Location, Resource } from "../model/types.ts";
import { compatibleInstance } from "../order/compatible-instance.ts";
import { applyLocation } from "../score/locations.ts";
import { listSort } from "../values/list-sort.ts";
import { role } from "../values/role.ts";
import { colocationsOf, colocationsWith } from "./apply-colocation.ts";
import { assignResource } from "./assign-resource.ts";
import { assignedCandidate } from "./assigned-location.ts";
import { addDependentScores } from "./colocated-scores.ts";
import { whyColocated } from "./colocation-words.ts";
import { compareInstances } from "./instance-order.ts";
import { assignInstances } from "./instances.ts";
import { addThisWithList, addWithThisList } from "./new-colocation.ts";
import { addPromotionScores, chooseRoles } from "./promotable.ts";
import { promotionDelta, withPromotable } from "./promotable-colocation.ts";

export function assignClone(
  clone: Resource,
  prefer: ClusterNode | undefined,
  stopIfFail: boolean,
): undefined {
  if (!clone.unassigned || clone.assigning || clone.clone === undefined) return undefined;
  clone.assigning = true;
  if (clone.promotable) addPromotionScores(clone);
  for (const { primary } of colocationsOf(clone)) {
    rulesOf(primary).assign(primary, prefer, stopIfFail);
  }
  for (const colocation of colocationsWith(clone)) addDependentScores(colocation, clone);
  recordScores(clone.cluster, "clone_assign", clone);
  sortChildren(clone, compareInstances);
  const { max, nodeMax } = clone.clone;
  assignInstances(clone, [...clone.children], { total: max, perNode: nodeMax });
  if (clone.promotable) chooseRoles(clone);
  clone.assigning = false;
  clone.unassigned = false;
  return undefined;
}

export function sortChildren(
  collective: Resource,
  compare: (a: Resource, b: Resource) => number,
): void {
  const sorted = listSort(collective.children, compare);
  collective.children.splice(0, sorted.length, ...sorted);
}

export function maxPerNode(resource: Resource): number {
  return resource.clone?.nodeMax ?? resource.bundle?.replicasPerHost ?? 1;
}

/** What is colocated with a clone: with its instance on the same node (interleaved), or with any of them. */
export function applyCloneColocation(
  dependent: Resource,
  clone: Resource,
  colocation: Colocation,
): number {
  if (clone.unassigned) return 0;
  if (clone.promotable && colocation.primaryRole !== role.unknown) {
    if (dependent.unassigned) {
      withPromotable(clone, dependent, colocation);
      return 0;
    }
    if (colocation.dependentRole === role.promoted) {
      return promotionDelta(clone, dependent, colocation);
    }
  }
  if (isInterleaved(colocation)) return interleave(dependent, clone, colocation);
  if (colocation.score >= infinity) {
    const nodes: Candidate[] = [];
    for (const instance of clone.children) {
      const chosen = assignedCandidate(instance);
      if (chosen !== undefined && !isBlockedAnywhere(instance)) nodes.push(chosen);
    }
    keepOnly(dependent, nodes, colocation);
    return 0;
  }
  let delta = 0;
  for (const instance of clone.children) {
    const each = rulesOf(instance).applyColocation(dependent, instance, colocation, false);
    delta = addScores(delta, each);
  }
  return delta;
}

/** Bans the dependent from all nodes but these. */
export function keepOnly(
  dependent: Resource,
  nodes: readonly Candidate[],
  colocation: Colocation,
): void {
  for (const candidate of dependent.allowed.values()) {
    if (nodes.some((each) => each.node === candidate.node)) continue;
    ban(dependent, candidate, whyColocated(colocation));
  }
}

function isInterleaved({ dependent, primary }: Colocation): boolean {
  if (variantRank(dependent) <= 1 || !booleanOr(dependent.meta.get("interleave"), false))
    return false;
  return maxPerNode(dependent) === maxPerNode(primary);
}

function interleave(dependent: Resource, clone: Resource, colocation: Colocation): number {
  const instance = compatibleInstance(dependent, clone, { role: role.unknown, current: false });
  if (instance !== undefined) {
    return rulesOf(dependent).applyColocation(dependent, instance, colocation, true);
  }
  if (colocation.score >= infinity) {
    assignResource(dependent, undefined, { force: true, stopIfFail: true });
  }
  return 0;
}

export function withClone(clone: Resource, origin: Resource, list: Colocation[]): void {
  addWithThisList(list, clone.withThis);
  const { parent } = clone;
  if (parent !== undefined) rulesOf(parent).withThisColocations(parent, origin, list);
}

export function cloneWith(clone: Resource, origin: Resource, list: Colocation[]): void {
  addThisWithList(list, clone.thisWith);
  const { parent } = clone;
  if (parent !== undefined) rulesOf(parent).thisWithColocations(parent, origin, list);
}

export function applyCloneLocation(clone: Resource, location: Location): void {
  applyLocation(clone, location);
  for (const instance of clone.children) rulesOf(instance).applyLocation(instance, location);
}

/** One instance counts: that which is already among those summed, else the first. */
export function addCloneUtilization(
  clone: Resource,
  origin: Resource,
  all: readonly Resource[],
  sum: Map<string, number>,
): void {
  if (!clone.unassigned) return;
  let existing = false;
  for (const child of clone.children) {
    if (all.includes(child)) {
      existing = true;
    } else if (child.children.some((member) => all.includes(member))) {
      rulesOf(child).addUtilization(child, origin, all, sum);
      existing = true;
    }
  }
  const [first] = clone.children;
  if (!existing && first !== undefined) rulesOf(first).addUtilization(first, origin, all, sum);
}
