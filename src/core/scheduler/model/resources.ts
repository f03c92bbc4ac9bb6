/** Questions about resources whose answer depends on their kind or place in the tree. */
import type { Role } from "../values/role.ts";
import type { ClusterNode, Resource } from "./types.ts";

/** The outermost resource, or with `bundles` false the one just below a bundle. */
export function topResource(of: Resource, bundles = false): Resource {
  let top = of;
  while (top.parent !== undefined && (bundles || top.parent.variant !== "bundle")) top = top.parent;
  return top;
}

export function isAncestor(ancestor: Resource | undefined, of: Resource): boolean {
  for (let parent = of.parent; parent !== undefined; parent = parent.parent) {
    if (parent === ancestor) return true;
  }
  return false;
}

export function isClone(resource: Resource | undefined): boolean {
  return resource !== undefined && resource.variant === "clone";
}

export function isAnonymousClone(resource: Resource | undefined): boolean {
  return resource !== undefined && resource.variant === "clone" && !resource.unique;
}

export function isUniqueClone(resource: Resource | undefined): boolean {
  return resource !== undefined && resource.variant === "clone" && resource.unique;
}

export function isBundled(resource: Resource): boolean {
  return topResource(resource, true).variant === "bundle";
}

/** Variants in ascending complexity, for comparisons. */
export function variantRank(resource: Resource): number {
  return ["primitive", "group", "clone", "bundle"].indexOf(resource.variant);
}

export function walk(resource: Resource, visit: (each: Resource) => void): void {
  visit(resource);
  for (const child of resource.children) walk(child, visit);
}

/** The name without the instance number, unless instances are told apart. */
export function printableId(resource: Resource): string {
  return resource.unique ? resource.id : configuredId(resource);
}

/** The id in the configuration. */
export function configuredId(resource: Resource): string {
  return resource.xml.attributes["id"] ?? resource.id;
}

/** Whether the resource (or with `all` every part of it) is active anywhere. */
export function isActive(resource: Resource, all: boolean): boolean {
  switch (resource.variant) {
    case "primitive":
      return resource.active.some((node) => node.unclean || node.online || !resource.managed);
    case "group": {
      const active = resource.children.filter((child) => isActive(child, all)).length;
      return all ? active > 0 && active === resource.children.length : active > 0;
    }
    case "clone":
      return all
        ? resource.children.every((child) => isActive(child, all))
        : resource.children.some((child) => isActive(child, all));
    case "bundle":
      return bundleIsActive(resource, all);
  }
}

function bundleIsActive(bundle: Resource, all: boolean): boolean {
  for (const replica of bundle.bundle?.replicas ?? []) {
    for (const part of [replica.ip, replica.child, replica.container, replica.remote]) {
      if (part === undefined) continue;
      const active = isActive(part, all);
      if (active && !all) return true;
      if (!active && all) return false;
    }
  }
  return all;
}

/** The role at the start, or with `current` false at the end, of the transition: the highest of its parts. */
export function roleOf(resource: Resource, current: boolean): Role {
  if (resource.variant === "primitive") return current ? resource.role : resource.nextRole;
  // A bundle as a whole has no role.
  if (resource.variant === "bundle") return 0;
  let highest: Role = 0;
  for (const part of resource.children) {
    const role = roleOf(part, current);
    if (role > highest) highest = role;
  }
  return highest;
}

/** The primitive that runs inside a bundle replica's container. */
export function primitiveInside(container: Resource): Resource | undefined {
  if (!container.replicaContainer) return undefined;
  for (let up = container.parent; up !== undefined; up = up.parent) {
    const replica = up.bundle?.replicas.find((each) => each.container === container);
    if (replica !== undefined) return replica.child;
  }
  return undefined;
}

export function isBlockedAnywhere(resource: Resource): boolean {
  return resource.blocked || resource.children.some(isBlockedAnywhere);
}

export type Where = {
  readonly current?: boolean;
  readonly pending?: boolean;
  readonly assigned?: boolean;
};

/** The nodes of all parts, each once. */
export function locationsOf(
  resource: Resource,
  where: Where,
  found: ClusterNode[] = [],
): ClusterNode[] {
  if (resource.children.length > 0) {
    for (const child of resource.children) locationsOf(child, where, found);
    return found;
  }
  const add = (node: ClusterNode | undefined): void => {
    if (node !== undefined && !found.includes(node)) found.push(node);
  };
  if (where.current) resource.active.forEach(add);
  if (where.pending) add(resource.pendingNode);
  if (where.assigned) add(resource.assigned);
  return found;
}

/** The one node, if it is one. */
export function singleLocation(resource: Resource, where: Where): ClusterNode | undefined {
  const found = locationsOf(resource, where);
  return found.length === 1 ? found[0] : undefined;
}

export type Activity = {
  /** Where the resource is taken to be: the source of a migration, else the first clean node, else the first. */
  readonly node: ClusterNode | undefined;
  readonly all: number;
  readonly clean: number;
};

/** A bundle is where its containers are. */
export function activityOf(resource: Resource): Activity {
  if (resource.bundle === undefined) return judgeActivity(resource, resource.active);
  const containers = resource.bundle.replicas.map((replica) => replica.container);
  const active = containers.filter((container) => container.active.length > 0);
  const [only] = active;
  if (only !== undefined && active.length === 1) return activityOf(only);
  return judgeActivity(resource, [...new Set(active.flatMap((container) => container.active))]);
}

function judgeActivity(resource: Resource, nodes: readonly ClusterNode[]): Activity {
  let chosen: ClusterNode | undefined;
  let clean = 0;
  for (const node of nodes) {
    const happy = node.online && !node.unclean;
    if (happy) clean++;
    if (resource.partialMigrationSource !== undefined) {
      if (node === resource.partialMigrationSource) chosen = node;
    } else if (!resource.needsFencing && happy) {
      if (chosen === undefined || !chosen.online || chosen.unclean) chosen = node;
    }
    chosen ??= node;
  }
  return { node: chosen, all: nodes.length, clean };
}

export function currentNode(resource: Resource): ClusterNode | undefined {
  return activityOf(resource).node;
}

/** How many nodes the resource is active on, not counting those where it does not matter. */
export function activeCountThatMatters(resource: Resource): number {
  const activity = activityOf(resource);
  return resource.needsFencing ? activity.all : activity.clean;
}

export function isDisabled(resource: Resource): boolean {
  const target = resource.meta.get("target-role")?.toLowerCase();
  if (target === "stopped") return true;
  return (target === "unpromoted" || target === "slave") && topResource(resource).promotable;
}
