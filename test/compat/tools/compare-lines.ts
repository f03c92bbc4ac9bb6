/**
 * Command lines of the field's tools, each on a CIB in a file: Debian's tool and ours must print the same, end with the
 * same status and leave the same CIB. What is said on standard error is each tool's own: that something is said where a
 * command fails is asked of both.
 */

import { runOnFile } from "../../cluster/file-commands.ts";
import { pacemakerCommands } from "../../cluster/pacemaker-commands.ts";
import type { CibFile } from "../cib-oracle.ts";
import { statusWords } from "../tool-sweep.ts";
import { cluster } from "./cluster.ts";

export type Outcome = {
  readonly exit: number;
  readonly output: string;
  /** The CIB in the file afterwards. */
  readonly left: string;
};

export type LineResult = {
  readonly line: string;
  readonly theirs: Outcome;
  readonly ours: Outcome;
  /** What ours says on standard error. */
  readonly errors: string;
};

/** @param line the words as a shell has them: between single quotes, spaces are part of a word. */
export async function compareLine(line: string, file: CibFile): Promise<LineResult> {
  const [tool = "", ...words] = wordsOf(line);
  const command = pacemakerCommands.find(({ name }) => name === tool);
  if (command === undefined) throw new Error(`there is no command ${tool}`);
  file.write(cluster);
  const asked = file.run(tool, ...words);
  const theirs = { exit: asked.exit, output: asked.output, left: file.read() };
  file.write(cluster);
  const ran = await runOnFile(file.path, command, words);
  const ours = { exit: ran.exit, output: ran.out, left: file.read() };
  return { line, theirs: comparable(theirs), ours: comparable(ours), errors: ran.err };
}

export function wordsOf(line: string): readonly string[] {
  return [...line.matchAll(/(?:'[^']*'|[^\s'])+/g)].map(([word]) => word.replaceAll("'", ""));
}

/** Without what is each tool's own: the words of an error, the moment of the run, and those that are Pacemaker 3.0's. */
function comparable({ exit, output, left }: Outcome): Outcome {
  let text = output;
  for (const [newer, older] of statusWords) {
    text = text
      .replaceAll(new RegExp(`(returned \\d+ \\()${newer}`, "g"), `$1${older}`)
      .replaceAll(`message="${newer}" execution_code`, `message="${older}" execution_code`);
  }
  return {
    exit,
    output: text.replaceAll(/<errors>.*?<\/errors>/gs, "<errors/>"),
    left: left.replaceAll(/last-granted="(?!1240000000)\d+"/g, 'last-granted="NOW"'),
  };
}
