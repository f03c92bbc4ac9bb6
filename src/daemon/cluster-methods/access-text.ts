/**
 * What somebody may do with each element, as `cibadmin --show-access` prints it. A mark stands where the access differs from
 * that of the element around it; in colours each tag has its own: green may be written, blue read, red neither.
 */
import type { Access, AccessTree } from "../../core/cib/acl/access.ts";
import { printXml, startTag } from "../../formats/xml/print-xml.ts";
import { element, type XmlElement } from "../../formats/xml/xml-element.ts";

export const accessForms = ["text", "color", "namespace"] as const;
export type AccessForm = (typeof accessForms)[number];

export function accessText(tree: AccessTree, user: string, form: AccessForm): string {
  const comment = `<!-- ACLs as evaluated for user ${user} -->\n`;
  if (form === "text") return comment + marked(tree, "", undefined);
  return comment + (form === "color" ? coloured(tree, "") : printXml(named(tree, undefined)));
}

type Word = "writable" | "readable" | "denied";

function wordOf({ mayRead, mayWrite }: Access): Word {
  if (mayWrite) return "writable";
  return mayRead ? "readable" : "denied";
}

const marks: Readonly<Record<Word, string>> = {
  writable: "vvv---[ WRITABLE ]---vvv",
  readable: "vvv---[ READABLE ]---vvv",
  denied: "vvv---[ ~DENIED~ ]---vvv",
};

function marked(
  { element: of, access, children }: AccessTree,
  pad: string,
  outside: Word | undefined,
): string {
  const word = wordOf(access);
  const gap = outside === undefined ? "" : `${pad}\n`;
  const mark = word === outside ? "" : `${gap}${pad}${marks[word]}\n`;
  if (children.length === 0) return `${mark}${pad}${startTag(of, "/>")}\n`;
  const inside = children.map((each) => marked(each, `${pad}  `, word)).join("");
  return `${mark}${pad}${startTag(of, ">")}\n${inside}${pad}</${of.name}>\n`;
}

const colours: Readonly<Record<Word, string>> = {
  writable: "\u001b[32m",
  readable: "\u001b[34m",
  denied: "\u001b[31m",
};
const plain = "\u001b[0m";

function coloured({ element: of, access, children }: AccessTree, pad: string): string {
  const begin = `${pad}${colours[wordOf(access)]}`;
  if (children.length === 0) return `${begin}${startTag(of, "/>")}${plain}\n`;
  const inside = children.map((each) => coloured(each, `${pad}  `)).join("");
  return `${begin}${startTag(of, ">")}\n${inside}${begin}</${of.name}>${plain}\n`;
}

/** For programs: the mark is the namespace of the element's name. */
function named(
  { element: of, access, children }: AccessTree,
  outside: Word | undefined,
): XmlElement {
  const word = wordOf(access);
  const spaces = (["writable", "readable", "denied"] as const).map((each) => [
    `xmlns:pcmk-access-${each}`,
    `http://clusterlabs.org/ns/pacemaker/access/${each}`,
  ]);
  return element(
    word === outside ? of.name : `pcmk-access-${word}:${of.name}`,
    { ...of.attributes, ...(outside === undefined ? Object.fromEntries(spaces) : {}) },
    children.map((each) => named(each, word)),
  );
}
