/** Capacities of nodes and needs of resources (utilization attributes). */
import { compareText } from "../../../base/compare.ts";
import { infinity } from "../../../decision/score.ts";
import type { UtilizationLine } from "../../../decision/transition.ts";
import { rulesOf } from "../model/rules-of.ts";
import { addScoreFor } from "../model/scoring.ts";
import type { Cluster, ClusterNode, Resource } from "../model/types.ts";
import { intMax, intMin } from "../values/number.ts";
import { isAvailable } from "./usable.ts";

/** Negative if `a` has more kinds of capacity left than `b`. */
export function compareCapacities(a: ClusterNode, b: ClusterNode): number {
  let result = 0;
  const names = new Set([...a.capacity.keys(), ...b.capacity.keys()]);
  for (const name of names) {
    result += Math.sign((b.capacity.get(name) ?? 0) - (a.capacity.get(name) ?? 0));
  }
  return result;
}

export function consumeCapacity(from: Map<string, number>, resource: Resource): void {
  for (const [name, need] of resource.utilization) change(from, name, -need);
}

export function releaseCapacity(to: Map<string, number>, resource: Resource): void {
  for (const [name, need] of resource.utilization) change(to, name, need);
}

/** What room every node has: written down before and after everything is placed. */
export function recordCapacities(cluster: Cluster, kind: "original" | "remaining"): void {
  for (const node of cluster.nodes) {
    record(cluster, { kind, resource: undefined, node: node.name }, node.capacity);
  }
}

/** What the resource takes of the node that it was given. */
export function recordUtilization(resource: Resource, node: ClusterNode): void {
  const { cluster, id, utilization } = resource;
  record(cluster, { kind: "assigned", resource: id, node: node.name }, utilization);
}

function record(
  cluster: Cluster,
  line: Pick<UtilizationLine, "kind" | "resource" | "node">,
  amounts: ReadonlyMap<string, number>,
): void {
  cluster.utilization.push({
    ...line,
    amounts: [...amounts].sort(([a], [b]) => compareText(a, b)),
    afterScores: cluster.scores.length,
  });
}

function change(capacity: Map<string, number>, name: string, by: number): void {
  const result = (capacity.get(name) ?? 0) + by;
  capacity.set(name, Math.max(intMin, Math.min(intMax, result)));
}

/**
 * Bans the resource from nodes that cannot take it and all that must be with it; if no node can, only from those that
 * cannot take it alone, and then the node with the most room is preferred and given back.
 */
export function banInsufficientCapacity(resource: Resource): ClusterNode | undefined {
  if (resource.cluster.settings.placementStrategy === "default") return undefined;
  const together = rulesOf(resource).colocatedResources(resource, undefined, []);
  if (together.length === 0) return undefined;
  if (!together.includes(resource)) together.push(resource);
  const needs = new Map<string, number>();
  for (const each of together) rulesOf(each).addUtilization(each, resource, together, needs);
  const available = [...resource.allowed.values()].filter(isAvailable);
  let best: ClusterNode | undefined;
  for (const { node } of available) {
    if (best === undefined || compareCapacities(node, best) < 0) best = node;
  }
  const anyCapable = available.some(({ node }) => shortage(node, needs) === undefined);
  const needed = anyCapable ? needs : resource.utilization;
  for (const candidate of available) {
    const lack = shortage(candidate.node, needed);
    if (lack !== undefined) addScoreFor(resource, candidate, -infinity, lack);
  }
  return anyCapable ? undefined : best;
}

/** What the node has too little of, in words; undefined if it has enough. */
function shortage(node: ClusterNode, needs: ReadonlyMap<string, number>): string | undefined {
  for (const [name, need] of needs) {
    const free = node.capacity.get(name) ?? 0;
    if (need > free)
      return `not enough ${name}: it needs ${need}, and ${Math.max(0, free)} is free`;
  }
  return undefined;
}
