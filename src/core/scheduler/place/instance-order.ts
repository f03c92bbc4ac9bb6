/** Which instance of a clone (or bundle) is placed first. */
import { infinity } from "../../../decision/score.ts";
import { copyCandidate } from "../model/nodes.ts";
import { activityOf, currentNode } from "../model/resources.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Candidate, Candidates, ClusterNode, Resource } from "../model/types.ts";
import { colocationSelect } from "../model/types.ts";
import { colocationsOf, colocationsWith, hasInfluence } from "./apply-colocation.ts";
import { isUsable } from "./usable.ts";

/** The candidate of the instance's parent, which counts the instances on the node. */
export function parentCandidate(instance: Resource, node: ClusterNode): Candidate | undefined {
  return (instance.parent ?? instance).allowed.get(node.id);
}

/**
 * Those that are active on a node where they may stay come first, on good nodes with few others before bad ones, healthy
 * before failed; then what is colocated decides, and at last the number.
 */
export function compareInstances(a: Resource, b: Resource): number {
  const [activityA, activityB] = [activityOf(a), activityOf(b)];
  if (activityA.all > 0 && activityB.all > 0 && activityA.all !== activityB.all) {
    return activityA.all - activityB.all;
  }
  const [nodeA, nodeB] = [allowedNode(a, activityA.node), allowedNode(b, activityB.node)];
  if (nodeA !== null && nodeB === null) return -1;
  if (nodeA === null && nodeB !== null) return 1;
  if (a.priority !== b.priority) return b.priority - a.priority;
  if (nodeA == null || nodeB == null) return presentFirst(nodeA ?? undefined, nodeB ?? undefined);
  const usable = Number(isUsable(nodeB)) - Number(isUsable(nodeA));
  if (usable !== 0) return usable;
  const [onA, onB] = [parentCandidate(a, nodeA), parentCandidate(b, nodeB)];
  if (onA === undefined || onB === undefined) return presentFirst(onA, onB);
  if (onA.count !== onB.count) return onA.count - onB.count;
  const failed = Number(hasFailed(a)) - Number(hasFailed(b));
  if (failed !== 0) return failed;
  const score = colocatedScore(b, nodeOf(b)) - colocatedScore(a, nodeOf(a));
  return score !== 0 ? score : compareInstanceNumbers(a, b);
}

/** Numbers follow a colon in clones and a dash in bundles. */
export function compareInstanceNumbers(a: Resource, b: Resource): number {
  return instanceNumber(a.id) - instanceNumber(b.id);
}

function instanceNumber(id: string): number {
  const colon = id.lastIndexOf(":");
  const at = colon >= 0 ? colon : id.lastIndexOf("-");
  return Number.parseInt(id.slice(at + 1), 10) || 0;
}

/** The node if the instance may be there, null if not, undefined if there is none. */
function allowedNode(
  instance: Resource,
  node: ClusterNode | undefined,
): ClusterNode | undefined | null {
  if (node === undefined) return undefined;
  const allowed = instance.allowed.get(node.id);
  return allowed === undefined || allowed.score < 0 ? null : node;
}

function presentFirst(a: unknown, b: unknown): number {
  return Number(b !== undefined) - Number(a !== undefined);
}

function nodeOf(instance: Resource): ClusterNode | undefined {
  return currentNode(instance);
}

function hasFailed(resource: Resource): boolean {
  return resource.failed || resource.children.some(hasFailed);
}

/** What the colocations of the instance make of its present node. */
function colocatedScore(instance: Resource, node: ClusterNode | undefined): number {
  if (node === undefined) return 0;
  let nodes: Candidates = new Map([[node.id, copyCandidate(node.base)]]);
  for (const colocation of colocationsOf(instance)) {
    const source = colocation.primary;
    const factor = Math.fround(colocation.score / infinity);
    nodes =
      rulesOf(source).addColocatedScores({
        source,
        target: instance,
        nodes,
        colocation,
        factor,
        select: 0,
      }) ?? nodes;
  }
  for (const colocation of colocationsWith(instance)) {
    if (!hasInfluence(colocation, instance)) continue;
    const source = colocation.dependent;
    const factor = Math.fround(colocation.score / infinity);
    const select = colocationSelect.nonnegative;
    nodes =
      rulesOf(source).addColocatedScores({
        source,
        target: instance,
        nodes,
        colocation,
        factor,
        select,
      }) ?? nodes;
  }
  return nodes.get(node.id)?.score ?? 0;
}
