/** Choosing which instances of a promotable clone are promoted: by their promotion scores, locations and colocations. */
import { addScores, infinity } from "../../../decision/score.ts";
import { locationsOf, roleOf, topResource } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Candidate, ClusterNode, Colocation, Location, Resource } from "../model/types.ts";
import { colocationSelect } from "../model/types.ts";
import { requirePromotionTickets } from "../score/tickets.ts";
import { listSort } from "../values/list-sort.ts";
import { role } from "../values/role.ts";
import { colocationsOf, colocationsWith, hasInfluence } from "./apply-colocation.ts";
import { assignedCandidate } from "./assigned-location.ts";
import { isAvailableWithHost } from "./availability.ts";
import { compareInstances } from "./instance-order.ts";
import { promotionScore } from "./promotion-score.ts";
import { isUsable } from "./usable.ts";

/** Nodes that would be promoted attract the clone, so that instances are where they are needed. */
export function addPromotionScores(clone: Resource): void {
  if (clone.clone === undefined || clone.clone.promotionAdded) return;
  clone.clone.promotionAdded = true;
  for (const instance of clone.children) {
    for (const candidate of instance.allowed.values()) {
      if (!isUsable(candidate.node)) continue;
      const { score } = promotionScore(instance, candidate.node);
      if (score > 0) candidate.score = addScores(candidate.score, score);
      if (score > instance.priority) instance.priority = score;
    }
  }
}

export function chooseRoles(clone: Resource): void {
  for (const candidate of clone.allowed.values()) candidate.count = 0;
  for (const instance of clone.children) setPriority(instance, clone);
  sortByPromotion(clone);
  const chosen = { count: 0 };
  for (const instance of clone.children) chooseRole(instance, clone, chosen);
}

/** For the time of choosing, an instance's priority is its promotion score. */
function setPriority(instance: Resource, clone: Resource): void {
  if (roleOf(instance, true) === role.started) setRoleUnpromoted(instance);
  const chosen = assignedCandidate(instance);
  if (chosen === undefined) return;
  const { node } = chosen;
  const next = roleOf(instance, false);
  if (next === role.started || next === role.unknown) {
    const { score, isDefault } = promotionScore(instance, node);
    // -1: a location constraint alone can make it promotable, but nothing is promoted without any reason.
    instance.priority = isDefault ? -1 : score;
  } else if (next === role.unpromoted || next === role.stopped) {
    instance.priority = -infinity;
  }
  addPromotedLocations(instance, instance.locations, node);
  addPromotedLocations(instance, clone.locations, node);
  for (const colocation of colocationsOf(instance)) {
    rulesOf(instance).applyColocation(instance, colocation.primary, colocation, true);
  }
  instance.promotionPriority = next === role.promoted ? infinity : instance.priority;
}

function setRoleUnpromoted(resource: Resource): void {
  if (resource.role === role.started) resource.role = role.unpromoted;
  resource.children.forEach(setRoleUnpromoted);
}

function addPromotedLocations(
  instance: Resource,
  locations: readonly Location[],
  node: ClusterNode,
): void {
  for (const location of locations) {
    if (location.role !== role.promoted) continue;
    const match = location.nodes.findLast((candidate) => candidate.node === node);
    if (match !== undefined) instance.priority = addScores(instance.priority, match.score);
  }
}

function sortByPromotion(clone: Resource): void {
  if (clone.clone === undefined || clone.clone.promotionSorted) return;
  clone.clone.promotionSorted = true;
  clone.updatingNodes = true;
  for (const instance of clone.children) {
    if (instance.promotionPriority < 0) continue;
    const own = onClone(clone, instance);
    if (own !== undefined) own.score = addScores(instance.promotionPriority, own.score);
  }
  for (const colocation of colocationsWith(clone)) addPreferencesForPromoted(clone, colocation);
  requirePromotionTickets(clone);
  for (const instance of clone.children) settlePromotionPriority(clone, instance);
  const sorted = listSort(clone.children, comparePromotion);
  clone.children.splice(0, sorted.length, ...sorted);
  clone.updatingNodes = false;
}

function onClone(clone: Resource, instance: Resource): Candidate | undefined {
  const chosen = assignedCandidate(instance);
  return chosen === undefined ? undefined : clone.allowed.get(chosen.node.id);
}

function addPreferencesForPromoted(clone: Resource, colocation: Colocation): void {
  if (colocation.primaryRole !== role.promoted || !hasInfluence(colocation)) return;
  const { dependent } = colocation;
  clone.allowed =
    rulesOf(dependent).addColocatedScores({
      source: dependent,
      target: clone,
      nodes: clone.allowed,
      colocation,
      factor: Math.fround(colocation.score / infinity),
      select: colocationSelect.active | colocationSelect.nonnegative,
    }) ?? clone.allowed;
}

function settlePromotionPriority(clone: Resource, instance: Resource): void {
  const own = onClone(clone, instance);
  if (!instance.managed && instance.nextRole === role.promoted) {
    instance.promotionPriority = infinity;
  } else if (assignedCandidate(instance) === undefined) {
    instance.promotionPriority = -infinity;
  } else if (instance.promotionPriority >= 0 && own !== undefined) {
    instance.promotionPriority = own.score;
  }
}

function comparePromotion(a: Resource, b: Resource): number {
  if (a.promotionPriority !== b.promotionPriority) {
    return b.promotionPriority - a.promotionPriority;
  }
  const byRole = roleOf(b, true) - roleOf(a, true);
  return byRole !== 0 ? byRole : compareInstances(a, b);
}

function chooseRole(instance: Resource, clone: Resource, chosen: { count: number }): void {
  const { cluster } = instance;
  const where = assignedCandidate(instance);
  cluster.scores.push({
    step: "promotion",
    resource: instance.id,
    kind: "promotion",
    node: where?.node.name,
    score: instance.promotionPriority,
  });
  const room = chosen.count < (topResource(instance).clone?.promotedMax ?? 0) || !clone.managed;
  const candidate =
    instance.promotionPriority >= 0 && room ? candidateForPromotion(instance) : undefined;
  const frozen = !cluster.settings.quorate && cluster.settings.noQuorumPolicy === "freeze";
  if (candidate === undefined || (instance.role < role.promoted && frozen)) {
    setNextUnpromoted(instance);
    return;
  }
  candidate.count++;
  setNextPromoted(instance);
  chosen.count++;
}

/** Where the instance (and every member of its group) can be promoted. */
function candidateForPromotion(instance: Resource): Candidate | undefined {
  if (instance.children.some((child) => candidateForPromotion(child) === undefined)) {
    return undefined;
  }
  const where = assignedCandidate(instance);
  if (where === undefined) return undefined;
  if (!instance.managed) {
    if (roleOf(instance, true) !== role.promoted) return undefined;
  } else if (instance.priority < 0 || !isAvailableWithHost({ ...where, score: 0 })) {
    return undefined;
  }
  const top = topResource(instance);
  const candidate = top.allowed.get(where.node.id);
  if (candidate === undefined) return undefined;
  const full = candidate.count >= (top.clone?.promotedNodeMax ?? 0);
  return full && instance.managed ? undefined : candidate;
}

function setNextUnpromoted(resource: Resource): void {
  const placed = locationsOf(resource, { assigned: true }).length > 0;
  resource.nextRole = placed ? role.unpromoted : role.stopped;
  resource.children.forEach(setNextUnpromoted);
}

function setNextPromoted(resource: Resource): void {
  if (resource.nextRole === role.unknown) resource.nextRole = role.promoted;
  resource.children.forEach(setNextPromoted);
}
