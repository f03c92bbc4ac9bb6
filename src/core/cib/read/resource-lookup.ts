/** Resources of a CIB by id, with the groups and clones around them, and templates laid under them. */
import {
  attribute,
  child,
  element,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { sectionChildren, sectionPath } from "../sections.ts";
import type { Path } from "../tree.ts";

export type FoundResource = {
  readonly element: XmlElement;
  /** The group, clone or bundle it is in, and what that is in: nearest first. */
  readonly parents: readonly XmlElement[];
  /** From the root of the CIB. */
  readonly path: Path;
};

const kinds: ReadonlySet<string> = new Set(["primitive", "group", "clone", "master", "bundle"]);

/** All of them, in document order; a group stands before its members. */
export function resourcesOf(cib: XmlElement): readonly FoundResource[] {
  const section = sectionPath(cib, "resources") ?? [];
  const found: FoundResource[] = [];
  const visit = (of: XmlElement, parents: readonly XmlElement[], path: Path): void => {
    if (!kinds.has(of.name)) return;
    found.push({ element: of, parents, path });
    for (const [i, each] of of.children.entries()) visit(each, [of, ...parents], [...path, i]);
  };
  for (const [i, each] of sectionChildren(cib, "resources").entries())
    visit(each, [], [...section, i]);
  return found;
}

export function findResource(cib: XmlElement, id: string): FoundResource | undefined {
  return resourcesOf(cib).find((found) => attribute(found.element, "id") === id);
}

/**
 * The primitive with what its template says: the template's sets stand before its own, which win; its operations
 * take the place of the template's of the same name and role. The element itself where it has no template.
 */
export function withTemplate(cib: XmlElement, primitive: XmlElement): XmlElement {
  const name = attribute(primitive, "template");
  const template = sectionChildren(cib, "resources").find(
    (each) => each.name === "template" && attribute(each, "id") === name,
  );
  if (name === undefined || template === undefined) return primitive;
  const operations = mergedOperations(
    child(template, "operations"),
    child(primitive, "operations"),
  );
  const rest = (of: XmlElement): readonly XmlElement[] =>
    of.children.filter((each) => each.name !== "operations");
  return withChildren(
    { ...primitive, attributes: { ...template.attributes, ...primitive.attributes } },
    [...rest(template), ...rest(primitive), ...(operations ? [operations] : [])],
  );
}

function mergedOperations(
  template: XmlElement | undefined,
  own: XmlElement | undefined,
): XmlElement | undefined {
  if (template === undefined || own === undefined) return own ?? template;
  const keys = new Set(own.children.map(operationKey));
  const inherited = template.children.filter((op) => !keys.has(operationKey(op)));
  return element("operations", own.attributes, [...own.children, ...inherited]);
}

/** Started, Unpromoted and no role are the same. */
function operationKey(op: XmlElement): string {
  const role = attribute(op, "role")?.toLowerCase() ?? "";
  const plain = ["started", "unpromoted", "slave"].includes(role);
  return `${attribute(op, "name")} ${plain ? "" : role}`;
}
