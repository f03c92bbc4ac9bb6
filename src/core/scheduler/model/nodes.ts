/** Finding nodes, telling their kinds apart, and copying the view that one resource has of them. */
import { compareNames } from "../values/name-order.ts";
import type { Candidate, Candidates, Cluster, ClusterNode, NodeKind, Resource } from "./types.ts";
import { discovery } from "./types.ts";

export type NodeIdentity = {
  readonly id: string;
  readonly name: string;
  readonly kind: NodeKind;
  readonly score: number;
};

/** Adds a node; the list stays sorted by name. */
export function addNode(cluster: Cluster, identity: NodeIdentity): ClusterNode {
  const node: ClusterNode = {
    id: identity.id,
    name: identity.name,
    kind: identity.kind,
    attributes: new Map([["#kind", identity.kind === "remote" ? "remote" : "cluster"]]),
    capacity: new Map(),
    online: false,
    unclean: false,
    shutdown: false,
    pending: false,
    maintenance: false,
    standby: false,
    standbyByFailure: false,
    seen: false,
    expectedUp: false,
    probesAllowed: true,
    historyRead: false,
    remoteReset: false,
    remoteFenced: false,
    remoteMaintenance: false,
    running: [],
    priority: 0,
    assignedCount: 0,
    connection: undefined,
    base: undefined as unknown as Candidate,
    digests: new Map(),
    whyUnclean: undefined,
  };
  node.base = { node, score: identity.score, count: 0, discovery: discovery.always };
  if (identity.kind === "remote") cluster.haveRemoteNodes = true;
  insertSorted(cluster.nodes, node);
  const key = identity.name.toLowerCase();
  if (!cluster.nodesByName.has(key)) cluster.nodesByName.set(key, node);
  return node;
}

/** Before the first that is not smaller, as a sorted linked list inserts. */
function insertSorted(nodes: ClusterNode[], node: ClusterNode): void {
  const at = nodes.findIndex((other) => compareNames(node.name, other.name) <= 0);
  if (at < 0) nodes.push(node);
  else nodes.splice(at, 0, node);
}

export function findNode(cluster: Cluster, name: string | undefined): ClusterNode | undefined {
  return name === undefined ? undefined : cluster.nodesByName.get(name.toLowerCase());
}

export function findNodeById(cluster: Cluster, id: string): ClusterNode | undefined {
  const lower = id.toLowerCase();
  return cluster.nodes.find((node) => node.id.toLowerCase() === lower);
}

export function copyCandidate(of: Candidate): Candidate {
  return { node: of.node, score: of.score, count: of.count, discovery: of.discovery };
}

export function copyCandidates(of: Candidates): Candidates {
  const copy: Candidates = new Map();
  for (const [id, candidate] of of) copy.set(id, copyCandidate(candidate));
  return copy;
}

/** Every node with its own score. */
export function allCandidates(nodes: readonly ClusterNode[]): Candidates {
  return new Map(nodes.map((node) => [node.id, copyCandidate(node.base)]));
}

/** A node reached through a connection resource, be it a remote node or a guest. */
export function isRemoteKind(node: ClusterNode): boolean {
  return node.kind === "remote";
}

/** A machine of its own, reached through a connection resource. */
export function isRemoteNode(node: ClusterNode | undefined): boolean {
  return node !== undefined && node.kind === "remote" && node.connection?.launcher === undefined;
}

/** A node inside a resource: a guest or a bundle's replica. */
export function isGuestNode(node: ClusterNode | undefined): boolean {
  return node !== undefined && node.kind === "remote" && node.connection?.launcher !== undefined;
}

/** The resource inside which a guest node lives. */
export function guestLauncher(node: ClusterNode): Resource | undefined {
  return node.kind === "remote" ? node.connection?.launcher : undefined;
}

export function isBundleNode(node: ClusterNode | undefined): boolean {
  if (node === undefined || node.kind !== "remote") return false;
  let top = node.connection;
  if (top === undefined) return false;
  while (top.parent !== undefined) top = top.parent;
  return top.variant === "bundle";
}
