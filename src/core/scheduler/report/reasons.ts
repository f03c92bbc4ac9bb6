/** Plan -> its reasons. */

import type { DownCause, NodeScore, Reasons, ResourceReason } from "../../../decision/reasons.ts";
import { taskActions } from "../actions/find-actions.ts";
import type { TransitionGraph } from "../graph/transition-graph.ts";
import { actionFlag, has } from "../model/flags.ts";
import type { Cluster, Resource, ScoreNote } from "../model/types.ts";
import { role } from "../values/role.ts";
import { downCause } from "./down-cause.ts";
import { nodeReasons } from "./node-reasons.ts";

export function reasonsOf(cluster: Cluster, graph: TransitionGraph): Reasons {
  const scores = scoresByResource(cluster);
  const notes = notesByResource(cluster);
  const resources: ResourceReason[] = [];
  const describe = (resource: Resource): void => {
    if (resource.children.length > 0) {
      resource.children.forEach(describe);
      return;
    }
    const runs = willRun(resource);
    resources.push({
      resource: resource.id,
      node: runs ? resource.assigned?.name : undefined,
      choice: runs ? resource.choice : undefined,
      down: runs ? undefined : downCause(resource),
      scores: nodeScores(scores.get(resource.id), notes.get(resource)),
    });
  };
  cluster.resources.forEach(describe);
  const nothingToDo = graph.synapses.length === 0;
  const idle = resources.filter(({ down }) => nothingToDo && down !== undefined && !isMeant(down));
  return { nodes: nodeReasons(cluster), resources, idle: idle.map(({ resource }) => resource) };
}

/** People decided it, or there are enough of it. */
function isMeant({ kind }: DownCause): boolean {
  return kind === "removed" || kind === "disabled" || kind === "surplus-instance";
}

/** It runs where it shall, or is started there. What failed and is not touched any more may or may not run: nobody knows. */
function willRun(resource: Resource): boolean {
  const { assigned, nextRole } = resource;
  if (resource.failed && (resource.blocked || !resource.managed)) return false;
  if (assigned === undefined || nextRole === role.stopped) return false;
  const starts = taskActions(resource, "start", assigned, true).some((start) =>
    has(start.flags, actionFlag.inGraph),
  );
  if (starts) return true;
  const there = resource.role > role.stopped && resource.active.includes(assigned);
  const stops = taskActions(resource, "stop", assigned, true).some((stop) =>
    has(stop.flags, actionFlag.inGraph),
  );
  return there && !stops && assigned.online && !assigned.unclean;
}

type Scores = Map<string, number>;

/** The scores with which each primitive was placed. */
function scoresByResource(cluster: Cluster): Map<string, Scores> {
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

function nodeScores(scores: Scores | undefined, notes: readonly ScoreNote[] = []): NodeScore[] {
  return [...(scores ?? [])].map(([node, score]) => ({
    node,
    score,
    parts: notes
      .filter((note) => note.node.name === node)
      .map(({ score: part, why }) => ({ score: part, why })),
  }));
}
