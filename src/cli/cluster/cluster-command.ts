/**
 * The frame of a cluster command: its options by a table, --help and --version, errors that say what to do, exit codes as
 * Pacemaker's tools have them.
 */
import { UserError } from "../../api/user-error.ts";
import { type CommandLine, getopt, hasOption, type OptionRow } from "../getopt/getopt.ts";
import { optionHelp } from "../getopt/option-help.ts";
import { errorText } from "../terminal/print-error.ts";
import { version } from "../version/version.ts";
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
  /** Returns the exit status. */
  readonly run: (line: CommandLine, shell: CommandShell) => Promise<number>;
};

export type RefusedOption = OptionRow & { readonly reason: string };

export const exitUsage = 64;

const usualGeneral: readonly OptionRow[] = [
  { long: "help", short: "?", help: "this text" },
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
    if (!(error instanceof UserError)) throw error;
    shell.error(errorText(command.name, error));
    return command.exitOf?.(error) ?? error.exit ?? 1;
  } finally {
    shell.cluster.close();
  }
}

async function parseAndRun(
  command: ClusterCommand,
  words: readonly string[],
  shell: CommandShell,
): Promise<number> {
  const own = command.groups.flatMap((group) => group.rows);
  const rest = unshadowed(generalOf(command), own);
  const unsupported = unshadowed(command.refused, [...own, ...rest]);
  const line = getopt([...own, ...rest, ...unsupported], words);
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
  const refused = unsupported.find((row) => hasOption(line.value, row.long));
  if (refused !== undefined) {
    throw new UserError("HF4605", `--${refused.long} is not supported: ${refused.reason}`, {
      exit: exitUsage,
      remedy: `${command.name} --help lists what is.`,
    });
  }
  return await command.run(line.value, shell);
}

function generalOf(command: ClusterCommand): readonly OptionRow[] {
  return command.general ?? usualGeneral;
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

export function helpText(command: ClusterCommand): string {
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
