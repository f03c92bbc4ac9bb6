/**
 * Constraints name resources, templates or tags. A template or tag stands for the resources that use or bear it: the
 * constraint is rewritten with resource sets, so that the rest sees only resources.
 */
import {
  attribute,
  childrenNamed,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../../formats/xml/xml-element.ts";
import { findForConstraint } from "../../model/find-resource.ts";
import { configError } from "../../model/issues.ts";
import type { Cluster, Resource } from "../../model/types.ts";

export type Side = {
  /** The attribute that names the resource. */
  readonly name: string;
  /** The attribute with its role or action, and what that is called in a set. */
  readonly detail: string;
  readonly detailInSet: string;
};

export type Rewrite = {
  readonly sides: readonly Side[];
  /** If one side becomes a set, so do the others. */
  readonly together: boolean;
  readonly bothMayBeTags: boolean;
};

type Named = { readonly resource: Resource } | { readonly members: readonly string[] };

/** Undefined (and an issue) if the constraint names what is not there. */
export function rewriteSides(
  cluster: Cluster,
  constraint: XmlElement,
  rewrite: Rewrite,
): XmlElement | undefined {
  const expanded = expandSets(cluster, constraint);
  if (expanded !== constraint) return expanded;
  const named: { readonly side: Side; readonly id: string; readonly means: Named }[] = [];
  for (const side of rewrite.sides) {
    const id = attribute(constraint, side.name);
    if (id === undefined) return constraint;
    const means = lookUp(cluster, id);
    if (means === undefined) {
      const what = `constraint ${attribute(constraint, "id")}`;
      configError(cluster, `${what}: there is no resource, template or tag '${id}'`);
      return undefined;
    }
    named.push({ side, id, means });
  }
  const tags = named.filter(({ means }) => "members" in means).length;
  if (tags === 0) return constraint;
  if (tags > 1 && !rewrite.bothMayBeTags) {
    configError(cluster, `constraint ${attribute(constraint, "id")}: two tags cannot be colocated`);
    return undefined;
  }
  let result = constraint;
  for (const { side, id, means } of named) {
    if (!("members" in means) && !rewrite.together) continue;
    const detail = attribute(constraint, side.detail);
    const set: XmlElement = {
      name: "resource_set",
      attributes: {
        id,
        ...("members" in means ? { sequential: "false" } : {}),
        ...(detail === undefined ? {} : { [side.detailInSet]: detail }),
      },
      children: ("members" in means ? means.members : [id]).map(reference),
    };
    result = withChildren(result, [...result.children, set]);
    result = withAttributes(result, { [side.name]: undefined, [side.detail]: undefined });
  }
  return result;
}

function lookUp(cluster: Cluster, id: string): Named | undefined {
  const resource = findForConstraint(cluster, id);
  if (resource !== undefined) return { resource };
  // A template that nothing uses means nothing, even if a tag has its name.
  const members = cluster.templates.get(id) ?? cluster.tags.get(id);
  return members === undefined || members.length === 0 ? undefined : { members };
}

/** Replaces references to templates and tags in resource sets; the constraint itself if there are none. */
function expandSets(cluster: Cluster, constraint: XmlElement): XmlElement {
  const children: XmlElement[] = [];
  for (const each of constraint.children) {
    const expanded = each.name === "resource_set" ? expandSet(cluster, each) : each;
    // One name that means nothing, and no set of the constraint is expanded.
    if (expanded === undefined) return constraint;
    children.push(expanded);
  }
  const same = children.every((each, index) => each === constraint.children[index]);
  return same ? constraint : withChildren(constraint, children);
}

/** What a tag stands for may be a tag again; one inside itself stands for nothing there. */
function expandSet(cluster: Cluster, set: XmlElement): XmlElement | undefined {
  const members: XmlElement[] = [];
  const expanded = new Set<string>();
  const left = [...set.children].reverse();
  for (let member = left.pop(); member !== undefined; member = left.pop()) {
    const id = member.name === "resource_ref" ? (attribute(member, "id") ?? "") : undefined;
    const means = id === undefined ? undefined : lookUp(cluster, id);
    if (id !== undefined && means === undefined) return undefined;
    if (id === undefined || means === undefined || "resource" in means) {
      members.push(member);
    } else if (!expanded.has(id)) {
      expanded.add(id);
      left.push(...means.members.map(reference).reverse());
    }
  }
  return expanded.size === 0 ? set : withChildren(set, members);
}

function reference(id: string): XmlElement {
  return { name: "resource_ref", attributes: { id }, children: [] };
}

/** The ids that a set names, in order. */
export function setMembers(set: XmlElement): string[] {
  return childrenNamed(set, "resource_ref").map((member) => attribute(member, "id") ?? "");
}
