/** The words of a drbdadm command line: its own options, the command, the command's options, its resources. */
import { UserError } from "../../api/user-error.ts";
import { statusOptions } from "../drbdsetup/status-command.ts";
import { type CommandLine, getopt, type OptionRow } from "../getopt/getopt.ts";
import { plannedCommand } from "./all-commands.ts";
import { globalOptions } from "./global-options.ts";
import { tellingCommands } from "./shell-commands.ts";
import { unsupportedReason } from "./unsupported-commands.ts";

export type Invocation = {
  readonly name: string;
  readonly operands: readonly string[];
  /** Words before the command that are no options. */
  readonly before: readonly string[];
  /** All options, drbdadm's own and the command's. */
  readonly line: CommandLine;
  /** The command's options alone. */
  readonly commandLine: CommandLine;
};

const exitUsage = 20;
/** drbdadm's own for a command that it does not know. */
const exitUnknown = 1;

/** @throws UserError HF2151, HF2152 */
export function parseInvocation(words: readonly string[]): Invocation {
  const at = commandAt(words);
  const name = words[at] ?? "";
  const commandRows = optionsOf(name);
  if (commandRows === undefined) throw unknownCommand(name);
  // The command's own spelling of a short option wins: `status -v`.
  const own = globalOptions.filter(
    (row) => !commandRows.some((other) => other.long === row.long || other.short === row.short),
  );
  const early = words.slice(0, at);
  const split = early.indexOf("--");
  const before = split < 0 ? [] : early.slice(split + 1);
  const given = [...early.filter((word) => word !== "--"), ...words.slice(at + 1)];
  const line = getopt([...commandRows, ...own], withSetupOptions(given));
  if (!line.ok)
    throw new UserError("HF2151", line.error, {
      exit: exitUsage,
      remedy: `See drbdadm ${name} --help.`,
    });
  const isCommands = (long: string): boolean => commandRows.some((row) => row.long === long);
  const handedOn = before.filter((word) => !word.startsWith("-"));
  return {
    name,
    operands: line.value.operands.filter((word) => !handedOn.includes(word)),
    before: handedOn,
    line: line.value,
    commandLine: {
      options: line.value.options.filter((option) => isCommands(option.long)),
      operands: line.value.operands,
    },
  };
}

/**
 * Where the command stands: behind drbdadm's options, and behind what is between `--` and it; there only the last word
 * but the resources can be it, so the first that is a command is taken.
 */
export function commandAt(words: readonly string[]): number {
  let at = 0;
  let isHandedOn = false;
  while (at < words.length) {
    const word = words[at] ?? "";
    if (word === "--") isHandedOn = true;
    else if (!word.startsWith("-") && !(isHandedOn && optionsOf(word) === undefined)) return at;
    const takesNext = globalOptions.some(
      (row) => row.argument !== undefined && (word === `--${row.long}` || word === `-${row.short}`),
    );
    at += takesNext ? 2 : 1;
  }
  return words.length;
}

/** `-W OPTION`, drbdadm's way to hand an option to drbdsetup, is the option itself here. */
function withSetupOptions(words: readonly string[]): readonly string[] {
  const out: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    if (word === "-W" || word === "--setup-option") out.push(words[++at] ?? "");
    else out.push(word.replace(/^(-W|--setup-option=)/, ""));
  }
  return out;
}

function optionsOf(name: string): readonly OptionRow[] | undefined {
  if (name === "status") return statusOptions;
  if (name === "hidden-commands" || name === "sh-status") return [];
  if (tellingCommands.some((one) => one.name === name)) return [];
  return plannedCommand(name)?.options;
}

function unknownCommand(name: string): UserError {
  const reason = unsupportedReason(name);
  if (reason !== "") return new UserError("HF2152", reason, { exit: exitUnknown });
  return new UserError("HF2151", `Unknown command '${name}'`, {
    exit: exitUnknown,
    remedy: "See drbdadm --help.",
  });
}
