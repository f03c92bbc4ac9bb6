/** The node attribute whose value two colocated resources must share. */
import { isBundleNode } from "../model/nodes.ts";
import { isBundled, topResource } from "../model/resources.ts";
import type { ClusterNode, Resource } from "../model/types.ts";
import { nodeAttribute } from "../unpack/node-attributes.ts";

/** What is colocated with a bundle is compared with the host of its container, never with the bundle's own node. */
export function colocationAttribute(
  node: ClusterNode | undefined,
  name: string,
  resource: Resource,
): string | undefined {
  if (node === undefined) return undefined;
  if (name === "#uname" && node.kind === "member") return node.attributes.get(name);
  const inside =
    isBundleNode(node) &&
    isBundled(resource) &&
    topResource(resource) === topResource(resource, true).bundle?.child;
  const target = inside ? "host" : resource.meta.get("container-attribute-target");
  return nodeAttribute(node, name, target, true);
}

export function sameValue(a: string | undefined, b: string | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a === b || a.toLowerCase() === b.toLowerCase();
}
