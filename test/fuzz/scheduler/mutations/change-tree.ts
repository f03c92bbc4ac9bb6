/** Changes of one element of a CIB, for the mutations. */
import type { Prng } from "../../../../src/base/prng.ts";
import {
  attribute,
  descendants,
  element,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../../src/formats/xml/xml-element.ts";

/** One change that an administrator or a failure could have made; the same CIB if there is nothing to change. */
export type Mutation = {
  /** What a difference is counted under. */
  readonly feature: string;
  readonly change: (cib: XmlElement, prng: Prng) => XmlElement;
};

/** A name and the values it may take. */
export type Choice = readonly [name: string, values: readonly string[]];

/** Makes the tree anew with one element changed; "removed" takes it out. */
export function replaceElement(
  root: XmlElement,
  target: XmlElement,
  by: (old: XmlElement) => XmlElement | readonly XmlElement[] | "removed",
): XmlElement {
  const children = root.children.flatMap((each): readonly XmlElement[] => {
    if (each !== target) return [replaceElement(each, target, by)];
    const replaced = by(each);
    if (replaced === "removed") return [];
    return "name" in replaced ? [replaced] : replaced;
  });
  const same = children.every((each, index) => each === root.children[index]);
  return same && children.length === root.children.length ? root : withChildren(root, children);
}

export function elementsNamed(cib: XmlElement, ...names: readonly string[]): XmlElement[] {
  return [...descendants(cib)].filter((each) => names.includes(each.name));
}

export function pickFrom<T>(items: readonly T[], prng: Prng): T | undefined {
  return items.length === 0 ? undefined : prng.pick(items);
}

export function pickNamed(
  cib: XmlElement,
  names: readonly string[],
  prng: Prng,
): XmlElement | undefined {
  return pickFrom(elementsNamed(cib, ...names), prng);
}

/** Changes one of the elements of these names, if there is any. */
export function changeOne(
  cib: XmlElement,
  names: readonly string[],
  prng: Prng,
  by: (old: XmlElement) => XmlElement | readonly XmlElement[] | "removed",
): XmlElement {
  const target = pickNamed(cib, names, prng);
  return target === undefined ? cib : replaceElement(cib, target, by);
}

export function setOnOne(
  cib: XmlElement,
  names: readonly string[],
  values: Readonly<Record<string, string | undefined>>,
  prng: Prng,
): XmlElement {
  return changeOne(cib, names, prng, (old) => withAttributes(old, values));
}

/** A name that XML takes as an id. */
export function xmlId(text: string): string {
  return `fuzz.${text.replaceAll("#", ".")}`;
}

export function pair(id: string, name: string, value: string): XmlElement {
  return element("nvpair", { id: xmlId(id), name, value });
}

export function setPair(set: XmlElement, name: string, value: string): XmlElement {
  const others = set.children.filter((each) => attribute(each, "name") !== name);
  return withChildren(set, [...others, pair(`${attribute(set, "id")}-fuzz-${name}`, name, value)]);
}

/** Sets a value in the element's own block (meta_attributes, instance_attributes, utilization). */
export function setInBlock(
  old: XmlElement,
  block: string,
  [name, value]: readonly [string, string],
): XmlElement {
  const found = old.children.find(
    (each) => each.name === block && attribute(each, "id-ref") === undefined,
  );
  if (found !== undefined) return replaceElement(old, found, (set) => setPair(set, name, value));
  const id = xmlId(`${attribute(old, "id")}-${block}`);
  const made = setPair(element(block, { id }), name, value);
  return withChildren(old, [made, ...old.children]);
}

export function pickChoice([name, values]: Choice, prng: Prng): readonly [string, string] {
  return [name, prng.pick(values)];
}

/** The section of the configuration, made where the schema wants it if it is not there. */
export function inSection(
  cib: XmlElement,
  name: string,
  by: (section: XmlElement) => XmlElement,
): XmlElement {
  const configuration = cib.children.find((each) => each.name === "configuration");
  if (configuration === undefined) return cib;
  const section = configuration.children.find((each) => each.name === name);
  if (section !== undefined) return replaceElement(cib, section, by);
  return replaceElement(cib, configuration, (old) =>
    withChildren(old, [...old.children, by(element(name))]),
  );
}

export function sectionOf(cib: XmlElement, name: string): readonly XmlElement[] {
  const configuration = cib.children.find((each) => each.name === "configuration");
  return configuration?.children.find((each) => each.name === name)?.children ?? [];
}

/** Resources as constraints know them: not what is inside a group or clone, nor templates. */
export function topResources(cib: XmlElement): readonly XmlElement[] {
  return sectionOf(cib, "resources").filter((each) => each.name !== "template");
}

export function idOf(of: XmlElement): string {
  return attribute(of, "id") ?? "";
}

export function nodeNames(cib: XmlElement): readonly string[] {
  return sectionOf(cib, "nodes").flatMap((each) => attribute(each, "uname") ?? []);
}

/** An id that no element of the section has. */
export function freshId(section: XmlElement, prefix: string): string {
  const taken = new Set([...descendants(section)].map(idOf));
  for (let number = 0; ; number++)
    if (!taken.has(`${prefix}-${number}`)) return `${prefix}-${number}`;
}
