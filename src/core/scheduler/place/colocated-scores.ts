/**
 * How the preferences of colocated resources count: the scores of what is to be together are added, weakened by the
 * colocation's score, through chains of colocations.
 */
import { addScores, infinity } from "../../../decision/score.ts";
import { configError } from "../model/issues.ts";
import { copyCandidates } from "../model/nodes.ts";
import { rulesOf } from "../model/rules-of.ts";
import { note } from "../model/scoring.ts";
import {
  type Candidate,
  type Candidates,
  type ColocatedScores,
  type Colocation,
  colocationSelect,
  type Resource,
} from "../model/types.ts";
import { colocationsOf, colocationsWith, hasInfluence } from "./apply-colocation.ts";
import { anyAvailable } from "./availability.ts";
import { colocationAttribute } from "./colocation-attribute.ts";
import { whyPreferred } from "./colocation-words.ts";
import { isUsable } from "./usable.ts";

/** Marks a node that the addition made unusable although it was wanted before. */
const spoiled = -100 * infinity;

/** The nodes with the scores added; what was given if there is nothing to add. */
export function addColocatedScores(request: ColocatedScores): Candidates | undefined {
  const { source, nodes } = request;
  // Colocations in a circle end where they began.
  if (source.updatingNodes || !mayFollow(source)) return nodes;
  source.updatingNodes = true;
  const result = withColocated(request);
  source.updatingNodes = false;
  return result;
}

/** Where everything is colocated with everything, the ways through it are without number. */
const followedMax = 300_000;
const followedMaxEach = 200;

/** Beyond all use preferences end; what must be together or apart is so nevertheless. */
function mayFollow({ id, cluster }: Resource): boolean {
  const max = followedMax + followedMaxEach * cluster.resources.length;
  if (++cluster.preferencesFollowed === max) {
    const what = "colocations lead in too many ways from resource to resource";
    configError(cluster, `${what}: their preferences count no further, here from ${id}`);
  }
  return cluster.preferencesFollowed < max;
}

function withColocated(request: ColocatedScores): Candidates | undefined {
  const { source, target, nodes, colocation, factor, select } = request;
  const nonnegative = (select & colocationSelect.nonnegative) !== 0;
  let work = copyCandidates(nodes ?? source.allowed);
  if (nodes !== undefined && target !== undefined) {
    addMatching(work, { source, target, colocation, factor, nonnegative });
  }
  if (anyAvailable(work)) {
    work = followColocations(request, work, nodes === undefined ? source : target);
  } else if ((select & colocationSelect.active) !== 0) {
    return nodes;
  }
  if (nonnegative) {
    for (const candidate of work.values()) if (candidate.score === spoiled) candidate.score = 1;
  }
  return work;
}

/** Adds what the dependent of one colocation prefers to the primary's scores. */
export function addDependentScores(colocation: Colocation, primary: Resource): void {
  if (!hasInfluence(colocation)) return;
  const { dependent } = colocation;
  let select: number = colocationSelect.active;
  if (primary.variant === "clone") select |= colocationSelect.nonnegative;
  const before = primary.allowed;
  const after = rulesOf(dependent).addColocatedScores({
    source: dependent,
    target: primary,
    nodes: primary.allowed,
    colocation,
    factor: Math.fround(colocation.score / infinity),
    select,
  });
  if (after === undefined) return;
  primary.allowed = after;
  for (const [id, { node, score }] of after) {
    const had = before.get(id)?.score ?? 0;
    if (score === had) continue;
    const change = Math.abs(score) >= infinity ? score : score - had;
    note(primary, node, change, whyPreferred(colocation));
  }
}

function followColocations(
  request: ColocatedScores,
  start: Candidates,
  target: Resource | undefined,
): Candidates {
  const { source, factor } = request;
  const select = request.select | colocationSelect.active;
  const thisWith = (select & colocationSelect.thisWith) !== 0;
  let work = start;
  for (const colocation of thisWith ? colocationsOf(source) : colocationsWith(source)) {
    if (!thisWith && !hasInfluence(colocation)) continue;
    const other = thisWith ? colocation.primary : colocation.dependent;
    // Single precision, as the recorded scores were computed.
    const weakened = Math.fround(Math.fround(factor * colocation.score) / infinity);
    work =
      rulesOf(other).addColocatedScores({
        source: other,
        target,
        nodes: work,
        colocation,
        factor: weakened,
        select,
      }) ?? work;
  }
  return work;
}

type Matching = {
  readonly source: Resource;
  readonly target: Resource;
  readonly colocation: Colocation | undefined;
  readonly factor: number;
  readonly nonnegative: boolean;
};

function addMatching(nodes: Candidates, matching: Matching): void {
  const { colocation, target } = matching;
  const attribute = colocation?.attribute ?? "#uname";
  const best = bestScores(matching, attribute);
  for (const candidate of nodes.values()) {
    const value = colocationAttribute(candidate.node, attribute, target);
    addBest(candidate, best.get(value?.toLowerCase()) ?? -infinity, matching);
  }
}

function addBest(candidate: Candidate, score: number, matching: Matching): void {
  const { colocation, factor, nonnegative } = matching;
  if (factor < 0 && score < 0 && colocation !== undefined) {
    // The primary goes where an anti-colocated dependent cannot be only if that keeps the dependent alive.
    const { primary, dependent } = colocation;
    if (primary.stickiness >= -score || !hasInfluence(colocation) || !allowedOnOne(dependent))
      return;
  }
  if (candidate.score === spoiled) return;
  const weighted = Math.fround(factor * score);
  let delta = Math.trunc(weighted < 0 ? weighted - 0.5 : weighted + 0.5);
  // Small scores are what people use: none is lost by rounding.
  if (delta === 0 && score !== 0) delta = Math.sign(factor);
  const changed = addScores(delta, candidate.score);
  if (nonnegative && changed < 0) {
    if (candidate.score > 0) {
      candidate.score = spoiled;
      return;
    }
    if (candidate.score === 0) return;
  }
  candidate.score = changed;
}

/** The source's best score on usable nodes, by the attribute's value in lower case. */
function bestScores(
  { source, colocation }: Matching,
  attribute: string,
): ReadonlyMap<string | undefined, number> {
  const { parent } = source;
  const original = source.allowed;
  const laterMember =
    colocation !== undefined &&
    source === colocation.dependent &&
    colocation.explicit &&
    parent?.variant === "group" &&
    source !== parent.children[0];
  if (laterMember) {
    // The group's locations were given to its first member only; this member is asked in its own right.
    source.allowed = copyCandidates(original);
    const { locations } = source.cluster;
    for (let i = locations.length - 1; i >= 0; i--) {
      const location = locations[i];
      if (location?.resource === parent) rulesOf(source).applyLocation(source, location);
    }
  }
  const best = new Map<string | undefined, number>();
  for (const { node, score } of source.allowed.values()) {
    if (score <= -infinity || !isUsable(node)) continue;
    const value = colocationAttribute(node, attribute, source)?.toLowerCase();
    if (score > (best.get(value) ?? -infinity)) best.set(value, score);
  }
  source.allowed = original;
  return best;
}

function allowedOnOne(resource: Resource): boolean {
  let count = 0;
  for (const { score } of resource.allowed.values()) if (score >= 0 && ++count > 1) return false;
  return count === 1;
}
