/**
 * Text -> XmlElement, by saxes (a strict, non-validating parser). What a hostile text could exhaust is bounded: its length,
 * the number of elements and how deep they are nested; nothing in it is expanded, and nothing outside of it is read. A
 * document type declaration may name a DTD, which is not looked at, and may not bring one.
 */
import { SaxesParser } from "saxes";
import { err, ok, type Result } from "../../base/result.ts";
import type { XmlElement } from "./xml-element.ts";

export type XmlError = { readonly line: number; readonly column: number; readonly message: string };

/** Characters; several times what a CIB of 5,000 guests on 32 nodes has. */
export const xmlLengthMax: number = 64 * 1024 * 1024;

/** A CIB of 5,000 guests on 32 nodes has 350,000. */
export const xmlElementsMax = 500_000;

/** Deeper nesting than this is no CIB; it would only exhaust the stack of whoever walks the tree. */
const depthMax = 200;

/** A text is given to the parser in such parts, so that nothing is read behind a mistake. */
const partLength = 64 * 1024;

type Open = {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  line: number;
  column: number;
};

type Parsing = {
  readonly parser: SaxesParser;
  readonly stack: Open[];
  root: XmlElement | undefined;
  elements: number;
  failure: XmlError | undefined;
};

export function parseXml(text: string): Result<XmlElement, XmlError> {
  if (text.length > xmlLengthMax) {
    const message = `longer than ${xmlLengthMax / 1024 / 1024} million characters`;
    return err({ line: 1, column: 1, message });
  }
  const on = newParsing();
  for (let at = 0; at < text.length && on.failure === undefined; at += partLength) {
    on.parser.write(text.slice(at, at + partLength));
  }
  if (on.failure === undefined) on.parser.close();
  if (on.failure !== undefined) return err(on.failure);
  return on.root === undefined
    ? err({ line: 1, column: 1, message: "there is no element" })
    : ok(on.root);
}

function newParsing(): Parsing {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const on: Parsing = { parser, stack: [], root: undefined, elements: 0, failure: undefined };
  parser.on("error", (error) => fail(on, error.message.replace(/^\d+:\d+: /, "")));
  parser.on("doctype", (declaration) => {
    if (declaration.includes("[")) {
      fail(on, "a document type declaration with content: entities and defaults are not taken");
    }
  });
  parser.on("opentagstart", (tag) => onOpen(on, tag.name));
  parser.on("attribute", ({ name, value }) => {
    // It would not become an attribute of the tree but what stands behind its object.
    if (name === "__proto__") fail(on, "an attribute cannot have the name __proto__");
    const open = on.stack.at(-1);
    if (open !== undefined) open.attributes[name] = value;
  });
  parser.on("closetag", () => onClose(on));
  parser.on("text", (characters) => onText(on, characters));
  parser.on("cdata", (characters) => onText(on, characters));
  return on;
}

function fail(on: Parsing, message: string): void {
  on.failure ??= { line: on.parser.line, column: on.parser.column + 1, message };
}

function onOpen(on: Parsing, name: string): void {
  const { stack, parser } = on;
  on.elements++;
  if (on.elements > xmlElementsMax) fail(on, `more than ${xmlElementsMax} elements`);
  if (stack.length >= depthMax) fail(on, `elements are nested more than ${depthMax} deep`);
  if (on.failure !== undefined) return;
  const column = Math.max(1, parser.column - name.length - 1);
  stack.push({ name, attributes: {}, children: [], line: parser.line, column });
}

function onClose(on: Parsing): void {
  const open = on.stack.pop();
  if (open === undefined || on.failure !== undefined) return;
  const { name, attributes, children, line, column } = open;
  const done: XmlElement = { name, attributes, children, position: { line, column } };
  const parent = on.stack.at(-1);
  if (parent === undefined) on.root = done;
  else parent.children.push(done);
}

function onText(on: Parsing, characters: string): void {
  const text = characters.trim();
  if (on.stack.length === 0 || text === "") return;
  fail(on, `text in <${on.stack.at(-1)?.name}>: "${text.slice(0, 40)}"`);
}
