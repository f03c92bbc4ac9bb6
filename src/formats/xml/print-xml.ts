/** XmlElement -> text, as libxml2 prints it: two blanks a level, empty elements closed in place. */
import type { XmlElement } from "./xml-element.ts";

/** Indented, ending with a newline. */
export function printXml(root: XmlElement, indent = 0): string {
  const pad = "  ".repeat(indent);
  if (root.children.length === 0) return `${pad}${startTag(root, "/>")}\n`;
  const inside = root.children.map((each) => printXml(each, indent + 1)).join("");
  return `${pad}${startTag(root, ">")}\n${inside}${pad}</${root.name}>\n`;
}

/** On one line, without a newline. */
export function printXmlCompact(root: XmlElement): string {
  if (root.children.length === 0) return startTag(root, "/>");
  return `${startTag(root, ">")}${root.children.map(printXmlCompact).join("")}</${root.name}>`;
}

/** `end` is ">" or "/>". */
export function startTag(of: XmlElement, end: string): string {
  let text = `<${of.name}`;
  for (const [name, value] of Object.entries(of.attributes))
    text += ` ${name}="${escapeXml(value)}"`;
  return text + end;
}

export function escapeXml(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => escapes[character] as string);
}

const escapes: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\t": "&#9;",
  "\n": "&#10;",
  "\r": "&#13;",
};
