/** Elements as text, for the XML that programs read. */

export type XmlText = {
  readonly name: string;
  /** What is undefined is left out. */
  readonly attributes: Readonly<Record<string, string | number | boolean | undefined>>;
  readonly children?: readonly XmlText[];
  /** In the place of children. */
  readonly text?: string;
  /** Text that stays as it is, XML too. */
  readonly literal?: string;
};

export function xmlText(element: XmlText, depth = 0): string {
  const { name, attributes, children = [], text, literal } = element;
  const pad = "  ".repeat(depth);
  const values = Object.entries(attributes)
    .filter(([, value]) => value !== undefined)
    .map(([key, value]) => ` ${key}="${escaped(String(value), /[&<>"\t\n\r]/g)}"`)
    .join("");
  if (text !== undefined && text !== "")
    return `${pad}<${name}${values}>${escaped(text, /[&<>\r]/g)}</${name}>\n`;
  if (literal !== undefined) return `${pad}<${name}${values}>${literalText(literal)}</${name}>\n`;
  if (children.length === 0) return `${pad}<${name}${values}/>\n`;
  const inside = children.map((each) => xmlText(each, depth + 1)).join("");
  return `${pad}<${name}${values}>\n${inside}${pad}</${name}>\n`;
}

/** A section may not hold the characters that end it. */
function literalText(text: string): string {
  return `<![CDATA[${text.replaceAll("]]>", "]]]]><![CDATA[>")}]]>`;
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

function escaped(text: string, special: RegExp): string {
  return text.replace(special, (character) => escapes[character] ?? character);
}
