/** Where an instance, or all members of its group, will be. */
import type { Candidate, Resource } from "../model/types.ts";
import { discovery } from "../model/types.ts";

/** Each node once, with the score that the first part there had when it was chosen. */
function assignedCandidates(resource: Resource, found: Candidate[] = []): Candidate[] {
  if (resource.children.length > 0) {
    for (const child of resource.children) assignedCandidates(child, found);
    return found;
  }
  const node = resource.assigned;
  if (node !== undefined && !found.some((each) => each.node === node)) {
    found.push({ node, score: resource.assignedScore, count: 0, discovery: discovery.always });
  }
  return found;
}

/** Undefined unless there is exactly one. */
export function assignedCandidate(resource: Resource): Candidate | undefined {
  const found = assignedCandidates(resource);
  return found.length === 1 ? found[0] : undefined;
}
