/** cibadmin --query: what it prints, as elements. */
import { err, ok, type Result } from "../../../base/result.ts";
import { addressOf, selectXPath } from "../../../formats/cib/xpath/xpath.ts";
import { element, withChildren, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibPlace } from "../change.ts";
import { type CibRefusal, refusal } from "../refusal.ts";
import { sectionOf } from "../sections.ts";

export type CibQuery = {
  readonly at: CibPlace;
  /** Without what is in the elements. */
  readonly noChildren?: boolean;
};

/**
 * A section, or the one element that an XPath expression selects; several of them in an <xpath-query>. What selects
 * an attribute gives the element that has it. HF4000 where there is nothing.
 */
export function queryCib(cib: XmlElement, query: CibQuery): Result<XmlElement, CibRefusal> {
  const shown = (of: XmlElement): XmlElement => (query.noChildren ? withChildren(of, []) : of);
  if ("section" in query.at) {
    const { section } = query.at;
    const found = sectionOf(cib, section);
    if (found !== undefined) return ok(shown(found));
    return err(refusal("HF4000", `The CIB has no section "${section}".`));
  }
  const selected = matches(cib, query.at.xpath);
  if (!selected.ok) return selected;
  const [first, ...more] = selected.value.map((match) => shown(match.element));
  if (first === undefined) return err(refusal("HF4000", `Nothing matches ${query.at.xpath}.`));
  return ok(more.length === 0 ? first : element("xpath-query", {}, [first, ...more]));
}

/** cibadmin --query --xpath --node-path: the addresses of the elements. HF4000 where there are none. */
export function addressesIn(cib: XmlElement, xpath: string): Result<readonly string[], CibRefusal> {
  const selected = matches(cib, xpath);
  if (!selected.ok) return selected;
  if (selected.value.length === 0) return err(refusal("HF4000", `Nothing matches ${xpath}.`));
  return ok(selected.value.map((match) => addressOf(cib, match.path)));
}

function matches(cib: XmlElement, xpath: string) {
  const selected = selectXPath(cib, xpath);
  if (selected.ok) return selected;
  const { column, message } = selected.error;
  return err(refusal("HF4006", `"${xpath}", column ${column}: ${message}.`));
}
