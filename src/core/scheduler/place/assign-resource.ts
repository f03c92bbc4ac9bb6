/** Giving a resource its node, or taking it back. */
import { actionFlag } from "../model/flags.ts";
import { isGuestNode } from "../model/nodes.ts";
import type { Candidate, Resource } from "../model/types.ts";
import { role } from "../values/role.ts";
import { consumeCapacity, recordUtilization, releaseCapacity } from "./capacity.ts";
import { isAvailable } from "./usable.ts";

export type AssignOptions = {
  /** Whatever the score and state of the node. */
  readonly force: boolean;
  /** Whether being left without a node means that the resource stops. */
  readonly stopIfFail: boolean;
};

/** True if the node changed. */
export function assignResource(
  resource: Resource,
  wanted: Candidate | undefined,
  options: AssignOptions,
): boolean {
  if (resource.children.length > 0) {
    let changed = false;
    for (const child of resource.children) {
      if (assignResource(child, wanted, options)) changed = true;
    }
    return changed;
  }
  let candidate = wanted;
  if (!options.force && candidate !== undefined && !isAcceptable(candidate)) {
    if (options.stopIfFail) resource.nextRole = role.stopped;
    candidate = undefined;
  }
  const changed = resource.assigned !== candidate?.node;
  unassignResource(resource);
  resource.unassigned = false;
  if (candidate === undefined) {
    if (options.stopIfFail) stopUnassigned(resource);
    return changed;
  }
  const { node } = candidate;
  resource.assigned = node;
  resource.assignedScore = candidate.score;
  node.assignedCount++;
  candidate.count++;
  consumeCapacity(node.capacity, resource);
  recordUtilization(resource, node);
  return changed;
}

export function unassignResource(resource: Resource): void {
  resource.unassigned = true;
  if (resource.children.length > 0) {
    resource.children.forEach(unassignResource);
    return;
  }
  const node = resource.assigned;
  if (node === undefined) return;
  resource.assigned = undefined;
  node.assignedCount--;
  releaseCapacity(node.capacity, resource);
}

/** A guest node may be counted on before it is up: its guest is started first. */
function isAcceptable(candidate: Candidate): boolean {
  return candidate.score >= 0 && (isAvailable(candidate) || isGuestNode(candidate.node));
}

/** Without a node it stops: stops become required, starts impossible, recurring operations end. */
function stopUnassigned(resource: Resource): void {
  resource.nextRole = role.stopped;
  for (const action of resource.actions) {
    if (action.task === "stop") {
      action.flags &= ~actionFlag.optional;
    } else if (action.task === "start") {
      action.flags &= ~actionFlag.runnable;
    } else {
      const interval = action.meta.get("interval");
      const recurring = interval !== undefined && interval !== "0";
      const whileStopped = action.meta.get("op_target_rc") === "7";
      if (recurring && !whileStopped) action.flags &= ~actionFlag.runnable;
    }
  }
}
