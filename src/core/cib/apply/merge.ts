/** Merging one element into another, as cibadmin --modify does. */
import { scoreOr } from "../../../decision/score.ts";
import { attribute, type XmlElement } from "../../../formats/xml/xml-element.ts";

/**
 * Attributes of `update` are set on `target`. A child is merged into the first child of its name and id (without
 * one: of its name and id-ref; without both: of its name), and added where there is none.
 */
export function mergeElement(target: XmlElement, update: XmlElement): XmlElement {
  const attributes: Record<string, string> = { ...target.attributes };
  for (const [name, value] of Object.entries(update.attributes)) {
    attributes[name] = expandSum(name, value, attribute(target, name));
  }
  const children = [...target.children];
  for (const child of update.children) {
    const at = children.findIndex((each) => isSameObject(each, child));
    const old = children[at];
    if (old === undefined) children.push(withSums(child));
    else children[at] = mergeElement(old, child);
  }
  return { ...update, attributes, children };
}

/** A new element, with its values "NAME++" and "NAME+=N" counted from 0. */
export function withSums(added: XmlElement): XmlElement {
  const attributes: Record<string, string> = {};
  for (const [name, value] of Object.entries(added.attributes)) {
    attributes[name] = expandSum(name, value, undefined);
  }
  return { ...added, attributes, children: added.children.map(withSums) };
}

function isSameObject(old: XmlElement, update: XmlElement): boolean {
  if (old.name !== update.name) return false;
  for (const key of ["id", "id-ref"]) {
    const wanted = attribute(update, key);
    if (wanted !== undefined) return attribute(old, key) === wanted;
  }
  return true;
}

/** Scores add up to INFINITY at most; text that is no number counts as 0. */
function expandSum(name: string, value: string, old: string | undefined): string {
  if (!value.startsWith(`${name}+`)) return value;
  const rest = value.slice(name.length + 1);
  if (!rest.startsWith("+") && !rest.startsWith("=")) return value;
  const step = rest.startsWith("+") ? 1 : scoreOr(rest.slice(1), 0);
  return String(Math.min(1_000_000, scoreOr(old, 0) + step));
}
