/**
 * The frame of a cluster command: its options by a table, --help and --version, errors that say what to do, exit codes as
 * Pacemaker's tools have them.
 */
import { UserError } from "../../api/user-error.ts";
import {
  type CommandLine,
  getopt,
  hasOption,
  type OptionRow,
  optionValue,
} from "../getopt/getopt.ts";
import { optionHelp } from "../getopt/option-help.ts";
import { errorText } from "../terminal/print-error.ts";
import { version } from "../version/version.ts";
import { answering, type CommandAnswer, formatOf, outputRows } from "./command-answer.ts";
import type { CommandShell } from "./command-shell.ts";

export type OptionGroup = { readonly title: string; readonly rows: readonly OptionRow[] };

export type ClusterCommand = {
  readonly name: string;
  /** A sentence. */
  readonly summary: string;
  /** Lines behind the name: "COMMAND [OPTION...]". */
  readonly usage: readonly string[];
  readonly groups: readonly OptionGroup[];
  /** Options of the field's tool that are refused, with a sentence each. */
  readonly refused: readonly RefusedOption[];
  readonly examples?: readonly string[];
  /** What --version compares it with; Pacemaker where it is not said. */
  readonly asOf?: string;
  /** The options that every command has, where they have other letters. */
  readonly general?: readonly OptionRow[];
  /** The exit status for an error, where the field's tool has its own. */
  readonly exitOf?: (error: UserError) => number;
  /** What --output-as may be, the usual one first; a command without them has one form. */
  readonly formats?: readonly string[];
  /** Returns the exit status. */
  readonly run: (line: CommandLine, shell: CommandShell, answer: CommandAnswer) => Promise<number>;
};

export type RefusedOption = OptionRow & { readonly reason: string };

export const exitUsage = 64;

const usualGeneral: readonly OptionRow[] = [
  { long: "help", short: "?", help: "this text" },
  { long: "help-all", short: "h", help: "the same", hidden: true },
  { long: "version", short: "$", help: "which version" },
  { long: "verbose", short: "V", help: "say more (may be repeated)" },
];

export async function runCommand(
  command: ClusterCommand,
  words: readonly string[],
  shell: CommandShell,
): Promise<number> {
  try {
    return await parseAndRun(command, words, shell);
  } catch (error) {
    return told(error, command, shell);
  } finally {
    shell.cluster.close();
  }
}

/** @returns the exit status. @throws what is no error of the user's. */
function told(error: unknown, command: ClusterCommand, shell: CommandShell): number {
  if (!(error instanceof UserError)) throw error;
  shell.error(errorText(command.name, error));
  return command.exitOf?.(error) ?? error.exit ?? 1;
}

async function parseAndRun(
  command: ClusterCommand,
  words: readonly string[],
  shell: CommandShell,
): Promise<number> {
  const line = getopt(everyOption(command), words);
  if (!line.ok) throw usageError(`${line.error}`, command.name);
  if (hasOption(line.value, "help") || hasOption(line.value, "help-all")) {
    shell.out(helpText(command));
    return 0;
  }
  if (hasOption(line.value, "version")) {
    const asOf = command.asOf ?? "Pacemaker 2.1";
    shell.out(`Holdfast ${version} (${command.name}${asOf === "" ? "" : ` as of ${asOf}`})\n`);
    return 0;
  }
  const refused = refusedOf(command).find((row) => hasOption(line.value, row.long));
  if (refused !== undefined) {
    throw new UserError("HF4605", `--${refused.long} is not supported: ${refused.reason}`, {
      exit: exitUsage,
      remedy: `${command.name} --help lists what is.`,
    });
  }
  return await answered(command, { line: line.value, words }, shell);
}

/** Runs it, and gives its answer and its errors in the form that is wished for. */
async function answered(
  command: ClusterCommand,
  { line, words }: { readonly line: CommandLine; readonly words: readonly string[] },
  shell: CommandShell,
): Promise<number> {
  const { formats = ["text"] } = command;
  const format = command.formats === undefined ? "text" : formatOf(line, formats);
  if (format === undefined) {
    const given = optionValue(line, "output-as");
    throw usageError(`--output-as is one of ${formats.join(", ")}, not "${given}"`, command.name);
  }
  const request = [command.name, ...words];
  const { shell: inner, answer, finish } = answering(shell, { line, format, request });
  let exit: number;
  try {
    exit = await command.run(line, inner, answer);
  } catch (error) {
    exit = told(error, command, inner);
  }
  finish(exit);
  return exit;
}

/** Everything that it understands, what it refuses with a sentence too. */
export function everyOption(command: ClusterCommand): readonly OptionRow[] {
  return [...understood(command), ...refusedOf(command)];
}

function understood(command: ClusterCommand): readonly OptionRow[] {
  const own = command.groups.flatMap((group) => group.rows);
  return [...own, ...unshadowed(generalOf(command), own)];
}

function refusedOf(command: ClusterCommand): readonly RefusedOption[] {
  return unshadowed(command.refused, understood(command));
}

function generalOf(command: ClusterCommand): readonly OptionRow[] {
  const output = command.formats === undefined ? [] : outputRows(command.formats);
  return [...output, ...(command.general ?? usualGeneral)];
}

/** Those whose names are not taken, without letters that are. */
function unshadowed<Row extends OptionRow>(
  rows: readonly Row[],
  taken: readonly OptionRow[],
): readonly Row[] {
  return rows
    .filter((row) => !taken.some(({ long }) => long === row.long))
    .map((row) => {
      if (row.short === undefined || !taken.some(({ short }) => short === row.short)) return row;
      const { short: _short, ...longOnly } = row;
      return longOnly as Row;
    });
}

export function usageError(message: string, command: string): UserError {
  return new UserError("HF4600", message, {
    exit: exitUsage,
    remedy: `See ${command} --help.`,
  });
}

function helpText(command: ClusterCommand): string {
  const usage = command.usage.map(
    (line, i) => `${i === 0 ? "usage:" : "      "} ${command.name} ${line}`,
  );
  const own = command.groups.flatMap((group) => group.rows);
  const groups = [
    ...command.groups,
    { title: "General", rows: unshadowed(generalOf(command), own) },
  ];
  const lists = groups.map((group) => `\n${group.title}:\n${optionHelp(group.rows)}`);
  const examples =
    command.examples === undefined
      ? ""
      : `\nExamples:\n${command.examples.map((line) => `  ${line}\n`).join("")}`;
  return `${usage.join("\n")}\n\n${command.summary}\n${lists.join("")}${examples}`;
}
