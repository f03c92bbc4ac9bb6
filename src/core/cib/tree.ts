/** Looking at and changing an immutable tree by paths: the places of elements among their siblings, from the root. */
import { assert } from "../../base/assert.ts";
import { attribute, type XmlElement } from "../../formats/xml/xml-element.ts";

export type Path = readonly number[];

export function elementAt(root: XmlElement, path: Path): XmlElement | undefined {
  let at: XmlElement | undefined = root;
  for (const index of path) at = at?.children[index];
  return at;
}

/** The tree with the element at `path` replaced, or taken out when `change` gives undefined (never the root). */
export function changeAt(
  root: XmlElement,
  path: Path,
  change: (element: XmlElement) => XmlElement | undefined,
): XmlElement {
  const [first, ...rest] = path;
  if (first === undefined) {
    const changed = change(root);
    assert(changed !== undefined, "the root element is never taken out");
    return changed;
  }
  const before = root.children[first];
  assert(before !== undefined, "the path leads to an element");
  const after = rest.length === 0 ? change(before) : changeAt(before, rest, change);
  if (after === before) return root;
  const children = root.children.flatMap((each, i) => {
    if (i !== first) return [each];
    return after === undefined ? [] : [after];
  });
  return { ...root, children };
}

/** The path of the first element in document order, below `root` or `root` itself, for which `wanted` holds. */
export function findPath(
  root: XmlElement,
  wanted: (element: XmlElement) => boolean,
): Path | undefined {
  if (wanted(root)) return [];
  for (const [index, each] of root.children.entries()) {
    const below = findPath(each, wanted);
    if (below !== undefined) return [index, ...below];
  }
  return undefined;
}

/** Every element below `root` that has this id; Pacemaker's ids are unique within the configuration. */
export function findById(root: XmlElement, id: string): XmlElement | undefined {
  const path = findPath(root, (each) => attribute(each, "id") === id);
  return path && elementAt(root, path);
}

/** Equal names, attributes (in their order) and children; where they stood in a text does not count. */
export function sameXml(a: XmlElement, b: XmlElement): boolean {
  if (a === b) return true;
  if (a.name !== b.name || a.children.length !== b.children.length) return false;
  const left = Object.entries(a.attributes);
  const right = Object.entries(b.attributes);
  if (left.length !== right.length) return false;
  const sameAttributes = left.every(
    ([name, value], i) => right[i]?.[0] === name && right[i]?.[1] === value,
  );
  return (
    sameAttributes && a.children.every((each, i) => sameXml(each, b.children[i] as XmlElement))
  );
}

/**
 * The tree without the places of its elements in a text; shares what has none.
 * @param clean a tree that has none: what is taken over from it is not looked at again.
 */
export function withoutPositions(of: XmlElement, clean?: XmlElement): XmlElement {
  const children = of.children.map((each, i) => {
    const known = clean?.children[i];
    return each === known ? each : withoutPositions(each, known);
  });
  const changed = children.some((each, i) => each !== of.children[i]);
  if (of.position === undefined && !changed) return of;
  return { name: of.name, attributes: of.attributes, children: changed ? children : of.children };
}
