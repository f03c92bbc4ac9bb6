/** What the graph says of many actions alike, made once: a large transition names the same few nodes tens of thousands of times. */
import type { ActionMeta, ClusterNode, Resource } from "../model/types.ts";
import type { GraphAction, GraphActionId, GraphResource } from "./transition-graph.ts";

export type Attributes = GraphAction["attributes"];

export type SharedParts = {
  /** By the ids of the actions. */
  readonly identities: (GraphActionId | undefined)[];
  readonly nodes: Map<ClusterNode, NodeParts>;
  readonly resources: Map<Resource, GraphResource>;
  /** Of actions with these meta-attributes. */
  readonly attributes: Map<ActionMeta, AttributesAroundNode | "each its own">;
};

export type NodeParts = {
  readonly named: NonNullable<GraphActionId["node"]>;
  readonly attributes: Attributes;
};

/** What comes before and after the attributes that name the node; both sorted. */
export type AttributesAroundNode = { readonly before: Attributes; readonly after: Attributes };

export function noParts(): SharedParts {
  return { identities: [], nodes: new Map(), resources: new Map(), attributes: new Map() };
}

export function nodeParts(node: ClusterNode, { nodes }: SharedParts): NodeParts {
  const known = nodes.get(node);
  if (known !== undefined) return known;
  const { id, name } = node;
  const parts: NodeParts = {
    named: { id, name },
    attributes: [
      ["CRM_meta_on_node", name],
      ["CRM_meta_on_node_uuid", id],
    ],
  };
  nodes.set(node, parts);
  return parts;
}
