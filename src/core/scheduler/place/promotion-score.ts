/** Promotion scores: node attributes master-RESOURCE, which agents set. */
import { parseScore } from "../../../decision/score.ts";
import { topResource } from "../model/resources.ts";
import type { ClusterNode, Resource } from "../model/types.ts";
import { nodeAttribute } from "../unpack/node-attributes.ts";
import { baseName } from "../values/instance-name.ts";

/** `isDefault` if no score is set. */
export type PromotionScore = { readonly score: number; readonly isDefault: boolean };

/** For a cloned group the sum of its members'. */
export function promotionScore(resource: Resource, node: ClusterNode): PromotionScore {
  if (resource.children.length > 0) {
    const parts = resource.children.map((child) => promotionScore(child, node));
    return {
      score: parts.reduce((sum, part) => sum + part.score, 0),
      isDefault: parts.every((part) => part.isDefault),
    };
  }
  if (!applies(resource, node)) return { score: 0, isDefault: true };
  const text = attributeOf(resource, node);
  if (text === undefined) return { score: 0, isDefault: true };
  return { score: parseScore(text, resource.cluster.healthScores) ?? 0, isDefault: false };
}

/** By the name under which the agent knows itself; before there is any history, without the number. */
function attributeOf(resource: Resource, node: ClusterNode): string | undefined {
  const target = resource.meta.get("container-attribute-target");
  const read = (name: string): string | undefined =>
    nodeAttribute(node, `master-${name}`, target, !resource.unassigned);
  const own = read(resource.historyId ?? resource.id);
  if (own !== undefined || resource.unique) return own;
  const base = baseName(resource.id);
  return base === resource.id ? undefined : read(base);
}

/** A score belongs to the instance that is on the node; where none is, to any that was probed there. */
function applies(resource: Resource, node: ClusterNode): boolean {
  if (!scoreIsKnown(resource, node)) return false;
  const allowed = resource.allowed.get(node.id);
  return allowed !== undefined && allowed.score >= 0;
}

function scoreIsKnown(resource: Resource, node: ClusterNode): boolean {
  if (!resource.unique) {
    const clone = topResource(resource);
    const base = baseName(resource.id);
    const parts = clone.children.flatMap((instance) => partsNamed(instance, base));
    const active = parts.find((part) => part.active.includes(node));
    if (active === resource) return true;
    const probed = firstParts(clone, base).some((part) => part.probed.has(node.id));
    if (active === undefined && probed) return true;
  }
  // At the cluster's start nothing is known anywhere: then permanent scores count everywhere.
  if (resource.active.length === 0 && resource.probed.size === 0) return true;
  return resource.probed.has(node.id) || resource.active.includes(node);
}

function partsNamed(resource: Resource, base: string, found: Resource[] = []): Resource[] {
  if (resource.id === base || resource.xml.attributes["id"] === base) found.push(resource);
  for (const child of resource.children) partsNamed(child, base, found);
  return found;
}

function firstParts(clone: Resource, base: string): Resource[] {
  return clone.children.flatMap((instance) => partsNamed(instance, base).slice(0, 1));
}
