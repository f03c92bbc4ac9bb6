/** Node attributes: what the configuration and the status section say, and what every node has (#uname, #id …). */
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { guestLauncher } from "../model/nodes.ts";
import type { Cluster, ClusterNode } from "../model/types.ts";
import { intMax, intMin, scanInteger } from "../values/number.ts";
import { readBlocks } from "./nvpairs.ts";

/** @param overwrite transient attributes win over those of the configuration. */
export function readNodeAttributes(
  cluster: Cluster,
  node: ClusterNode,
  from: XmlElement | undefined,
  overwrite: boolean,
): void {
  const { attributes } = node;
  attributes.set("#uname", node.name);
  attributes.set("#id", node.id);
  markDc(cluster, node);
  const clusterName = cluster.options.get("cluster-name");
  if (clusterName !== undefined) attributes.set("#cluster-name", clusterName);
  const query = { from, blocks: "instance_attributes", input: { now: cluster.now } };
  if (overwrite) {
    const fresh = new Map<string, string>();
    readBlocks(cluster, query, fresh);
    for (const [name, value] of fresh) attributes.set(name, value);
  } else {
    readBlocks(cluster, query, attributes);
  }
  const capacity = new Map<string, string>();
  readBlocks(cluster, { ...query, blocks: "utilization" }, capacity);
  for (const [name, value] of capacity) {
    if (!node.capacity.has(name)) node.capacity.set(name, utilizationValue(value));
  }
  if (!attributes.has("#site-name")) {
    const site = attributes.get("site-name") ?? clusterName;
    if (site !== undefined) attributes.set("#site-name", site);
  }
}

function markDc(cluster: Cluster, node: ClusterNode): void {
  const dcId = attribute(cluster.input, "dc-uuid")?.toLowerCase();
  if (cluster.dc === undefined && node.id.toLowerCase() === dcId) {
    cluster.dc = node;
    node.attributes.set("#is_dc", "true");
  } else if (cluster.dc !== node) {
    node.attributes.set("#is_dc", "false");
  }
}

/** Capacities and needs are integers; what is none counts as 0. */
export function utilizationValue(text: string): number {
  return Math.max(intMin, Math.min(intMax, scanInteger(text) ?? 0));
}

/**
 * The attribute as one resource sees it: with target "host", that of the host where a guest node's container
 * is (or, with `assigned`, will be).
 */
export function nodeAttribute(
  node: ClusterNode,
  name: string,
  target?: string,
  assigned = false,
): string | undefined {
  const container = target?.toLowerCase() === "host" ? guestLauncher(node) : undefined;
  if (container === undefined) return node.attributes.get(name);
  const host = assigned ? container.assigned : container.active[0];
  return host?.attributes.get(name);
}
