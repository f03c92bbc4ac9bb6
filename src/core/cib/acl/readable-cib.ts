/** What a user may see of a CIB. */
import { attribute, element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { type AccessTree, accessTree } from "./access.ts";
import { aclRules } from "./acl-rules.ts";
import type { AclUser } from "./acl-user.ts";

/**
 * The CIB without what the user may not read. An element that is not readable but holds something that is stays as a
 * frame with its id alone. Undefined where nothing is readable.
 */
export function readableCib(cib: XmlElement, user: AclUser): XmlElement | undefined {
  const rules = aclRules(cib, user);
  return rules === undefined ? cib : readablePart(accessTree(cib, rules));
}

function readablePart(tree: AccessTree): XmlElement | undefined {
  const children = tree.children.map(readablePart).filter((each) => each !== undefined);
  const { element: of } = tree;
  if (tree.access.mayRead) {
    const same =
      children.length === of.children.length && children.every((c, i) => c === of.children[i]);
    return same ? of : { ...of, children };
  }
  if (children.length === 0) return undefined;
  const id = attribute(of, "id");
  return element(of.name, id === undefined ? {} : { id }, children);
}
