/**
 * The text of an element over which digests are computed: on one line, with control characters escaped as
 * Pacemaker (from 2.1.8 on) escapes them. For plain ASCII values it is what every version printed.
 */
import type { XmlElement } from "../xml/xml-element.ts";

/** @param leftOut names of attributes that do not count, on every element. */
export function digestText(of: XmlElement, leftOut: ReadonlySet<string> = new Set()): string {
  let text = `<${of.name}`;
  for (const [name, value] of Object.entries(of.attributes)) {
    if (!leftOut.has(name)) text += ` ${name}="${escaped(value)}"`;
  }
  if (of.children.length === 0) return `${text}/>`;
  const inside = of.children.map((child) => digestText(child, leftOut)).join("");
  return `${text}>${inside}</${of.name}>`;
}

function escaped(value: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is escaped.
  return value.replace(/[&<>"\u0000-\u001f\u007f]/g, (character) => {
    const named = entities[character];
    if (named !== undefined) return named;
    return `&#x${character.charCodeAt(0).toString(16).toUpperCase().padStart(2, "0")};`;
  });
}

const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};
