/** Elements as text, for the XML that programs read. */

export type XmlText = {
  readonly name: string;
  /** What is undefined is left out. */
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly children?: readonly XmlText[];
};

export function xmlText({ name, attributes, children = [] }: XmlText, depth = 0): string {
  const pad = "  ".repeat(depth);
  const values = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value))}"`)
    .join("");
  if (children.length === 0) return `${pad}<${name}${values}/>\n`;
  const inside = children.map((each) => xmlText(each, depth + 1)).join("");
  return `${pad}<${name}${values}>\n${inside}${pad}</${name}>\n`;
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

function escaped(text: string): string {
  return text.replace(/[&<>"\t\n\r]/g, (character) => escapes[character] ?? character);
}
