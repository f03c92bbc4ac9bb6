/** cibadmin --modify. */
import { err, ok, type Result } from "../../../base/result.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibChange, CibPlace } from "../change.ts";
import type { CibRefusal } from "../refusal.ts";
import { sectionPath, withSection } from "../sections.ts";
import { changeAt, elementAt, findPath, type Path } from "../tree.ts";
import { mergeElement, withSums } from "./merge.ts";
import { fragmentOf, matchesOf, noSuchObject } from "./place.ts";

export type Modification = Omit<CibChange & { kind: "modify" }, "kind">;

export function modifyObject(
  cib: XmlElement,
  { at, xml, allowCreate = false, everyMatch = false }: Modification,
): Result<XmlElement, CibRefusal> {
  if ("xpath" in at) return modifyMatches(cib, at, { xml, everyMatch });
  const fragment = fragmentOf(at.section, xml);
  if (!fragment.ok) return fragment;
  const whole = withSection(cib, at.section);
  const path = sectionPath(whole, at.section) ?? [];
  const merged = mergeBelow(whole, path, fragment.value);
  if (merged !== undefined) return ok(merged);
  if (!allowCreate) return err(noSuchObject(at, fragment.value));
  const added = withSums(fragment.value);
  return ok(
    changeAt(whole, path, (section) => ({ ...section, children: [...section.children, added] })),
  );
}

function modifyMatches(
  cib: XmlElement,
  at: CibPlace & { readonly xpath: string },
  { xml, everyMatch }: { readonly xml: XmlElement; readonly everyMatch: boolean },
): Result<XmlElement, CibRefusal> {
  const matches = matchesOf(cib, at.xpath);
  if (!matches.ok) return matches;
  let changed: XmlElement | undefined;
  // A merge never moves an element that was there: paths that were found stay right.
  for (const path of matches.value) {
    const merged = mergeBelow(changed ?? cib, path, xml);
    if (merged === undefined) continue;
    changed = merged;
    if (!everyMatch) break;
  }
  return changed === undefined ? err(noSuchObject(at)) : ok(changed);
}

/** Merges into the first element of the same name and id, at `path` or below it; undefined if there is none. */
function mergeBelow(root: XmlElement, path: Path, update: XmlElement): XmlElement | undefined {
  const start = elementAt(root, path) as XmlElement;
  const id = attribute(update, "id");
  const below = findPath(
    start,
    (each) => each.name === update.name && attribute(each, "id") === id,
  );
  return below && changeAt(root, [...path, ...below], (old) => mergeElement(old, update));
}
