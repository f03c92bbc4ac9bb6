/**
 * The one XML tree of Holdfast: immutable elements with attributes and child elements. Text, comments and
 * processing instructions carry no meaning in a CIB and are left out. A change makes new elements along
 * the path to the root and shares the rest, so an old tree stays valid.
 */
export type XmlElement = {
  readonly name: string;
  readonly attributes: XmlAttributes;
  readonly children: readonly XmlElement[];
  /** Where the start tag stood in the text it was parsed from, both from 1; absent in elements that we made. */
  readonly position?: { readonly line: number; readonly column: number };
};

/** In the order in which they are written. */
export type XmlAttributes = Readonly<Record<string, string>>;

export function element(
  name: string,
  attributes: XmlAttributes = {},
  children: readonly XmlElement[] = [],
): XmlElement {
  return { name, attributes, children };
}

export function attribute(of: XmlElement, name: string): string | undefined {
  // What every object inherits is no string; this is asked so often that Object.hasOwn would cost.
  const value: unknown = of.attributes[name];
  return typeof value === "string" ? value : undefined;
}

/** The first child of that name. */
export function child(of: XmlElement, name: string): XmlElement | undefined {
  return of.children.find((candidate) => candidate.name === name);
}

export function childrenNamed(of: XmlElement, name: string): readonly XmlElement[] {
  const { children } = of;
  // Most lists hold one kind of element: then they are the answer.
  if (children.every((candidate) => candidate.name === name)) return children;
  return children.filter((candidate) => candidate.name === name);
}

/** Sets the given attributes; one given as undefined is removed. The others keep value and place. */
export function withAttributes(
  of: XmlElement,
  changes: Readonly<Record<string, string | undefined>>,
): XmlElement {
  const attributes: Record<string, string> = { ...of.attributes };
  for (const [name, value] of Object.entries(changes)) {
    if (value === undefined) delete attributes[name];
    else attributes[name] = value;
  }
  return { ...of, attributes };
}

export function withChildren(of: XmlElement, children: readonly XmlElement[]): XmlElement {
  return { ...of, children };
}

/** Every element of the tree, parents before children, in document order. */
export function* descendants(of: XmlElement): Generator<XmlElement> {
  yield of;
  for (const each of of.children) yield* descendants(each);
}
