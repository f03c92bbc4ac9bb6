/** An XML tree as a JSON value, exact for any text: [name, attributes, children]. */
import { err, ok, type Result } from "../../base/result.ts";
import type { XmlElement } from "./xml-element.ts";

/** Deeper nesting is no CIB; it would only exhaust the stack of whoever walks the tree. */
const depthMax = 200;

export type XmlJson = readonly [
  name: string,
  attributes: Readonly<Record<string, string>>,
  children: readonly XmlJson[],
];

export function xmlToJson(of: XmlElement): XmlJson {
  return [of.name, of.attributes, of.children.map(xmlToJson)];
}

export function xmlFromJson(value: unknown, depth = 0): Result<XmlElement> {
  if (depth > depthMax) return err(": elements nested too deep");
  if (!Array.isArray(value) || value.length !== 3) return err(": an XML element");
  const [name, given, below] = value as [unknown, unknown, unknown];
  if (typeof name !== "string" || !Array.isArray(below)) return err(": an XML element");
  if (typeof given !== "object" || given === null || Array.isArray(given)) {
    return err(`<${name}>: attributes`);
  }
  for (const [key, each] of Object.entries(given)) {
    if (typeof each !== "string") return err(`<${name} ${key}>: a text`);
  }
  const attributes = given as Readonly<Record<string, string>>;
  const children: XmlElement[] = [];
  for (const each of below) {
    const child = xmlFromJson(each, depth + 1);
    if (!child.ok) return err(`<${name}>${child.error}`);
    children.push(child.value);
  }
  return ok({ name, attributes, children });
}
