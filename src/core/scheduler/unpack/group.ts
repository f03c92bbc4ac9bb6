/** Groups: members that run together and start in order. */
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { attribute, childrenNamed, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { configError } from "../model/issues.ts";
import type { GroupTraits, Resource } from "../model/types.ts";
import { withCloneNumber } from "./clone.ts";

export type ReadChild = (xml: XmlElement, parent: Resource) => Resource | undefined;

/** Both hold unless they are denied; denying them is an old way of writing resource sets. */
export function groupTraits(meta: ReadonlyMap<string, string>): GroupTraits {
  return {
    ordered: booleanOr(meta.get("ordered"), true),
    colocated: booleanOr(meta.get("collocated"), true),
  };
}

export function readMembers(group: Resource, readChild: ReadChild): boolean {
  const number = attribute(group.xml, "clone");
  for (const given of childrenNamed(group.xml, "primitive")) {
    const xml = number === undefined ? given : withCloneNumber(given, number);
    const member = readChild(xml, group);
    if (member !== undefined) group.children.push(member);
  }
  if (group.children.length > 0) return true;
  configError(group.cluster, `group ${group.id} has no members`);
  return false;
}
