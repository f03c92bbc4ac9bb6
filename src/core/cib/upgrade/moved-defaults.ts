/** Putting the pairs that moved to rsc_defaults and op_defaults where they belong. */
import {
  attribute,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import { withSection } from "../sections.ts";
import type { DefaultsSection, MovedPair } from "./translation.ts";

const sections: readonly DefaultsSection[] = ["rsc_defaults", "op_defaults"];

/** As changes for a CIB that a piece goes into. */
export function changesOfMoved(moved: readonly MovedPair[]): readonly CibChange[] {
  return sections.flatMap((section) =>
    setsOf(moved, section).map(
      (xml): CibChange => ({ kind: "modify", at: { section }, xml, allowCreate: true }),
    ),
  );
}

/** Into a whole CIB. A value that a set there has already under that name was meant for today, and stays. */
export function withMoved(cib: XmlElement, moved: readonly MovedPair[]): XmlElement {
  let whole = cib;
  for (const section of sections) {
    const sets = setsOf(moved, section);
    if (sets.length === 0) continue;
    whole = withSection(whole, section);
    whole = withChildren(
      whole,
      whole.children.map((outer) =>
        outer.name === "configuration"
          ? withChildren(
              outer,
              outer.children.map((each) => (each.name === section ? withSets(each, sets) : each)),
            )
          : outer,
      ),
    );
  }
  return whole;
}

/** In front: of sets with the same score the last counts. */
function withSets(section: XmlElement, sets: readonly XmlElement[]): XmlElement {
  return withChildren(section, [...sets, ...section.children]);
}

function setsOf(moved: readonly MovedPair[], section: DefaultsSection): readonly XmlElement[] {
  const mine = moved.filter((each) => each.section === section);
  const ids = [...new Set(mine.map((each) => each.setId))];
  return ids.map((id) => {
    const pairs = mine.filter((each) => each.setId === id).map((each) => each.pair);
    return element("meta_attributes", { id }, pairs.map(withOwnId));
  });
}

/** A pair takes its id along. */
function withOwnId(pair: XmlElement): XmlElement {
  return attribute(pair, "id") === undefined
    ? withAttributes(pair, { id: `${attribute(pair, "name")}` })
    : pair;
}
