/** What every node comes to for a resource: its score when it was chosen, and the rules that made it. */
import type { NodeScore, NodeVerdict } from "../../../decision/reasons.ts";
import { infinity } from "../../../decision/score.ts";
import type { ScoreLine } from "../../../decision/transition.ts";
import { isGuestNode } from "../model/nodes.ts";
import type { Cluster, ClusterNode, Resource, ScoreNote } from "../model/types.ts";
import { obstaclesOf } from "./node-reasons.ts";

export type NodeScores = (resource: Resource, runs: boolean) => readonly NodeScore[];

export function nodeScores(cluster: Cluster): NodeScores {
  const placed = placedScores(cluster);
  const notes = notesByResource(cluster);
  const obstructed = new Set(cluster.nodes.filter((node) => obstaclesOf(node).length > 0));
  return (resource, runs) => {
    const scores = new Map(placed.get(resource.id)?.map(({ node, score }) => [node, score]));
    const own = notes.get(resource);
    return cluster.nodes.map((node) => {
      const score = scoreOn(resource, node, scores);
      const isObstructed = obstructed.has(node);
      const verdict = verdictOn({ resource, node, score, runs, isObstructed });
      return { node: node.name, verdict, score, parts: partsOn(node, score, own) };
    });
  };
}

/** The score by which the resource was placed, unless the node was taken out since: no capacity is left, or it is full. */
function scoreOn(
  resource: Resource,
  node: ClusterNode,
  placed: ReadonlyMap<string | undefined, number>,
): number | undefined {
  const left = resource.allowed.get(node.id)?.score;
  if (resource.assigned !== node && left !== undefined && left <= -infinity) return left;
  // Where the placement did not get that far, what was left.
  return placed.get(node.name) ?? left;
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

/** The scores with which each primitive was placed, in the order of the attempts. */
function placedScores(cluster: Cluster): Map<string, ScoreLine[]> {
  const found = new Map<string, ScoreLine[]>();
  for (const line of cluster.scores) {
    if (line.step !== "primitive_assign" || line.node === undefined) continue;
    const known = found.get(line.resource);
    if (known === undefined) found.set(line.resource, [line]);
    else known.push(line);
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

type Parts = NodeScore["parts"];
const noParts: Parts = [];

function partsOn(
  node: ClusterNode,
  score: number | undefined,
  notes: readonly ScoreNote[] | undefined,
): Parts {
  const here = notes?.filter((note) => note.node === node) ?? [];
  const brought = ownPart(node, score);
  if (here.length === 0) return brought === undefined ? noParts : [brought];
  // Each rule once, also where it was applied again: instances are tried on several nodes.
  const byRule = new Map(here.map((note) => [note.why, note.score]));
  const parts = [...byRule].map(([why, part]) => ({ score: part, why }));
  return brought === undefined ? parts : [brought, ...parts];
}

/** What the node itself brings for every resource alike. */
function ownPart(node: ClusterNode, score: number | undefined): Parts[number] | undefined {
  const own = node.base.score;
  if (score === undefined || own === 0) return undefined;
  if (own > -infinity) return { score: own, why: "the node's own score" };
  if (!isGuestNode(node) || score > -infinity) return undefined;
  return { score: own, why: "only what is made for it runs in a bundle's container" };
}
