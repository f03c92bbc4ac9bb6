/** Where each resource is, or will be, and in which role. */

import { taskActions } from "../actions/find-actions.ts";
import { actionFlag, has } from "../model/flags.ts";
import type { Cluster, ClusterNode, Resource } from "../model/types.ts";
import { role, roleName } from "../values/role.ts";

export type Placement = {
  readonly resource: string;
  /** Nodes by name; more than one only if the resource is active where it should not be. */
  readonly nodes: readonly string[];
  readonly role: string;
};

export function placementsBefore(cluster: Cluster): Placement[] {
  return leaves(cluster).map((resource) => ({
    resource: resource.id,
    nodes: resource.active.map((node) => node.name),
    role: roleName(resource.active.length > 0 ? resource.role : role.stopped),
  }));
}

/** After planning: what is started is where it was assigned, what is not touched stays where it was. */
export function placementsAfter(cluster: Cluster): Placement[] {
  return leaves(cluster).map((resource) => {
    const left = resource.active.filter((node) => !isStopped(resource, node));
    const { assigned } = resource;
    const started = assigned !== undefined && isStarted(resource, assigned);
    const nodes = started && !left.includes(assigned) ? [...left, assigned] : left;
    return {
      resource: resource.id,
      nodes: nodes.map((node) => node.name),
      role: roleName(nodes.length > 0 ? roleAfter(resource) : role.stopped),
    };
  });
}

function leaves(cluster: Cluster): Resource[] {
  const found: Resource[] = [];
  const visit = (resource: Resource): void => {
    if (resource.children.length === 0) found.push(resource);
    else resource.children.forEach(visit);
  };
  cluster.resources.forEach(visit);
  return found;
}

function isDone(resource: Resource, task: string, node: ClusterNode): boolean {
  return taskActions(resource, task, node, true).some((action) =>
    has(action.flags, actionFlag.inGraph),
  );
}

/** By its own stop, or because the node is fenced. */
function isStopped(resource: Resource, node: ClusterNode): boolean {
  return isDone(resource, "stop", node);
}

function isStarted(resource: Resource, node: ClusterNode): boolean {
  return isDone(resource, "start", node);
}

function roleAfter(resource: Resource): Resource["role"] {
  const { assigned, nextRole } = resource;
  if (assigned !== undefined && isDone(resource, "promote", assigned)) return role.promoted;
  const demoted = resource.active.some((node) => isDone(resource, "demote", node));
  if (demoted) return role.unpromoted;
  const unchanged = resource.active.some((node) => !isStopped(resource, node));
  return unchanged ? resource.role : nextRole;
}
