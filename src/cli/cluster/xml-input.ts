/** The XML that a command works with: from a file, as text on the command line, or from standard input. */
import { UserError } from "../../api/user-error.ts";
import { readXmlFile } from "../../host/files/xml-file.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import type { CommandShell } from "./command-shell.ts";

export type XmlInput = {
  readonly xml: string;
  /** What it is called in messages. */
  readonly source: string;
};

/** By --xml-file, --xml-text or --xml-pipe, the first of them that is given; undefined where none is given. @throws UserError HF4601, HF4603, HF4611. */
export function xmlInput(line: CommandLine, shell: CommandShell): XmlInput | undefined {
  const file = optionValue(line, "xml-file");
  if (file !== undefined) return { xml: readXml(file), source: file };
  const text = optionValue(line, "xml-text");
  if (text !== undefined) return { xml: text, source: "--xml-text" };
  if (!hasOption(line, "xml-pipe")) return undefined;
  return { xml: shell.readInput(), source: "standard input" };
}

/** @throws UserError HF4603. */
export function readXml(file: string): string {
  try {
    return readXmlFile(file);
  } catch (cause) {
    if (cause instanceof UserError) throw cause;
    const { code } = cause as NodeJS.ErrnoException;
    throw new UserError("HF4603", `${file} cannot be read (${code})`, {
      exit: code === "EACCES" ? 4 : 66,
      remedy: "Correct the file's name, or its permissions. Nothing was changed.",
      cause,
    });
  }
}
