/** Text -> XmlElement, by saxes (a strict, non-validating parser). Refuses documents with a DTD of entities. */
import { SaxesParser } from "saxes";
import { err, ok, type Result } from "../../base/result.ts";
import type { XmlElement } from "./xml-element.ts";

export type XmlError = { readonly line: number; readonly column: number; readonly message: string };

/** Deeper nesting than this is no CIB; it would only exhaust the stack of whoever walks the tree. */
const depthMax = 200;

type Open = {
  name: string;
  attributes: Record<string, string>;
  children: XmlElement[];
  line: number;
  column: number;
};

export function parseXml(text: string): Result<XmlElement, XmlError> {
  const parser = new SaxesParser({ xmlns: false, position: true });
  const stack: Open[] = [];
  let root: XmlElement | undefined;
  let failure: XmlError | undefined;
  const fail = (message: string): void => {
    failure ??= { line: parser.line, column: parser.column + 1, message };
  };
  parser.on("error", (error) => fail(error.message.replace(/^\d+:\d+: /, "")));
  parser.on("opentagstart", (tag) => {
    if (stack.length >= depthMax) fail(`elements are nested more than ${depthMax} deep`);
    const column = Math.max(1, parser.column - tag.name.length - 1);
    stack.push({ name: tag.name, attributes: {}, children: [], line: parser.line, column });
  });
  parser.on("attribute", ({ name, value }) => {
    const open = stack.at(-1);
    if (open !== undefined) open.attributes[name] = value;
  });
  parser.on("closetag", () => {
    const open = stack.pop();
    if (open === undefined) return;
    const { name, attributes, children, line, column } = open;
    const done: XmlElement = { name, attributes, children, position: { line, column } };
    const parent = stack.at(-1);
    if (parent === undefined) root = done;
    else parent.children.push(done);
  });
  parser.on("text", (characters) => {
    if (stack.length > 0 && characters.trim() !== "") {
      fail(`text in <${stack.at(-1)?.name}>: "${characters.trim().slice(0, 40)}"`);
    }
  });
  parser.write(text).close();
  if (failure !== undefined) return err(failure);
  return root === undefined
    ? err({ line: 1, column: 1, message: "there is no element" })
    : ok(root);
}
