/** Remote and guest nodes: made from the resources that connect to them, up when their connection is. */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import {
  attribute,
  child,
  childrenNamed,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { isRemoteAgent } from "../model/agents.ts";
import { findResource } from "../model/find-resource.ts";
import { configError } from "../model/issues.ts";
import { addNode, findNode, isRemoteNode } from "../model/nodes.ts";
import type { Cluster, ClusterNode, Resource } from "../model/types.ts";
import { scanInteger } from "../values/number.ts";
import { role } from "../values/role.ts";
import { presumeLost } from "./config-nodes.ts";
import { readNodeAttributes } from "./node-attributes.ts";
import { isShutdownRequested } from "./node-state.ts";

/** Adds the nodes, and gives back the resources with the connections of guest nodes added. */
export function expandRemoteNodes(
  cluster: Cluster,
  resources: readonly XmlElement[],
): XmlElement[] {
  const ids = new Set(resources.map((each) => attribute(each, "id")));
  const expanded = [...resources];
  const addRemote = (name: string): void => {
    if (findNode(cluster, name) === undefined) {
      addNode(cluster, { id: name, name, kind: "remote", score: 0 });
    }
  };
  const addGuest = (container: XmlElement): void => {
    const connection = guestConnection(container);
    const name = connection === undefined ? undefined : attribute(connection, "id");
    if (connection === undefined || name === undefined || ids.has(name)) return;
    ids.add(name);
    expanded.push(connection);
    addRemote(name);
  };
  for (const resource of resources) {
    const id = attribute(resource, "id");
    if (isRemoteAgent(resource)) {
      if (id !== undefined) addRemote(id);
    } else if (resource.name === "primitive") {
      addGuest(resource);
    } else if (resource.name === "group") {
      resource.children.forEach(addGuest);
    }
  }
  return expanded;
}

/** The connection resource that a container's remote-node meta-attributes ask for. */
function guestConnection(container: XmlElement): XmlElement | undefined {
  const meta = new Map<string, string>();
  for (const block of childrenNamed(container, "meta_attributes")) {
    for (const pair of block.children) {
      const [name, value] = [attribute(pair, "name"), attribute(pair, "value")];
      if (name !== undefined && value !== undefined) meta.set(name, value);
    }
  }
  const name = meta.get("remote-node");
  if (name === undefined) return undefined;
  return remoteConnection(name, {
    container: attribute(container, "id"),
    migratable: meta.get("remote-allow-migrate"),
    managed: meta.get("is-managed"),
    startTimeout: meta.get("remote-connect-timeout") ?? "60s",
    address: meta.get("remote-addr"),
    port: meta.get("remote-port"),
  });
}

export type ConnectionTraits = {
  readonly container?: string | undefined;
  readonly migratable?: string | undefined;
  readonly managed?: string | undefined;
  readonly startTimeout?: string | undefined;
  readonly address?: string | undefined;
  readonly port?: string | undefined;
};

/** An ocf:pacemaker:remote primitive as if it were configured. */
export function remoteConnection(name: string, traits: ConnectionTraits): XmlElement {
  const block = (kind: string, pairs: readonly [string, string | undefined][]): XmlElement => ({
    name: kind,
    attributes: { id: `${name}-${kind}` },
    children: pairs.flatMap(([key, value]) =>
      value === undefined
        ? []
        : [
            {
              name: "nvpair",
              attributes: { id: `${name}-${kind}-${key}`, name: key, value },
              children: [],
            },
          ],
    ),
  });
  const operation = (task: string, interval: string, timeout: string): XmlElement => ({
    name: "op",
    attributes: { id: `${name}-${task}-${interval}`, interval, name: task, timeout },
    children: [],
  });
  const operations = [operation("monitor", "30s", "30s")];
  if (traits.startTimeout !== undefined)
    operations.push(operation("start", "0", traits.startTimeout));
  return {
    name: "primitive",
    attributes: { id: name, class: "ocf", provider: "pacemaker", type: "remote" },
    children: [
      block("meta_attributes", [
        ["internal_rsc", "true"],
        ["container", traits.container],
        ["allow-migrate", traits.migratable],
        ["is-managed", traits.managed],
      ]),
      block("instance_attributes", [
        ["addr", traits.address],
        ["port", traits.port],
      ]),
      { name: "operations", attributes: {}, children: operations },
    ],
  };
}

/** Resolves the container meta-attribute of a primitive, or of the primitives in it. */
export function linkLauncher(cluster: Cluster, resource: Resource): void {
  if (resource.children.length > 0) {
    for (const part of resource.children) linkLauncher(cluster, part);
    return;
  }
  const id = resource.meta.get("container");
  if (id === undefined || id === resource.id) return;
  const launcher = findResource(cluster, id);
  if (launcher === undefined) {
    configError(cluster, `${resource.id}: container '${id}' does not exist`);
    return;
  }
  resource.launcher = launcher;
  launcher.launched.push(resource);
}

/** Ties a connection resource to the node it makes. */
export function linkConnection(cluster: Cluster, resource: Resource): void {
  if (!resource.remoteConnection) return;
  const node = findNode(cluster, resource.id);
  if (node === undefined) return;
  node.connection = resource;
  if (resource.launcher === undefined) presumeLost(cluster, node);
  else node.attributes.set("#kind", "container");
}

/** A remote node is up when its connection is started and nothing is wrong with it or what it runs in. */
export function judgeRemote(node: ClusterNode): void {
  const { connection } = node;
  if (connection === undefined) {
    node.online = false;
    return;
  }
  const { launcher } = connection;
  const host =
    launcher !== undefined && connection.active.length === 1 ? connection.active[0] : undefined;
  if (connection.role === role.started) {
    node.online = true;
    if (connection.nextRole === role.stopped) node.shutdown = true;
  }
  if (launcher?.failed === true) {
    node.online = false;
    node.remoteReset = true;
  } else if (connection.failed) {
    node.online = false;
  } else if (connection.role === role.stopped || launcher?.role === role.stopped) {
    node.online = false;
    node.remoteReset = false;
  } else if (host !== undefined && !host.online && host.unclean) {
    node.online = false;
    node.remoteReset = true;
  }
}

/** Attributes and maintenance of a remote node, from its state. */
export function readRemoteState(cluster: Cluster, node: ClusterNode, state: XmlElement): void {
  node.remoteMaintenance = (scanInteger(attribute(state, "node_in_maintenance")) ?? 0) > 0;
  if (!node.remoteReset) {
    node.unclean = false;
    node.seen = true;
  }
  readNodeAttributes(cluster, node, child(state, "transient_attributes"), true);
  if (isShutdownRequested(node)) node.shutdown = true;
  if (booleanOr(node.attributes.get("standby"), false)) node.standby = true;
  const unmanaged = node.connection !== undefined && !node.connection.managed;
  if (booleanOr(node.attributes.get("maintenance"), false) || unmanaged) node.maintenance = true;
  const discovery = node.attributes.get("resource-discovery-enabled");
  if (discovery !== undefined && !booleanOr(discovery, false)) {
    // Without fencing nothing else would tell what runs on a remote node.
    if (!isRemoteNode(node) || cluster.settings.fencingEnabled) node.probesAllowed = false;
  }
}

export function wasFenced(state: XmlElement): boolean {
  return (scanInteger(attribute(state, "node_fenced")) ?? 0) > 0;
}
