/** cibadmin --create. */
import { err, ok, type Result } from "../../../base/result.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibPlace } from "../change.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { sectionPath, withSection } from "../sections.ts";
import { changeAt, elementAt } from "../tree.ts";
import { withSums } from "./merge.ts";
import { modifyObject } from "./modify-object.ts";
import { fragmentOf, matchesOf, noSuchObject } from "./place.ts";

/**
 * An element named like the section brings its children. Without a section existing objects are merged
 * instead (as cibadmin has it). A section that a CIB may lack, such as tags, is made where it is
 * missing: cibadmin refuses that, and helps nobody by it.
 */
export function createObject(
  cib: XmlElement,
  at: CibPlace,
  xml: XmlElement,
): Result<XmlElement, CibRefusal> {
  if ("xpath" in at) return createUnderMatch(cib, at, xml);
  if (at.section === "all") return modifyObject(cib, { at, xml });
  const fragment = fragmentOf(at.section, xml);
  if (!fragment.ok) return fragment;
  const { value } = fragment;
  const whole = withSection(cib, at.section);
  const path = sectionPath(whole, at.section) ?? [];
  let section = elementAt(whole, path) as XmlElement;
  for (const added of value.name === at.section ? value.children : [value]) {
    const extended = withAdded(section, added);
    if (!extended.ok) return extended;
    section = extended.value;
  }
  return ok(changeAt(whole, path, () => section));
}

function createUnderMatch(
  cib: XmlElement,
  at: { readonly xpath: string },
  xml: XmlElement,
): Result<XmlElement, CibRefusal> {
  const matches = matchesOf(cib, at.xpath);
  if (!matches.ok) return matches;
  const [first] = matches.value;
  if (first === undefined) return err(noSuchObject(at));
  const extended = withAdded(elementAt(cib, first) as XmlElement, xml);
  return extended.ok ? ok(changeAt(cib, first, () => extended.value)) : extended;
}

function withAdded(parent: XmlElement, added: XmlElement): Result<XmlElement, CibRefusal> {
  const id = attribute(added, "id");
  const exists = parent.children.some(
    (each) => each.name === added.name && (id === undefined || attribute(each, "id") === id),
  );
  if (exists) {
    const what = id === undefined ? `<${added.name}>` : `<${added.name} id="${id}">`;
    return err(
      refusal("HF4001", `${what} is there already.`, {
        remedy:
          "Change it with --modify, put another in its place with --replace, or choose another id.",
      }),
    );
  }
  return ok({ ...parent, children: [...parent.children, withSums(added)] });
}
