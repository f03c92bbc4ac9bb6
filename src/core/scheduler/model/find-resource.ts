/** Finding resources by id, or by the id under which the status section knows an instance. */
import { isClone, topResource } from "./resources.ts";
import type { Cluster, Resource } from "./types.ts";

type Index = {
  readonly byId: Map<string, Resource[]>;
  readonly byHistoryId: Map<string, Set<Resource>>;
};

const indexes = new WeakMap<Cluster, Index>();

/** The first in document order that has the id, or that the status section knows by it. */
export function findResource(cluster: Cluster, id: string): Resource | undefined {
  const { byId, byHistoryId } = indexOf(cluster);
  const [named] = byId.get(id) ?? [];
  const known = byHistoryId.get(id);
  if (known === undefined || known.size === 0) return named;
  const found = named === undefined ? [...known] : [named, ...known];
  return found.reduce((first, each) => (comesBefore(each, first) ? each : first));
}

function comesBefore(a: Resource, b: Resource): boolean {
  if (a.parent !== undefined && a.parent === b.parent) {
    return a.parent.children.indexOf(a) < a.parent.children.indexOf(b);
  }
  const [pathA, pathB] = [pathOf(a), pathOf(b)];
  for (let i = 0; i < pathA.length; i++) {
    const [at, other] = [pathA[i] ?? 0, pathB[i]];
    if (at !== other) return other !== undefined && at < other;
  }
  return pathA.length < pathB.length;
}

/** Its place among the resources, then among the children of each of its parents. */
function pathOf(resource: Resource): number[] {
  const { parent, cluster } = resource;
  return parent === undefined
    ? [cluster.resources.indexOf(resource)]
    : [...pathOf(parent), parent.children.indexOf(resource)];
}

/** What a constraint means by the id: an instance's id stands for its clone. */
export function findForConstraint(cluster: Cluster, id: string | undefined): Resource | undefined {
  if (id === undefined) return undefined;
  const found = findResource(cluster, id);
  return found === undefined || found.id === id ? found : topResource(found);
}

/** The part of a clone or its instance that has the id, with or without instance number. */
export function findInClone(resource: Resource, id: string): Resource | undefined {
  const own = resource.id === id || resource.xml.attributes["id"] === id;
  if (own && isClone(topResource(resource))) return resource;
  for (const child of resource.children) {
    const found = findInClone(child, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Every resource whose id or history id it is. */
export function resourcesMatching(cluster: Cluster, id: string): readonly Resource[] {
  const { byId, byHistoryId } = indexOf(cluster);
  const named = byId.get(id) ?? [];
  const known = byHistoryId.get(id);
  return known === undefined ? named : [...new Set([...named, ...known])];
}

/** Called when resources were added after the first look-up. */
export function indexResource(cluster: Cluster, resource: Resource): void {
  const index = indexes.get(cluster);
  if (index !== undefined) addTree(index, resource);
}

export function setHistoryId(resource: Resource, id: string | undefined): void {
  const { byHistoryId } = indexOf(resource.cluster);
  if (resource.historyId !== undefined) byHistoryId.get(resource.historyId)?.delete(resource);
  resource.historyId = id;
  if (id === undefined) return;
  const same = byHistoryId.get(id);
  if (same === undefined) byHistoryId.set(id, new Set([resource]));
  else same.add(resource);
}

function indexOf(cluster: Cluster): Index {
  let index = indexes.get(cluster);
  if (index === undefined) {
    index = { byId: new Map(), byHistoryId: new Map() };
    for (const resource of cluster.resources) addTree(index, resource);
    indexes.set(cluster, index);
  }
  return index;
}

function addTree(index: Index, resource: Resource): void {
  const same = index.byId.get(resource.id);
  if (same === undefined) index.byId.set(resource.id, [resource]);
  else same.push(resource);
  for (const child of resource.children) addTree(index, child);
}
