/** The functions of the XPath subset, over values that evaluate-xpath.ts makes. */
import type { XmlElement } from "../../xml/xml-element.ts";

/** A node of the tree, with its way back to the document. */
export type XPathNode = {
  /** Undefined for the document, which only holds the root element. */
  readonly element: XmlElement | undefined;
  readonly parent: XPathNode | undefined;
  /** The place among the parent's child elements, from 0. */
  readonly index: number;
  /** The name of the attribute, where the node is one of `element`. */
  readonly attribute?: string;
};

export type XPathValue = string | number | boolean | readonly XPathNode[];

export type Focus = { readonly position: number; readonly size: number; readonly node: XPathNode };

type Arity = { readonly least: number; readonly most: number };

const functions: Readonly<
  Record<string, Arity & { run(given: readonly XPathValue[], focus: Focus): XPathValue }>
> = {
  true: { least: 0, most: 0, run: () => true },
  false: { least: 0, most: 0, run: () => false },
  position: { least: 0, most: 0, run: (_, focus) => focus.position },
  last: { least: 0, most: 0, run: (_, focus) => focus.size },
  not: { least: 1, most: 1, run: ([value]) => !toBoolean(value) },
  boolean: { least: 1, most: 1, run: ([value]) => toBoolean(value) },
  count: { least: 1, most: 1, run: ([value]) => (Array.isArray(value) ? value.length : 0) },
  string: { least: 0, most: 1, run: ([value], { node }) => toText(value ?? [node]) },
  number: { least: 0, most: 1, run: ([value], { node }) => toNumber(value ?? [node]) },
  name: { least: 0, most: 1, run: ([value], { node }) => nameOf(value ?? [node]) },
  concat: { least: 2, most: 20, run: (given) => given.map(toText).join("") },
  contains: { least: 2, most: 2, run: ([a, b]) => toText(a).includes(toText(b)) },
  "starts-with": { least: 2, most: 2, run: ([a, b]) => toText(a).startsWith(toText(b)) },
  translate: {
    least: 3,
    most: 3,
    run: ([text, from, to]) => translated(toText(text), toText(from), toText(to)),
  },
  "string-length": {
    least: 0,
    most: 1,
    run: ([value], { node }) => [...toText(value ?? [node])].length,
  },
};

export function functionArity(name: string): Arity | undefined {
  return Object.hasOwn(functions, name) ? functions[name] : undefined;
}

export function callFunction(name: string, given: readonly XPathValue[], focus: Focus): XPathValue {
  return functions[name]?.run(given, focus) ?? false;
}

export function toBoolean(value: XPathValue | undefined): boolean {
  if (typeof value === "number") return value !== 0 && !Number.isNaN(value);
  if (typeof value === "string") return value !== "";
  return typeof value === "boolean" ? value : (value ?? []).length > 0;
}

export function toText(value: XPathValue | undefined): string {
  if (value === undefined) return "";
  return typeof value === "object" ? textOf(value[0]) : String(value);
}

export function toNumber(value: XPathValue | undefined): number {
  if (typeof value === "number") return value;
  if (typeof value === "boolean") return value ? 1 : 0;
  const text = toText(value).trim();
  return /^-?(\d+(\.\d*)?|\.\d+)$/.test(text) ? Number(text) : Number.NaN;
}

/** An attribute's value; an element of a CIB has no text. */
export function textOf(node: XPathNode | undefined): string {
  return node?.attribute === undefined ? "" : (node.element?.attributes[node.attribute] ?? "");
}

/** Characters of `from` become those of `to` at the same place, or go where `to` is shorter. */
function translated(text: string, from: string, to: string): string {
  const [old, fresh] = [[...from], [...to]];
  return [...text]
    .map((character) =>
      old.includes(character) ? (fresh[old.indexOf(character)] ?? "") : character,
    )
    .join("");
}

function nameOf(value: XPathValue): string {
  const node = Array.isArray(value) ? (value[0] as XPathNode | undefined) : undefined;
  return node?.attribute ?? node?.element?.name ?? "";
}
