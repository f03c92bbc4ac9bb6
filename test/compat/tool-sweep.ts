/**
 * One of the field's tools and ours on the recorded scheduler inputs: which of them get the same answer, text for text.
 * What the two versions word differently is made equal first (`comparable`).
 */
import type { ClusterCommand } from "../../src/cli/cluster/cluster-command.ts";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import { attribute, descendants } from "../../src/formats/xml/xml-element.ts";
import { runOnFile } from "../cluster/file-commands.ts";
import { recordedCibs } from "../conformance/recorded-cases.ts";
import { forPacemaker21 } from "../fuzz/scheduler/older-pacemaker.ts";
import { type Answer, CibFile } from "./cib-oracle.ts";

export type Difference = {
  readonly name: string;
  /** Lines that only the field's tool has, then ours. */
  readonly missing: readonly string[];
  readonly added: readonly string[];
};

export type Sweep = {
  readonly command: ClusterCommand;
  /** FILE stands for the input (without it the tools are told by CIB_file), RSC for its first primitive, NODE for its first node. */
  readonly words: readonly string[];
  /** Every so many-th input, from that one on. */
  readonly every: number;
  readonly from?: number;
};

export type Swept = { readonly compared: number; readonly differing: readonly Difference[] };

export async function differences(sweep: Sweep): Promise<Swept> {
  const file = new CibFile();
  const { every, from = 0 } = sweep;
  const chosen = recordedCibs().filter((_each, i) => i % every === from % every);
  const differing: Difference[] = [];
  try {
    for (const { name, cib } of chosen) {
      const text = printXml(forPacemaker21(cib));
      const first = [...descendants(cib)].find((each) => each.name === "primitive");
      const node = [...descendants(cib)].find((each) => each.name === "node");
      const names: Readonly<Record<string, string | undefined>> = {
        FILE: file.path,
        RSC: first && attribute(first, "id"),
        NODE: node && attribute(node, "uname"),
      };
      const words = sweep.words.map((word) => names[word] ?? word);
      file.write(text);
      const theirs = file.run(sweep.command.name, ...words);
      file.write(text);
      const found = compared(theirs, await ours(sweep.command, file, words));
      if (found !== undefined) differing.push({ name, ...found });
    }
  } finally {
    file.close();
  }
  return { compared: chosen.length, differing };
}

async function ours(
  command: ClusterCommand,
  file: CibFile,
  words: readonly string[],
): Promise<Answer> {
  const ran = await runOnFile(file.path, command, words);
  return { exit: ran.exit, output: ran.out, errors: ran.err };
}

/** Undefined where they are the same. */
function compared(theirs: Answer, own: Answer): Omit<Difference, "name"> | undefined {
  const [a, b] = [comparable(theirs.output), comparable(own.output)];
  if (a === b && theirs.exit === own.exit) return undefined;
  const [before, after] = [lines(a, theirs.exit), lines(b, own.exit)];
  return {
    missing: before.filter((line) => !after.includes(line)),
    added: after.filter((line) => !before.includes(line)),
  };
}

function lines(text: string, exit: number): readonly string[] {
  return [...text.split("\n"), `exit status ${exit}`];
}

/** What Pacemaker 2.1 and 3.0, whose words are ours, call an agent's exit status. */
export const statusWords: readonly (readonly [newer: string, older: string])[] = [
  ["OK", "ok"],
  ["Error occurred", "error"],
  ["Invalid parameter", "invalid parameter"],
  ["Unimplemented", "unimplemented feature"],
  ["Insufficient privileges", "insufficient privileges"],
  ["Not installed", "not installed"],
  ["Not configured", "not configured"],
  ["Not running", "not running"],
  ["Promoted", "promoted"],
  ["Failed in promoted role", "promoted (failed)"],
  ["Service is active but might fail soon", "degraded"],
  ["Service is promoted but might fail soon", "promoted (degraded)"],
  ["No exit status available", "unknown"],
  ["Unknown exit status", "unknown"],
  ["Interrupted by signal", "unknown"],
];

/** Without the moment of the look, and in the older words where the versions have other ones. */
export function comparable(text: string): string {
  let result = text
    .replaceAll(/Last updated: .*/g, "Last updated: NOW")
    .replaceAll(/last_update time="[^"]*"/g, `last_update time="NOW"`)
    .replaceAll(/(last-failure-[^=]*)=\d+/g, "$1=THEN")
    // How far columns are apart.
    .replaceAll(/ *\( */g, " (")
    // Saved in the moment of the run.
    .replaceAll(/(name="last-failure-[^"]*" value=)"\d+"/g, '$1"THEN"');
  for (const [newer, older] of statusWords) {
    result = result
      .replaceAll(`rc_text="${newer}"`, `rc_text="${older}"`)
      .replaceAll(`exitstatus="${newer}"`, `exitstatus="${older}"`)
      .replaceAll(`'${newer}'`, `'${older}'`)
      .replaceAll(`(${newer})`, `(${older})`);
  }
  return (
    result
      .replaceAll("pcmk__assign_resource", "pcmk__finalize_assignment")
      .replaceAll(/pcmk__(clone|bundle)_allocate/g, "pcmk__$1_assign")
      .replaceAll("(maintenance)", "(unmanaged)")
      .replaceAll("maintenance, ", "unmanaged, ")
      .replaceAll(", maintenance)", ", unmanaged)")
      // 2.1 writes it to standard error, where scripts do not look.
      .replaceAll(/^resource .* is NOT running\n/gm, "")
      // In the order of hash tables, or of how a rule was read.
      .replaceAll(
        /(^ *(<ban |<ticket |\* \S+\tprevents |\* \S+: (granted|revoked)).*\n)+/gm,
        sortedLines,
      )
      // Made while it reads.
      .replaceAll(' clone="0"', "")
      .replaceAll("&amp;lt;", "&lt;")
      .replaceAll("&amp;gt;", "&gt;")
  );
}

function sortedLines(text: string): string {
  return [...text.trimEnd().split("\n").sort(), ""].join("\n");
}

export async function commandNamed(tool: string): Promise<ClusterCommand> {
  const folder = tool.replaceAll("_", "-");
  const loaded: Record<string, ClusterCommand> = await import(
    `../../src/cli/${folder}/${folder}.ts`
  );
  const found = Object.values(loaded).find(({ name }) => name === tool);
  if (found === undefined) throw new Error(`there is no command ${tool}`);
  return found;
}
