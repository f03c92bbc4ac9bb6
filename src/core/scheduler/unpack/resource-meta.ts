/** Meta-attributes and parameters of a resource: its own, its parents', the defaults; rules evaluated. */
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { Cluster, ClusterNode, Resource } from "../model/types.ts";
import type { RuleInput } from "../rules/evaluate-rule.ts";
import { readBlocks } from "./nvpairs.ts";
import { resolveReference } from "./references.ts";

/** What rules about agents are compared with. */
export function agentRuleInput(cluster: Cluster, xml: XmlElement): RuleInput {
  return {
    now: cluster.now,
    agentClass: attribute(xml, "class"),
    agentProvider: attribute(xml, "provider"),
    agentType: attribute(xml, "type"),
  };
}

/** The XML attributes first, then the own blocks, the ancestors' blocks, rsc_defaults, and what the parent has besides. */
export function readMeta(
  cluster: Cluster,
  xml: XmlElement,
  parent: Resource | undefined,
): Map<string, string> {
  const meta = new Map<string, string>();
  const addMissing = (name: string, value: string): void => {
    if (value.toLowerCase() !== "#default" && !meta.has(name)) meta.set(name, value);
  };
  for (const [name, value] of Object.entries(xml.attributes)) addMissing(name, value);
  const input = agentRuleInput(cluster, xml);
  readBlocks(cluster, { from: xml, blocks: "meta_attributes", input }, meta);
  const inherited = new Map<string, string>();
  for (let up = parent; up !== undefined; up = up.parent) {
    readBlocks(cluster, { from: up.xml, blocks: "meta_attributes", input }, inherited);
  }
  for (const [name, value] of inherited) addMissing(name, value);
  readBlocks(cluster, { from: cluster.rscDefaults, blocks: "meta_attributes", input }, meta);
  for (const [name, value] of parent?.meta ?? []) addMissing(name, value);
  return meta;
}

/** The parameters for a node (rules may depend on its attributes), or without one those that hold everywhere. */
export function paramsOn(
  resource: Resource,
  node: ClusterNode | undefined,
): ReadonlyMap<string, string> {
  const key = paramsHaveRules(resource) ? (node?.name.toLowerCase() ?? "") : "";
  const known = resource.paramsByNode.get(key);
  if (known !== undefined) return known;
  const params = new Map<string, string>();
  const input: RuleInput = { now: resource.cluster.now, nodeAttributes: node?.attributes };
  for (let up: Resource | undefined = resource; up !== undefined; up = up.parent) {
    readBlocks(resource.cluster, { from: up.xml, blocks: "instance_attributes", input }, params);
  }
  resource.paramsByNode.set(key, params);
  return params;
}

/** If not, the parameters are the same on every node. */
export function paramsHaveRules(resource: Resource): boolean {
  resource.paramsHaveRules ??= hasRules(resource);
  return resource.paramsHaveRules;
}

function hasRules(resource: Resource): boolean {
  for (let up: Resource | undefined = resource; up !== undefined; up = up.parent) {
    for (const given of up.xml.children) {
      if (given.name !== "instance_attributes") continue;
      const block = resolveReference(resource.cluster, given);
      if (block?.children.some(({ name }) => name === "rule") === true) return true;
    }
  }
  return false;
}
