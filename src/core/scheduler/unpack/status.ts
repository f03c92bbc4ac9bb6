/** The status section: who is there, what runs where, what failed. */
import { attribute, childrenNamed, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { taskAction } from "../actions/resource-action.ts";
import { findResource } from "../model/find-resource.ts";
import { findNode, findNodeById, isGuestNode, isRemoteKind, isRemoteNode } from "../model/nodes.ts";
import { currentNode } from "../model/resources.ts";
import type { Cluster, ClusterNode } from "../model/types.ts";
import { role } from "../values/role.ts";
import { lrmResources } from "./history/lrm-entries.ts";
import { readLrmResource } from "./history/lrm-resource.ts";
import { readMemberState } from "./node-state.ts";
import { judgeRemote, readRemoteState, wasFenced } from "./remote-nodes.ts";
import { readTickets } from "./tickets.ts";

export function readStatus(cluster: Cluster, status: XmlElement | undefined): void {
  for (const section of status?.children ?? []) {
    if (section.name === "tickets") readTickets(cluster, section);
    if (section.name !== "node_state") continue;
    const node = nodeOf(cluster, section);
    if (node === undefined) continue;
    if (isRemoteKind(node)) node.remoteFenced = wasFenced(section);
    else readMemberState(cluster, node, section);
  }
  const states = childrenOf(status).filter((state) => attribute(state, "uname") !== undefined);
  // A node's history may tell that another node is up, or that there is one, so this goes on until nothing is learnt.
  while (states.map((state) => readHistory(cluster, state, false)).some(Boolean));
  for (const state of states) readHistory(cluster, state, cluster.settings.fencingEnabled);
  stopNeededContainers(cluster);
  finishRemoteNodes(cluster);
}

function childrenOf(status: XmlElement | undefined): readonly XmlElement[] {
  return status === undefined ? [] : childrenNamed(status, "node_state");
}

function nodeOf(cluster: Cluster, state: XmlElement): ClusterNode | undefined {
  const id = attribute(state, "id");
  if (id === undefined) return undefined;
  return findNodeById(cluster, id) ?? findNode(cluster, attribute(state, "uname"));
}

/** True if the history was read now. With `rest` nothing is waited for any more. */
function readHistory(cluster: Cluster, state: XmlElement, rest: boolean): boolean {
  const node = nodeOf(cluster, state);
  if (node === undefined || node.historyRead) return false;
  if (!rest && !isReadable(cluster, node)) return false;
  if (isRemoteKind(node)) {
    judgeRemote(node);
    readRemoteState(cluster, node, state);
  }
  node.historyRead = true;
  let removedLaunched = false;
  for (const entry of lrmResources(state)) {
    const resource = readLrmResource(cluster, node, entry);
    if (resource?.removedLaunched === true) removedLaunched = true;
  }
  if (removedLaunched) linkRemovedLaunched(cluster, state);
  return true;
}

/** A remote node's history counts once its connection (and what it runs in) is known to be up. */
function isReadable(cluster: Cluster, node: ClusterNode): boolean {
  const { fencingEnabled, shutdownLock } = cluster.settings;
  const { connection } = node;
  if (isGuestNode(node)) {
    return connection?.role === role.started && connection.launcher?.role === role.started;
  }
  if (isRemoteNode(node)) {
    return connection !== undefined && (shutdownLock || connection.role === role.started);
  }
  // Without fencing, online nodes come first: their clone instances get the low numbers.
  return fencingEnabled || shutdownLock || node.online;
}

/** Ties removed resources to the container that the status section names. */
function linkRemovedLaunched(cluster: Cluster, state: XmlElement): void {
  for (const entry of lrmResources(state)) {
    const [id, container] = [attribute(entry, "id"), attribute(entry, "container")];
    if (id === undefined || container === undefined) continue;
    const launcher = findResource(cluster, container);
    const resource = findResource(cluster, id);
    if (launcher === undefined || resource?.removedLaunched !== true) continue;
    if (resource.launcher !== undefined) continue;
    resource.launcher = launcher;
    launcher.launched.push(resource);
  }
}

function stopNeededContainers(cluster: Cluster): void {
  for (const container of [...cluster.stopNeeded].reverse()) {
    const node = currentNode(container);
    if (node !== undefined) taskAction(container, "stop", node, false);
  }
  cluster.stopNeeded.length = 0;
}

function finishRemoteNodes(cluster: Cluster): void {
  for (const node of cluster.nodes) {
    if (!isRemoteKind(node)) continue;
    if (node.shutdown && node.connection !== undefined) node.connection.nextRole = role.stopped;
    if (!node.historyRead) judgeRemote(node);
  }
}

export function sectionNamed(parent: XmlElement | undefined, name: string): XmlElement | undefined {
  return parent === undefined ? undefined : childrenNamed(parent, name)[0];
}
