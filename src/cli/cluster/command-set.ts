/** A command of commands, as xl and holdfast are: the first word says which one, the rest is that one's own line. */
import { UserError } from "../../api/user-error.ts";
import { closestWord } from "../../formats/config-text/closest-word.ts";
import type { OptionRow } from "../getopt/getopt.ts";
import { twoColumns } from "../getopt/option-help.ts";
import { errorText } from "../terminal/print-error.ts";
import { version } from "../version/version.ts";
import { type ClusterCommand, exitUsage, runCommand } from "./cluster-command.ts";
import type { CommandShell } from "./command-shell.ts";

export type CommandSet = {
  readonly name: string;
  /** A sentence. */
  readonly summary: string;
  /** Each is named "SET COMMAND", and so are the sets in it. In the order of the help. */
  readonly commands: readonly (ClusterCommand | CommandSet)[];
  /** Words for which another command is meant. */
  readonly aliases?: Readonly<Record<string, string>>;
  /** Commands of the field's tool that are refused, with a sentence each. */
  readonly refused: Readonly<Record<string, string>>;
  /** As in a command, for all of them that do not say otherwise. */
  readonly asOf?: string;
  readonly exitOf?: (error: UserError) => number;
  /** Lines below the list. */
  readonly notes?: readonly string[];
};

/** What every command of a set has. */
const setGeneral: readonly OptionRow[] = [
  { long: "help", short: "h", help: "this text" },
  { long: "version", help: "which version" },
];

export async function runCommandSet(
  set: CommandSet,
  words: readonly string[],
  shell: CommandShell,
): Promise<number> {
  const [word, ...rest] = words;
  if (word === undefined) {
    shell.error(setHelp(set));
    return exitUsage;
  }
  if (word === "--version") {
    shell.out(`Holdfast ${version} (${set.name})\n`);
    return 0;
  }
  if (["--help", "-h", "help"].includes(word)) {
    const [about] = rest;
    if (about === undefined) {
      shell.out(setHelp(set));
      return 0;
    }
    return await runWord(set, [about, "--help"], shell);
  }
  return await runWord(set, words, shell);
}

async function runWord(
  set: CommandSet,
  [word = "", ...rest]: readonly string[],
  shell: CommandShell,
): Promise<number> {
  const command = commandOf(set, word);
  if (command !== undefined) {
    return await ("commands" in command
      ? runCommandSet(command, rest, shell)
      : runCommand({ ...commonOf(set), ...command }, rest, shell));
  }
  shell.error(errorText(set.name, unknownCommand(set, word)));
  shell.cluster.close();
  return exitUsage;
}

function commonOf({ asOf = "", exitOf }: CommandSet) {
  return { asOf, general: setGeneral, ...(exitOf === undefined ? {} : { exitOf }) };
}

function commandOf(set: CommandSet, word: string): ClusterCommand | CommandSet | undefined {
  const meant =
    set.aliases !== undefined && Object.hasOwn(set.aliases, word) ? set.aliases[word] : word;
  return set.commands.find(({ name }) => name === `${set.name} ${meant}`);
}

function unknownCommand(set: CommandSet, word: string): UserError {
  const reason = Object.hasOwn(set.refused, word) ? set.refused[word] : undefined;
  if (reason !== undefined) {
    return new UserError("HF4605", `${word} is not supported: ${reason}`, {
      remedy: `${set.name} --help lists what is.`,
    });
  }
  const known = set.commands.map(({ name }) => lastWord(name));
  const meant = closestWord(word, known);
  const guess = meant === undefined ? "" : `Is ${set.name} ${meant} meant? `;
  return new UserError("HF4600", `there is no command "${word}"`, {
    remedy: `${guess}${set.name} --help lists what there is.`,
  });
}

function setHelp(set: CommandSet): string {
  const rows = set.commands.map(({ name, summary }) =>
    twoColumns(lastWord(name), lowerFirst(summary.replace(/\.$/, ""))),
  );
  const notes = (set.notes ?? []).map((note) => `\n${note}\n`);
  return [
    `usage: ${set.name} COMMAND [OPTION...]\n\n${set.summary}\n\nCommands:\n`,
    ...rows.map((row) => `${row}\n`),
    `\nOptions and examples of a command: ${set.name} COMMAND --help\n`,
    ...notes,
  ].join("");
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(" ") + 1);
}

function lowerFirst(text: string): string {
  return /^[A-Z][a-z]/.test(text) ? `${text.charAt(0).toLowerCase()}${text.slice(1)}` : text;
}
