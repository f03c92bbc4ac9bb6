/**
 * --output-as and --output-to, as Pacemaker's tools have them: a command answers in text, or gives the elements of the
 * XML that its answer is. What it says besides that (messages) belongs to the text; errors are part of the XML.
 */
import { resultXml } from "../../view/cluster/result-xml.ts";
import type { XmlText } from "../../view/cluster/xml-text.ts";
import { type CommandLine, hasOption, type OptionRow, optionValue } from "../getopt/getopt.ts";
import type { CommandShell } from "./command-shell.ts";
import { writeText } from "./text-file.ts";

export type CommandAnswer = {
  /** One of the command's formats. */
  readonly format: string;
  /** Answers in the form that was asked for; only that one is made. */
  give(forms: AnswerForms): void;
  /** Writes it into the file of --output-to at once, in the place of what is there: for commands that go on. */
  giveAnew(forms: AnswerForms): void;
};

export type AnswerForms = {
  readonly text: () => string;
  readonly xml: () => readonly XmlText[];
  /** Where JSON was asked for; else the text. */
  readonly json?: () => unknown;
  /** A page, of the one command that has any. */
  readonly html?: () => string;
};

/** The formats of most commands. */
export const usualFormats: readonly string[] = ["text", "xml", "json"];

export function outputRows(formats: readonly string[]): readonly OptionRow[] {
  return [
    { long: "output-as", argument: "FORMAT", help: `${formats.join(", ")}` },
    { long: "output-to", argument: "FILE", help: "into a file" },
    { long: "json", help: "the same as --output-as=json" },
    { long: "text-fancy", help: "", hidden: true },
  ];
}

/** Undefined where the command line names a format that there is not. */
export function formatOf(line: CommandLine, formats: readonly string[]): string | undefined {
  if (hasOption(line, "json")) return "json";
  if (hasOption(line, "as-xml")) return "xml";
  if (hasOption(line, "as-html") || hasOption(line, "web-cgi")) return "html";
  const given = optionValue(line, "output-as") ?? formats[0];
  return formats.find((format) => format === given);
}

export type Answering = {
  readonly shell: CommandShell;
  readonly answer: CommandAnswer;
  /** Prints what is printed at the end. @throws UserError HF4603 when --output-to cannot be written. */
  finish(exit: number): void;
};

/** @param request the command and its words. */
export function answering(
  shell: CommandShell,
  asked: {
    readonly line: CommandLine;
    readonly format: string;
    readonly request: readonly string[];
  },
): Answering {
  const { line, format, request } = asked;
  const file = optionValue(line, "output-to") ?? optionValue(line, "as-html");
  const toFile = file !== undefined && file !== "-";
  const elements: XmlText[] = [];
  const errors: string[] = [];
  let written = "";
  const keep = (text: string): void => {
    written += text;
  };
  const out = toFile ? keep : shell.out;
  const isXml = format === "xml";
  const give = ({ text, xml, json, html }: AnswerForms): void => {
    if (isXml) elements.push(...xml());
    else if (format === "json" && json !== undefined)
      out(`${JSON.stringify(json(), undefined, 2)}\n`);
    else if (format === "html" && html !== undefined) out(html());
    else out(text());
  };
  const finish = (exit: number): void => {
    const result = isXml ? resultXml({ request, elements, exit, errors }) : "";
    if (toFile) writeText(file, written + result);
    else if (isXml) out(result);
  };
  const forget = (): void => {
    elements.length = 0;
    written = "";
  };
  return {
    shell: {
      ...shell,
      out: isXml ? () => undefined : out,
      error: isXml ? (text) => void errors.push(...[text.trimEnd()].filter(Boolean)) : shell.error,
      isTerminal: shell.isTerminal && !toFile,
    },
    answer: {
      format,
      give,
      giveAnew: (forms) => {
        if (!toFile) return;
        forget();
        give(forms);
        finish(0);
      },
    },
    finish,
  };
}
