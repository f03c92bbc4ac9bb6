/** Which resource a history entry belongs to: by name, as an instance of a clone, or one that was removed. */
import { infinity } from "../../../../decision/score.ts";
import { attribute, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import {
  findInClone,
  findResource,
  indexResource,
  setHistoryId,
} from "../../model/find-resource.ts";
import { addNode, findNode, isGuestNode } from "../../model/nodes.ts";
import {
  isAnonymousClone,
  isBundled,
  locationsOf,
  topResource,
  walk,
} from "../../model/resources.ts";
import { addScoreEverywhere } from "../../model/scoring.ts";
import type { Cluster, ClusterNode, Resource } from "../../model/types.ts";
import { baseName, firstInstanceName } from "../../values/instance-name.ts";
import { addInstance, isUniversal } from "../clone.ts";
import { linkConnection } from "../remote-nodes.ts";
import { readResource } from "../resource.ts";

/** With `adopt`, an entry that belongs to nothing becomes a removed resource, which will be stopped. */
export function findOrAdopt(
  cluster: Cluster,
  node: ClusterNode,
  entry: XmlElement,
  adopt: boolean,
): Resource | undefined {
  const id = attribute(entry, "id") as string;
  const found = findInHistory(cluster, node, id);
  if (found !== undefined) return found;
  return adopt ? adoptRemoved(cluster, id, entry) : undefined;
}

function findInHistory(cluster: Cluster, node: ClusterNode, id: string): Resource | undefined {
  let found = findResource(cluster, id);
  let parent: Resource;
  if (found === undefined) {
    const first = findResource(cluster, firstInstanceName(id));
    if (first === undefined || first.unique) return undefined;
    found = first;
    parent = topResource(first);
  } else {
    if (found.variant !== "primitive") return undefined;
    parent = topResource(found);
  }
  if (isAnonymousClone(parent)) {
    found = isBundled(parent)
      ? bundleInstanceOn(parent, node)
      : anonymousInstance(cluster, node, parent, baseName(id));
  }
  if (found !== undefined && id !== found.id && id !== found.historyId) setHistoryId(found, id);
  return found;
}

/** The primitive of the replica that is this guest node. */
function bundleInstanceOn(clone: Resource, node: ClusterNode): Resource | undefined {
  const replicas = topResource(clone, true).bundle?.replicas ?? [];
  return replicas.find((replica) => replica.node === node)?.child;
}

/**
 * The instance that is active on the node, else the first that is nowhere. Instances of lost nodes that need no
 * fencing do not use up numbers, unless there is one for every node.
 */
function anonymousInstance(
  cluster: Cluster,
  node: ClusterNode,
  clone: Resource,
  id: string,
): Resource | undefined {
  let found = activeOrFree(clone, node, id);
  if (
    found !== undefined &&
    !found.needsFencing &&
    (!node.online || node.unclean) &&
    !isGuestNode(node) &&
    !isUniversal(clone)
  ) {
    found = undefined;
  }
  if (found !== undefined) return found;
  const instance = addInstance(clone, (xml, parent) => readResource(cluster, xml, parent));
  if (instance === undefined) return undefined;
  indexResource(cluster, instance);
  return findInClone(instance, id);
}

function activeOrFree(clone: Resource, node: ClusterNode, id: string): Resource | undefined {
  let free: Resource | undefined;
  let takesFree = true;
  for (const instance of clone.children) {
    const locations = locationsOf(instance, { current: true, pending: true });
    if (locations.length > 0) {
      if (locations[0] !== node) continue;
      const part = findInClone(instance, id);
      if (part === undefined) continue;
      if (part.active.length === 0) return part;
      // A second active instance on one node is one too many, so no free number is given to it.
      takesFree = false;
    }
    if (locations.length > 0 || free !== undefined || instance.blocked) continue;
    const part = findInClone(instance, id);
    const pendingElsewhere = part?.pendingNode !== undefined && part.pendingNode !== node;
    if (!pendingElsewhere) free = part;
  }
  return takesFree ? free : undefined;
}

/** What the status section knows and the configuration does not: it is stopped, or left alone if so configured. */
function adoptRemoved(cluster: Cluster, id: string, entry: XmlElement): Resource | undefined {
  const xml: XmlElement = {
    name: "primitive",
    attributes: { ...entry.attributes, id },
    children: [],
  };
  const resource = readResource(cluster, xml, undefined);
  if (resource === undefined) return undefined;
  if (resource.remoteConnection) {
    const node =
      findNode(cluster, id) ?? addNode(cluster, { id, name: id, kind: "remote", score: 0 });
    linkConnection(cluster, resource);
    node.shutdown = true;
  }
  walk(resource, (each) => {
    each.removed = true;
  });
  resource.removedLaunched = attribute(entry, "container") !== undefined;
  cluster.resources.push(resource);
  indexResource(cluster, resource);
  if (cluster.settings.stopRemoved) {
    addScoreEverywhere(resource, -infinity, "removed from the configuration");
  } else {
    resource.managed = false;
  }
  return resource;
}
