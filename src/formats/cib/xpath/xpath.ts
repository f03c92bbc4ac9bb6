/**
 * Elements and attributes of a tree that an XPath expression selects, in document order. The subset is described
 * in parse-xpath.ts.
 */
import { err, ok, type Result } from "../../../base/result.ts";
import { attribute, type XmlElement } from "../../xml/xml-element.ts";
import { evaluateXPath } from "./evaluate-xpath.ts";
import type { XPathNode } from "./functions.ts";
import { parseXPath } from "./parse-xpath.ts";
import type { XPathError } from "./tokens.ts";

export type XPathMatch = {
  readonly element: XmlElement;
  /** The places of the elements from the root down to this one, each among its siblings; [] is the root. */
  readonly path: readonly number[];
  /** The name of the attribute, where one of `element` is selected. */
  readonly attribute?: string;
};

/**
 * The document itself ("/") stands for its root element.
 * Errors: what is wrong with the expression, or that it selects no nodes but has a value ("count(//a)").
 */
export function selectXPath(
  root: XmlElement,
  text: string,
): Result<readonly XPathMatch[], XPathError> {
  const expression = parseXPath(text);
  if (!expression.ok) return expression;
  const value = evaluateXPath(root, expression.value);
  if (value === undefined) {
    return err({ column: 1, message: "it looks at too many elements; name some on the way" });
  }
  if (typeof value !== "object") {
    return err({ column: 1, message: "this gives a value and selects no element" });
  }
  return ok(value.map((node) => toMatch(node, root)));
}

/** The address of an element as cibadmin --node-path prints it: ids where there are some. */
export function addressOf(root: XmlElement, path: readonly number[]): string {
  let text = "";
  let element: XmlElement | undefined = root;
  for (const index of [...path, -1]) {
    if (element === undefined) break;
    const id = attribute(element, "id");
    text += id === undefined ? `/${element.name}` : `/${element.name}[@id='${id}']`;
    element = element.children[index];
  }
  return text;
}

function toMatch(node: XPathNode, root: XmlElement): XPathMatch {
  if (node.element === undefined) return { element: root, path: [] };
  const path: number[] = [];
  let at = node.attribute === undefined ? node : (node.parent as XPathNode);
  while (at.parent?.element !== undefined) {
    path.unshift(at.index);
    at = at.parent;
  }
  const match = { element: node.element, path };
  return node.attribute === undefined ? match : { ...match, attribute: node.attribute };
}
