/** Finding resources by id, or by the id under which the status section knows an instance. */
import { isClone, topResource } from "./resources.ts";
import type { Cluster, Resource } from "./types.ts";

type Index = {
  readonly byId: Map<string, Resource[]>;
  readonly byHistoryId: Map<string, Set<Resource>>;
};

const indexes = new WeakMap<Cluster, Index>();

/** The first in document order. */
export function findResource(cluster: Cluster, id: string): Resource | undefined {
  const { byId, byHistoryId } = indexOf(cluster);
  const [found] = byId.get(id) ?? [];
  if (found !== undefined) return found;
  for (const resource of byHistoryId.get(id) ?? []) return resource;
  return undefined;
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
export function resourcesMatching(cluster: Cluster, id: string): Resource[] {
  const { byId, byHistoryId } = indexOf(cluster);
  const found = new Set(byId.get(id));
  for (const resource of byHistoryId.get(id) ?? []) found.add(resource);
  return [...found];
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
