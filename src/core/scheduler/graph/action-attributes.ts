/** What an action tells its agent: parameters by their names, and meta-attributes as CRM_meta_*. */
import { compareText } from "../../../base/compare.ts";
import { bundleHostName } from "../actions/bundle-address.ts";
import { isGuestNode } from "../model/nodes.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, ActionMeta, ClusterNode, Resource } from "../model/types.ts";
import { paramsHaveRules, paramsOn } from "../unpack/resource-meta.ts";
import { guestHost } from "./connection-host.ts";
import {
  type Attributes,
  type AttributesAroundNode,
  nodeParts,
  type SharedParts,
} from "./shared-parts.ts";

/** The version of Pacemaker's graph format and agent interface that is followed. */
const featureSet = "3.20.5";

/** Sorted by name. @param named the node that the graph names; it is told to the agent. */
export function attributesOf(
  action: Action,
  named: ClusterNode | undefined,
  parts: SharedParts,
): Attributes {
  const { resource, node, meta } = action;
  if (resource === undefined || isSpecial(action, resource)) return describe(action, named, node);
  let common = parts.attributes.get(meta);
  if (common === undefined) {
    common = aroundNode(describe(action, undefined, undefined));
    parts.attributes.set(meta, common);
  }
  if (common === "each its own") return describe(action, named, node);
  const { before, after } = common;
  return named === undefined
    ? before.concat(after)
    : before.concat(nodeParts(named, parts).attributes, after);
}

/** What it is told depends on more than its resource and its meta-attributes. */
function isSpecial({ node, params }: Action, resource: Resource): boolean {
  return (
    resource.variant !== "primitive" ||
    resource.remoteConnection ||
    params.size > 0 ||
    paramsHaveRules(resource) ||
    isGuestNode(node)
  );
}

function aroundNode(all: Attributes): AttributesAroundNode | "each its own" {
  const at = all.findIndex(([name]) => name >= "CRM_meta_on_node");
  if (at < 0) return { before: all, after: [] };
  // Something that is named as the node's, or belongs between them.
  if ((all[at]?.[0] ?? "") <= "CRM_meta_on_node_uuid") return "each its own";
  return { before: all.slice(0, at), after: all.slice(at) };
}

function describe(
  action: Action,
  named: ClusterNode | undefined,
  node: ClusterNode | undefined,
): Attributes {
  const all = new Map<string, string>([["crm_feature_set", featureSet]]);
  const addMissing = (name: string, value: string): void => {
    if (!all.has(name)) all.set(name, value);
  };
  const { resource } = action;
  for (const [name, value] of action.params) addMissing(name, value);
  if (resource !== undefined && (node !== undefined || resource.variant === "primitive")) {
    const host = bundleHostName(resource);
    for (const [name, value] of paramsOn(resource, node)) {
      addMissing(name, name === "addr" && value === "#uname" && host !== undefined ? host : value);
    }
  }
  for (const [name, value] of named === undefined ? action.meta : withNode(action.meta, named)) {
    if (!name.includes("#") && !name.includes(":")) addMissing(metaName(name), value);
  }
  for (let up = resource; up !== undefined; up = up.parent) rulesOf(up).graphMeta(up, all);
  const host = guestHost(action);
  if (host !== undefined) {
    const target = resource?.meta.get("container-attribute-target");
    if (target !== undefined) addMissing(metaName("container-attribute-target"), target);
    addMissing(metaName("physical-host"), host.name);
  }
  return [...all].sort((a, b) => compareText(a[0], b[0]));
}

function withNode(meta: ActionMeta, node: ClusterNode): ActionMeta {
  return new Map(meta).set("on_node", node.name).set("on_node_uuid", node.id);
}

export function metaName(name: string): string {
  return `CRM_meta_${name.includes("-") ? name.replaceAll("-", "_") : name}`;
}
