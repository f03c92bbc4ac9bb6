/**
 * Bundles: replicas of a container, each with an address or port of its own, and in each container one instance of the
 * primitive inside, on a guest node that the container makes.
 */
import { infinity } from "../../../decision/score.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { findResource } from "../model/find-resource.ts";
import { configError } from "../model/issues.ts";
import { addNode, copyCandidate, findNode, isRemoteKind } from "../model/nodes.ts";
import { walk } from "../model/resources.ts";
import { ban, notRemote } from "../model/scoring.ts";
import type { BundleTraits, ClusterNode, Replica, Resource } from "../model/types.ts";
import { discovery } from "../model/types.ts";
import {
  addressElement,
  cloneElement,
  containerElement,
  hostOption,
  type ReplicaPart,
  remotePort,
} from "./bundle-parts.ts";
import { type BundleSettings, bundleSettings, nextAddress } from "./bundle-settings.ts";
import { remoteConnection } from "./remote-nodes.ts";

type ReadChild = (xml: XmlElement, parent: Resource) => Resource | undefined;

/** How much the primitive's instance wants to be on its own container's node. */
const ownNodeScore = 500;

export function readBundle(bundle: Resource, readChild: ReadChild): boolean {
  const settings = bundleSettings(bundle.cluster, bundle.xml);
  if (settings === undefined) {
    configError(bundle.cluster, `bundle ${bundle.id}: it says of no container that is known`);
    return false;
  }
  if (!settings.unique) bundle.unique = false;
  const inside = readInside(bundle, settings, readChild);
  if (inside === undefined && settings.primitive !== undefined) return false;
  const traits: BundleTraits = {
    promotedMax: settings.promotedMax,
    replicasMax: settings.replicas,
    replicasPerHost: settings.replicasPerHost,
    engine: settings.engine,
    image: settings.image,
    replicas: [],
    child: inside,
  };
  bundle.bundle = traits;
  const instances =
    inside === undefined ? Array(settings.replicas).fill(undefined) : inside.children;
  const parts = partsOf(settings, instances.length);
  for (const [offset, part] of parts.entries()) {
    const replica = readReplica(bundle, settings, { part, instance: instances[offset] }, readChild);
    if (replica === undefined) return false;
    traits.replicas.push(replica);
  }
  if (inside !== undefined) bundle.children.push(inside);
  return true;
}

function readInside(
  bundle: Resource,
  settings: BundleSettings,
  readChild: ReadChild,
): Resource | undefined {
  if (settings.primitive === undefined) return undefined;
  const clone = readChild(cloneElement(settings, settings.primitive), bundle);
  if (clone === undefined) return undefined;
  for (const instance of clone.children) {
    instance.exclusiveDiscovery = true;
    if (instance.notify) clone.notify = true;
    const target = instance.meta.get("container-attribute-target");
    if (target === undefined) continue;
    bundle.meta.set("container-attribute-target", target);
    clone.meta.set("container-attribute-target", target);
  }
  return clone;
}

function partsOf(settings: BundleSettings, count: number): ReplicaPart[] {
  const addresses: (string | undefined)[] = [];
  let hosts = "";
  let address = settings.firstAddress;
  for (let offset = 0; offset < count; offset++) {
    addresses.push(address);
    if (address !== undefined) hosts += hostOption(settings, offset, address);
    address = address === undefined ? undefined : nextAddress(address);
  }
  return addresses.map((each, offset) => ({ offset, address: each, hosts }));
}

function readReplica(
  bundle: Resource,
  settings: BundleSettings,
  { part, instance }: { readonly part: ReplicaPart; readonly instance: Resource | undefined },
  readChild: ReadChild,
): Replica | undefined {
  const add = (xml: XmlElement): Resource | undefined => {
    const made = readChild(xml, bundle);
    if (made !== undefined) bundle.children.push(made);
    return made;
  };
  const container = add(containerElement(settings, part));
  if (container === undefined) return undefined;
  container.replicaContainer = true;
  const ip = part.address === undefined ? undefined : add(addressElement(settings, part));
  const replica: Replica = {
    bundle,
    offset: part.offset,
    address: part.address,
    child: instance,
    container,
    ip,
    remote: undefined,
    node: undefined,
  };
  if (instance !== undefined && !readConnection(replica, instance, settings, readChild)) {
    return undefined;
  }
  if (instance !== undefined) {
    if (part.address !== undefined) instance.meta.set("external-ip", part.address);
    moveUtilization(instance, container);
  }
  return replica;
}

/** The connection to the container's node, and the node itself; nothing but the primitive may run there. */
function readConnection(
  replica: Replica,
  instance: Resource,
  settings: BundleSettings,
  readChild: ReadChild,
): boolean {
  const { bundle, container } = replica;
  const { cluster } = bundle;
  let name = `${settings.prefix}-${replica.offset}`;
  if (findResource(cluster, name) !== undefined) {
    name = `pcmk-internal-${instance.id}-remote-${replica.offset}`;
  }
  const node = guestNode(bundle, name);
  instance.allowed = new Map([
    [node.id, { ...copyCandidate(node.base), score: ownNodeScore, discovery: discovery.exclusive }],
  ]);
  instance.parent?.allowed.set(node.id, {
    ...copyCandidate(node.base),
    score: -infinity,
    discovery: discovery.exclusive,
  });
  const connection = readChild(
    remoteConnection(name, {
      container: container.id,
      // Without an address of its own the container is reached at its host, whichever that will be.
      address: replica.address ?? "#uname",
      port: settings.controlPort ?? remotePort,
    }),
    bundle,
  );
  if (connection === undefined) return false;
  for (const candidate of connection.allowed.values()) {
    if (isRemoteKind(candidate.node)) ban(connection, candidate, notRemote);
  }
  node.connection = connection;
  node.attributes.set("#kind", "container");
  connection.launcher = container;
  // The connection may be elsewhere than the container: so a bundle can run on a remote node.
  connection.remoteNestingAllowed = true;
  bundle.children.push(connection);
  replica.remote = connection;
  replica.node = node;
  return true;
}

function guestNode({ cluster }: Resource, name: string): ClusterNode {
  const node =
    findNode(cluster, name) ??
    addNode(cluster, { id: name, name, kind: "remote", score: -infinity });
  node.base.score = -infinity;
  node.base.discovery = discovery.never;
  for (const resource of cluster.resources) {
    walk(resource, (each) => {
      const known = each.allowed.get(node.id);
      if (known === undefined) return;
      known.score = -infinity;
      known.discovery = discovery.never;
    });
  }
  return node;
}

/** What the primitive needs its container needs: only that runs on a node with capacities. */
function moveUtilization(from: Resource, to: Resource): void {
  for (const [name, need] of from.utilization) to.utilization.set(name, need);
  from.utilization.clear();
}
