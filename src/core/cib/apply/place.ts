/** Resolving where a change looks, and what it brings. */
import { err, ok, type Result } from "../../../base/result.ts";
import { selectXPath } from "../../../formats/cib/xpath/xpath.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibPlace } from "../change.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { type CibSection, sectionOf } from "../sections.ts";
import type { Path } from "../tree.ts";

/** The paths that an XPath selects, attributes standing for their elements; none is no error here. */
export function matchesOf(cib: XmlElement, xpath: string): Result<readonly Path[], CibRefusal> {
  const selected = selectXPath(cib, xpath);
  if (selected.ok) return ok(selected.value.map((match) => match.path));
  const { column, message } = selected.error;
  return err(
    refusal("HF4006", `"${xpath}" is no XPath expression that is understood: ${message}`, {
      remedy: `Mend it at column ${column}. Location paths with predicates are understood.`,
    }),
  );
}

/** The element that a change brings to a section: a whole <cib> stands for its part of that name. */
export function fragmentOf(section: CibSection, xml: XmlElement): Result<XmlElement, CibRefusal> {
  if (section === "all" || xml.name !== "cib") return ok(xml);
  const part = sectionOf(xml, section);
  if (part !== undefined) return ok(part);
  return err(refusal("HF4005", `The given <cib> has no section "${section}".`));
}

export function noSuchObject(place: CibPlace, xml?: XmlElement): CibRefusal {
  if ("xpath" in place) {
    return refusal("HF4000", `Nothing in the CIB matches ${place.xpath}.`);
  }
  const id = xml?.attributes["id"];
  const what = `<${xml?.name}${id === undefined ? "" : ` id="${id}"`}>`;
  const where = place.section === "all" ? "the CIB" : `section "${place.section}" of the CIB`;
  return refusal("HF4000", `There is no ${what} in ${where}.`);
}
