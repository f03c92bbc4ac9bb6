/** The frame of what Pacemaker's tools answer as XML (API 2.25): what they found, then how it went. */
import { exitText } from "../scheduler/exit-text.ts";
import { type XmlText, xmlText } from "./xml-text.ts";

const apiVersion = "2.25";

export type CommandResult = {
  /** The command and its words. */
  readonly request: readonly string[];
  readonly elements: readonly XmlText[];
  readonly exit: number;
  /** What would have gone to standard error. */
  readonly errors: readonly string[];
};

export function resultXml({ request, elements, exit, errors }: CommandResult): string {
  const status: XmlText = {
    name: "status",
    attributes: { code: exit, message: exitText(exit) },
    children:
      errors.length === 0
        ? []
        : [
            {
              name: "errors",
              attributes: {},
              children: errors.map((text) => ({ name: "error", attributes: {}, text })),
            },
          ],
  };
  return xmlText({
    name: "pacemaker-result",
    attributes: { "api-version": apiVersion, request: request.map(quoted).join(" ") },
    children: [...elements, status],
  });
}

/** A list of names, as several tools give it. */
export function listXml(name: string, item: string, values: readonly string[]): XmlText {
  return {
    name: "list",
    attributes: { name, count: values.length },
    children: values.map((text) => ({ name: "item", attributes: { name: item }, text })),
  };
}

function quoted(word: string): string {
  return word.includes(" ") ? `'${word}'` : word;
}
