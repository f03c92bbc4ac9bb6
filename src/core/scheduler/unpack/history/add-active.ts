/** Noting that a resource is active on a node. */
import { infinity } from "../../../../decision/score.ts";
import { activeCountThatMatters } from "../../model/resources.ts";
import { addScore, banEverywhere } from "../../model/scoring.ts";
import type { ClusterNode, Resource } from "../../model/types.ts";
import { role } from "../../values/role.ts";

export function addActive(resource: Resource, node: ClusterNode, failed: boolean): void {
  if (resource.active.includes(node)) return;
  resource.active.push(node);
  if (resource.variant === "primitive") {
    node.running.push(resource);
    addNodePriority(resource, node, failed);
    if (node.maintenance) {
      resource.managed = false;
      resource.maintenance = true;
    }
  }
  if (!resource.managed) {
    // What is not managed stays where it is.
    addScore(resource, node, infinity, "not managed, stays where it is");
    for (let up = resource.parent; up !== undefined; up = up.parent) up.active.push(node);
    return;
  }
  if (resource.variant === "primitive" && activeCountThatMatters(resource) > 1) {
    applyMultipleActive(resource);
  }
  if (resource.parent !== undefined) addActive(resource.parent, node, false);
}

/** Priorities count for priority-fencing-delay; a promoted instance counts one more. */
function addNodePriority(resource: Resource, node: ClusterNode, failed: boolean): void {
  if (resource.priority === 0 || failed) return;
  const priority = resource.priority + (resource.role === role.promoted ? 1 : 0);
  node.priority += priority;
  for (const host of node.connection?.launcher?.active ?? []) host.priority += priority;
}

function applyMultipleActive(resource: Resource): void {
  switch (resource.multipleActive) {
    case "stop_only":
      banEverywhere(resource, "active on several nodes, multiple-active=stop_only");
      return;
    case "block": {
      block(resource);
      const { parent } = resource;
      const together = parent?.variant === "group" || parent?.variant === "bundle";
      if (together && parent?.multipleActive === "block") parent.children.forEach(block);
      return;
    }
    default:
    // Stops and starts follow from being active on several nodes.
  }
}

function block(resource: Resource): void {
  resource.managed = false;
  resource.blocked = true;
}
