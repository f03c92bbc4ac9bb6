/** What every node comes to for a resource: its score when it was chosen, and the rules that made it. */
import type { NodeScore, NodeVerdict } from "../../../decision/reasons.ts";
import { infinity } from "../../../formats/cib/score.ts";
import { isGuestNode } from "../model/nodes.ts";
import type { Cluster, ClusterNode, Resource, ScoreNote } from "../model/types.ts";
import { obstaclesOf } from "./node-reasons.ts";

export type NodeScores = (resource: Resource, runs: boolean) => readonly NodeScore[];

export function nodeScores(cluster: Cluster): NodeScores {
  const placed = placedScores(cluster);
  const notes = notesByResource(cluster);
  const obstructed = new Set(cluster.nodes.filter((node) => obstaclesOf(node).length > 0));
  return (resource, runs) =>
    cluster.nodes.map((node) => {
      const score = scoreOn(resource, node, placed);
      const isObstructed = obstructed.has(node);
      const verdict = verdictOn({ resource, node, score, runs, isObstructed });
      const parts = partsOn(node, notes.get(resource));
      return { node: node.name, verdict, score, parts: [...ownPart(node, score), ...parts] };
    });
}

/** The score by which the resource was placed, unless the node was taken out since: no capacity is left, or it is full. */
function scoreOn(
  resource: Resource,
  node: ClusterNode,
  placed: ReadonlyMap<string, Scores>,
): number | undefined {
  const left = resource.allowed.get(node.id)?.score;
  if (resource.assigned !== node && left !== undefined && left <= -infinity) return left;
  // Where the placement did not get that far, what was left.
  return placed.get(resource.id)?.get(node.name) ?? left;
}

/** What the node itself brings for every resource alike. */
function ownPart(node: ClusterNode, score: number | undefined): NodeScore["parts"] {
  const own = node.base.score;
  if (score === undefined || own === 0) return [];
  if (own > -infinity) return [{ score: own, why: "the node's own score" }];
  if (!isGuestNode(node) || score > -infinity) return [];
  return [{ score: own, why: "only what is made for it runs in a bundle's container" }];
}

type Standing = {
  readonly resource: Resource;
  readonly node: ClusterNode;
  readonly score: number | undefined;
  readonly runs: boolean;
  readonly isObstructed: boolean;
};

function verdictOn({ resource, node, score, runs, isObstructed }: Standing): NodeVerdict {
  if (runs && resource.assigned === node) return "chosen";
  if (isObstructed) return "obstacle";
  if (score === undefined) return "not-open";
  if (score < 0) return "banned";
  return resource.choice === undefined && !runs ? "unasked" : "second";
}

type Scores = Map<string, number>;

/** The scores with which each primitive was placed. */
function placedScores(cluster: Cluster): Map<string, Scores> {
  const found = new Map<string, Scores>();
  for (const { step, resource, node, score } of cluster.scores) {
    if (step !== "primitive_assign" || node === undefined) continue;
    const known = found.get(resource);
    if (known === undefined) found.set(resource, new Map([[node, score]]));
    else known.set(node, score);
  }
  return found;
}

function notesByResource(cluster: Cluster): Map<Resource, ScoreNote[]> {
  const found = new Map<Resource, ScoreNote[]>();
  for (const note of cluster.notes) {
    const known = found.get(note.resource);
    if (known === undefined) found.set(note.resource, [note]);
    else known.push(note);
  }
  return found;
}

/** Each rule once, also where it was applied again: instances are tried on several nodes. */
function partsOn(node: ClusterNode, notes: readonly ScoreNote[] = []): NodeScore["parts"] {
  const here = new Map<string, number>();
  for (const note of notes) if (note.node === node) here.set(note.why, note.score);
  return [...here].map(([why, score]) => ({ score, why }));
}
