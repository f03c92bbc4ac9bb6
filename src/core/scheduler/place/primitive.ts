/** Placing a primitive: colocations first those that must be, then those that should, then the best node. */
import { infinity } from "../../../decision/score.ts";
import { copyCandidates, findNode } from "../model/nodes.ts";
import { currentNode, isUniqueClone } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import { addScoreEverywhere, recordScores } from "../model/scoring.ts";
import type { Candidate, ClusterNode, Colocation, Resource } from "../model/types.ts";
import { role } from "../values/role.ts";
import { colocationsOf, colocationsWith } from "./apply-colocation.ts";
import { assignResource } from "./assign-resource.ts";
import { anyAvailable } from "./availability.ts";
import { banInsufficientCapacity } from "./capacity.ts";
import { placementChoice } from "./choice.ts";
import { addDependentScores } from "./colocated-scores.ts";
import { sortCandidates } from "./sort-candidates.ts";
import { isAvailable, isUsable } from "./usable.ts";

export function assignPrimitive(
  resource: Resource,
  prefer: ClusterNode | undefined,
  stopIfFail: boolean,
): ClusterNode | undefined {
  const { cluster, parent } = resource;
  // Parents place their parts.
  if (parent !== undefined && !parent.assigning) rulesOf(parent).assign(parent, prefer, stopIfFail);
  if (!resource.unassigned) return resource.assigned;
  // Colocations in a circle: the first one asked wins.
  if (resource.assigning) return undefined;
  resource.assigning = true;
  applyColocations(resource);
  applyWantedRole(resource);
  recordScores(cluster, "primitive_assign", resource);
  if (cluster.settings.fencingEnabled && !cluster.haveFencing) {
    // Safety: with fencing wanted and no device to do it, nothing is touched.
    resource.managed = false;
  }
  if (!resource.managed) {
    resource.nextRole = resource.role;
    assignResource(resource, currentNode(resource)?.base, { force: true, stopIfFail });
  } else if (cluster.settings.stopAll) {
    assignResource(resource, undefined, { force: true, stopIfFail });
  } else {
    assignBest(resource, prefer, stopIfFail);
  }
  resource.assigning = false;
  if (resource.remoteConnection) noteConnectionAssigned(resource);
  return resource.assigned;
}

function applyColocations(resource: Resource): void {
  const thisWith = colocationsOf(resource);
  const withThis = colocationsWith(resource);
  const mandatory = ({ score }: Colocation): boolean => Math.abs(score) >= infinity;
  const optional = (each: Colocation): boolean => !mandatory(each);
  for (const wanted of [mandatory, optional]) {
    for (const colocation of thisWith.filter(wanted)) applyThisWith(colocation, resource);
    for (const colocation of withThis.filter(wanted)) addDependentScores(colocation, resource);
  }
}

/** The primary is placed first. If a mere wish left no node at all, it is taken back. */
function applyThisWith(colocation: Colocation, resource: Resource): void {
  const { primary, score, dependentRole } = colocation;
  const revocable = dependentRole >= role.promoted || (score < 0 && score > -infinity);
  const before = revocable ? copyCandidates(resource.allowed) : undefined;
  if (primary.unassigned) rulesOf(primary).assign(primary, undefined, true);
  rulesOf(resource).applyColocation(resource, primary, colocation, true);
  if (before !== undefined && !anyAvailable(resource.allowed)) resource.allowed = before;
}

function applyWantedRole(resource: Resource): void {
  const { quorate, noQuorumPolicy } = resource.cluster.settings;
  if (resource.nextRole === role.stopped) {
    addScoreEverywhere(resource, -infinity, "it shall be stopped");
  } else if (resource.nextRole > resource.role && !quorate && noQuorumPolicy === "freeze") {
    resource.nextRole = resource.role;
  }
}

function assignBest(
  resource: Resource,
  wanted: ClusterNode | undefined,
  stopIfFail: boolean,
): void {
  const prefer = banInsufficientCapacity(resource) ?? undefined;
  if (!resource.unassigned) return;
  const { placementStrategy } = resource.cluster.settings;
  const current = currentNode(resource);
  const sorted = sortCandidates([...resource.allowed.values()], current, placementStrategy);
  const asked = preferred(resource, wanted ?? prefer, sorted[0]);
  const chosen = asked ?? bestOrCurrent(resource, sorted);
  // Before it is assigned: that makes the node busier.
  resource.choice = placementChoice(chosen, sorted, {
    asked: asked !== undefined,
    current,
    balanced: placementStrategy === "balanced",
  });
  assignResource(resource, chosen, { force: false, stopIfFail });
}

/** The preferred node, if it is as good as the best. */
function preferred(
  resource: Resource,
  prefer: ClusterNode | undefined,
  best: Candidate | undefined,
): Candidate | undefined {
  const candidate = prefer === undefined ? undefined : resource.allowed.get(prefer.id);
  if (candidate === undefined || best === undefined) return undefined;
  return candidate.score >= best.score && isAvailable(candidate) ? candidate : undefined;
}

/** The best node, or among equally good ones with a positive score the one where the resource is. */
function bestOrCurrent(resource: Resource, sorted: readonly Candidate[]): Candidate | undefined {
  const [best] = sorted;
  if (best === undefined || best.score <= 0 || !isUsable(best.node)) return best;
  if (isUniqueClone(resource.parent)) return best;
  const running = currentNode(resource);
  if (running === undefined || !isAvailable(running.base)) return best;
  for (const candidate of sorted.slice(1)) {
    if (candidate.score !== best.score) break;
    if (candidate.node === running) return candidate;
  }
  return best;
}

/** A remote node comes up with its connection, so what shall run there can be placed now. */
function noteConnectionAssigned(connection: Resource): void {
  const node = findNode(connection.cluster, connection.id);
  if (node === undefined) return;
  if (connection.assigned === undefined || connection.nextRole === role.stopped) {
    node.shutdown = true;
    return;
  }
  node.online = true;
  if (!node.seen) node.unclean = false;
}
