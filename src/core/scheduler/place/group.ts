/** Placing a group: its first member decides, the others follow by the colocations between them. */
import { addScores, infinity } from "../../../decision/score.ts";
import { rulesOf } from "../model/rules-of.ts";
import { recordScores } from "../model/scoring.ts";
import type {
  Candidates,
  ClusterNode,
  ColocatedScores,
  Colocation,
  Location,
  Resource,
} from "../model/types.ts";
import { applyLocation } from "../score/locations.ts";
import { colocatedResources } from "./colocated-resources.ts";

/** The node of the first member that has one. */
export function assignGroup(
  group: Resource,
  prefer: ClusterNode | undefined,
  stopIfFail: boolean,
): ClusterNode | undefined {
  if (!group.unassigned) return group.assigned;
  const [first] = group.children;
  if (group.assigning || first === undefined) return undefined;
  group.assigning = true;
  group.role = first.role;
  recordScores(group.cluster, "group_assign", group);
  let node: ClusterNode | undefined;
  for (const member of group.children) {
    const assigned = rulesOf(member).assign(member, prefer, stopIfFail);
    node ??= assigned;
  }
  group.nextRole = first.nextRole;
  group.assigning = false;
  group.unassigned = false;
  return group.group?.colocated === true ? node : undefined;
}

export function applyGroupColocation(
  dependent: Resource,
  primary: Resource,
  colocation: Colocation,
  forDependent: boolean,
): number {
  return forDependent
    ? colocateGroup(dependent, primary, colocation)
    : colocateWithGroup(dependent, primary, colocation);
}

function colocateGroup(group: Resource, primary: Resource, colocation: Colocation): number {
  const [first] = group.children;
  if (first === undefined) return 0;
  let delta = 0;
  if (group.group?.colocated === true) {
    delta = rulesOf(first).applyColocation(first, primary, colocation, true);
  } else {
    if (colocation.score >= infinity) return 0;
    for (const member of group.children) {
      const each = rulesOf(member).applyColocation(member, primary, colocation, false);
      delta = addScores(delta, each);
    }
  }
  if (delta !== 0) group.priority = addScores(delta, group.priority);
  return delta;
}

/** What must be with a group needs the whole group, so its last member; a wish is content with the first. */
function colocateWithGroup(dependent: Resource, group: Resource, colocation: Colocation): number {
  if (group.unassigned) return 0;
  const mandatory = colocation.score >= infinity;
  if (group.group?.colocated === true) {
    const member = mandatory ? group.children.at(-1) : group.children[0];
    if (member === undefined) return 0;
    return rulesOf(member).applyColocation(dependent, member, colocation, false);
  }
  if (mandatory) return 0;
  let delta = 0;
  for (const member of group.children) {
    const each = rulesOf(member).applyColocation(dependent, member, colocation, false);
    delta = addScores(delta, each);
  }
  return delta;
}

/**
 * The constraint's score counts once: for the first member. The others get the nodes with a score of 0, which allows
 * them there in an opt-in cluster.
 */
export function applyGroupLocation(group: Resource, location: Location): void {
  const original = location.nodes;
  const zero = original.map((candidate) => ({ ...candidate, score: 0 })).reverse();
  applyLocation(group, location);
  group.children.forEach((member, index) => {
    if (group.group?.colocated === true && index > 0) location.nodes = zero;
    rulesOf(member).applyLocation(member, location);
  });
  location.nodes = original;
}

/** The first and last member bring the group's own colocations. */
export function groupColocatedResources(
  group: Resource,
  given: Resource | undefined,
  found: Resource[],
): Resource[] {
  const origin = given ?? group;
  if (group.group?.colocated === true || group.parent?.variant === "clone") {
    let list = [group, ...found];
    for (const member of group.children) {
      list = rulesOf(member).colocatedResources(member, origin, list);
    }
    return list;
  }
  return group.children.length > 0 ? colocatedResources(group, origin, found) : found;
}

/**
 * "This with" is asked from the last member, from which the internal colocations lead to all others; "with this" from
 * the first, likewise.
 */
export function addGroupScores(request: ColocatedScores): Candidates | undefined {
  const { source, nodes } = request;
  if (source.updatingNodes) return nodes;
  const member = nodes === undefined ? source.children.at(-1) : source.children[0];
  if (member === undefined) return nodes;
  source.updatingNodes = true;
  const result = rulesOf(member).addColocatedScores({ ...request, source: member });
  source.updatingNodes = false;
  return result;
}

/** All members of a colocated group run on one node; of another only the first is counted. */
export function addGroupUtilization(
  group: Resource,
  origin: Resource,
  all: readonly Resource[],
  sum: Map<string, number>,
): void {
  if (!group.unassigned) return;
  const together = group.group?.colocated === true || group.parent?.variant === "clone";
  for (const member of together ? group.children : group.children.slice(0, 1)) {
    if (!member.unassigned || all.includes(member)) continue;
    rulesOf(member).addUtilization(member, origin, all, sum);
  }
}
