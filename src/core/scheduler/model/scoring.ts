/** Changing the scores of a resource and all its parts, with the rule that does it. */
import { addScores, infinity } from "../../../decision/score.ts";
import { allCandidates, copyCandidate } from "./nodes.ts";
import type { Candidate, Cluster, ClusterNode, Resource } from "./types.ts";
import { discovery } from "./types.ts";

/** A cluster with thousands of guests must not keep every note. */
const notesMax = 200_000;

/** Adds to the score on one node. `why` names the rule: it is kept as the reason. */
export function addScore(resource: Resource, node: ClusterNode, score: number, why: string): void {
  addTo(resource, node.base, score, why);
}

/** Adds to the score on every node; a ban everywhere also takes back a node already chosen. */
export function addScoreEverywhere(resource: Resource, score: number, why: string): void {
  for (const node of resource.cluster.nodes) addTo(resource, node.base, score, why);
  if (score === -infinity) resource.assigned = undefined;
}

/** Adds the same for one of the resource's own candidates (its discovery mode counts). */
export function addScoreFor(
  resource: Resource,
  candidate: Candidate,
  score: number,
  why: string,
): void {
  addTo(resource, candidate, score, why);
}

export function banEverywhere(resource: Resource, why: string): void {
  resource.allowed = allCandidates(resource.cluster.nodes);
  for (const candidate of resource.allowed.values()) {
    candidate.score = -infinity;
    note(resource, candidate.node, -infinity, why);
  }
}

/** Why remote nodes and guests are taken out for what makes or fences nodes. */
export const notRemote = "it runs on cluster nodes only, not on remote or guest nodes";

/** Takes a node out for the resource, whatever spoke for it. Without `why` the node itself says why. */
export function ban(resource: Resource, candidate: Candidate, why: string | undefined): void {
  if (why !== undefined && candidate.score > -infinity)
    note(resource, candidate.node, -infinity, why);
  candidate.score = -infinity;
}

export function note(resource: Resource, node: ClusterNode, score: number, why: string): void {
  const { cluster } = resource;
  if (score === 0 || resource.children.length > 0 || cluster.notes.length >= notesMax) return;
  cluster.notes.push({ resource, node, score, why });
}

export function recordScores(cluster: Cluster, step: string, resource: Resource): void {
  if (resource.removed) return;
  for (const { node, score } of resource.allowed.values()) {
    cluster.scores.push({
      step,
      resource: resource.id,
      kind: "allocation",
      node: node.name,
      score,
    });
  }
  for (const child of resource.children) recordScores(cluster, step, child);
}

function addTo(resource: Resource, on: Candidate, score: number, why: string): void {
  const exclusive = resource.exclusiveDiscovery || on.discovery === discovery.never;
  if (exclusive && why === "symmetric_default") return;
  for (const child of resource.children) addTo(child, on, score, why);
  let match = resource.allowed.get(on.node.id);
  if (match === undefined) {
    match = copyCandidate(on);
    resource.allowed.set(on.node.id, match);
  }
  match.score = addScores(match.score, score);
  note(resource, on.node, score, why);
}
