/** Plan -> its reasons. */

import { doesNothing } from "../../../decision/idle-graph.ts";
import type { DownCause, Reasons, ResourceReason } from "../../../decision/reasons.ts";
import { taskActions } from "../actions/find-actions.ts";
import type { TransitionGraph } from "../graph/transition-graph.ts";
import { actionFlag, has } from "../model/flags.ts";
import type { Cluster, Resource } from "../model/types.ts";
import { role, roleName } from "../values/role.ts";
import { downCause, untouchedBecause } from "./down-cause.ts";
import { nodeReasons } from "./node-reasons.ts";
import { type NodeScores, nodeScores } from "./node-scores.ts";

export function reasonsOf(cluster: Cluster, graph: TransitionGraph): Reasons {
  const scores = nodeScores(cluster);
  const promotion = promotionScores(cluster);
  const resources: ResourceReason[] = [];
  const describe = (resource: Resource): void => {
    if (resource.children.length > 0) resource.children.forEach(describe);
    else resources.push(reasonOf(resource, scores, promotion.get(topInstance(resource))));
  };
  cluster.resources.forEach(describe);
  const nothingToDo = doesNothing(graph);
  const idle = resources.filter(({ down }) => nothingToDo && down !== undefined && !isMeant(down));
  return { nodes: nodeReasons(cluster), resources, idle: idle.map(({ resource }) => resource) };
}

function reasonOf(
  resource: Resource,
  scores: NodeScores,
  promotionScore: number | undefined,
): ResourceReason {
  const runs = willRun(resource);
  return {
    resource: resource.id,
    role: roleName(resource.role),
    activeOn: resource.active.map((node) => node.name),
    nextRole: roleName(runs ? resource.nextRole : role.stopped),
    node: runs ? resource.assigned?.name : undefined,
    choice: runs ? resource.choice : undefined,
    down: runs ? undefined : downCause(resource),
    untouched: runs && !resource.managed ? untouchedBecause(resource) : undefined,
    promotionScore,
    scores: scores(resource, runs),
  };
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

/** Members of a group are promoted with their group. */
function topInstance(resource: Resource): string {
  const { parent } = resource;
  return parent?.variant === "group" && parent.parent !== undefined ? parent.id : resource.id;
}

function promotionScores({ scores }: Cluster): ReadonlyMap<string, number> {
  const promotion = scores.filter(({ kind }) => kind === "promotion");
  return new Map(promotion.map(({ resource, score }) => [resource, score]));
}
