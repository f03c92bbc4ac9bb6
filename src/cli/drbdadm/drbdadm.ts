/**
 * drbdadm: the commands by which people run DRBD resources, with the names, options and exit codes of DRBD 8.4's, and
 * 8.3's way to give a command's options before it (`drbdadm -- --overwrite-data-of-peer primary RES`).
 */
import { UserError } from "../../api/user-error.ts";
import { type Diagnostic, printDiagnostic } from "../../formats/config-text/diagnostic.ts";
import { type LoadedConf, loadDrbdConf } from "../drbd-conf/load-drbd-conf.ts";
import type { Terminal } from "../drbdsetup/drbdsetup.ts";
import { showStatus, statusOptions } from "../drbdsetup/status-command.ts";
import { type CommandLine, getopt, hasOption, optionValue } from "../getopt/getopt.ts";
import { errorText } from "../terminal/print-error.ts";
import { version } from "../version/version.ts";
import { adjustPlan } from "./adjust-command.ts";
import { plannedCommands } from "./command-table.ts";
import { globalOptions } from "./global-options.ts";
import { commandUsage, drbdadmUsage } from "./help-text.ts";
import { select } from "./selection.ts";
import { tellingCommands } from "./shell-commands.ts";
import { type Plan, planText, runPlan } from "./step.ts";
import { unsupportedReason } from "./unsupported-commands.ts";
import { waitConnectPlan } from "./wait-command.ts";

const exitUsage = 20;
const exitConfiguration = 10;
/** drbdadm's own for a command or resource that it does not know. */
const exitUnknown = 1;

/** Returns the exit status. */
export async function drbdadm(words: readonly string[], terminal: Terminal): Promise<number> {
  try {
    return await run(words, terminal);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.error(errorText("drbdadm", error));
    return error.exit ?? exitUsage;
  }
}

type Invocation = {
  readonly name: string;
  readonly operands: readonly string[];
  /** All options, drbdadm's own and the command's. */
  readonly line: CommandLine;
  readonly commandLine: CommandLine;
};

async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const early = getopt(globalOptions, words.slice(0, firstOperand(words)), "stop");
  const isHelp = words.length === 0 || (early.ok && hasOption(early.value, "help"));
  if (isHelp && firstOperand(words) === words.length) {
    (words.length === 0 ? terminal.error : terminal.out)(drbdadmUsage());
    return words.length === 0 ? exitUsage : 0;
  }
  if (early.ok && hasOption(early.value, "version")) {
    terminal.out(`Holdfast ${version} (commands of DRBD 8.4)\n`);
    return 0;
  }
  const invocation = parse(words);
  const { name, line, operands } = invocation;
  if (hasOption(line, "help")) {
    terminal.out(commandUsage(name));
    return 0;
  }
  const isTest = optionValue(line, "config-to-test");
  const loaded = loadDrbdConf({
    file: isTest ?? optionValue(line, "config-file"),
    peer: optionValue(line, "peer"),
  });
  if (!loaded.ok) {
    terminal.error(remarksText(loaded.error));
    return exitConfiguration;
  }
  const isVerbose = hasOption(line, "verbose") && name !== "status";
  terminal.error(remarksText(shown(loaded.value.remarks, isVerbose)));
  if (isTest !== undefined) return 0;
  if (name === "status" && !hasOption(line, "dry-run"))
    return showStatus(namesOf(loaded.value, operands), invocation.commandLine, terminal);
  const telling = tellingCommands.find((one) => one.name === name);
  if (telling !== undefined) {
    const all = name === "dump" || name === "sh-resources" || name === "sh-nop";
    const names = operands.length === 0 && all ? ["all"] : needed(name, operands);
    terminal.out(telling.tell(loaded.value, select(loaded.value, names)));
    return 0;
  }
  const plan = await planOf(invocation, loaded.value, terminal);
  if (hasOption(line, "dry-run")) {
    terminal.out(planText(plan));
    return 0;
  }
  return runPlan(plan, {
    error: terminal.error,
    verbose: isVerbose ? terminal.out : () => {},
  });
}

async function planOf(
  { name, operands, commandLine }: Invocation,
  loaded: LoadedConf,
  terminal: Terminal,
): Promise<Plan> {
  if (name === "status") {
    const names = namesOf(loaded, operands.length === 0 ? ["all"] : operands);
    return [
      names.map((each) => ({
        resource: each,
        words: ["drbdsetup", "status", each],
        run: undefined,
      })),
    ];
  }
  const selected = select(loaded, needed(name, operands));
  if (name === "adjust") return adjustPlan(selected);
  if (name === "wait-connect" || name === "wait-con-int") return waitConnectPlan(selected);
  const command = plannedCommands.find((one) => one.name === name);
  if (command === undefined)
    throw new UserError("HF2152", unsupportedReason(name), { exit: exitUsage });
  const words = commandLine.options.map(({ long, value }) =>
    value === undefined ? `--${long}` : `--${long}=${value}`,
  );
  return command.plan(selected, { line: commandLine, words, print: terminal.out });
}

/** Splits the words: drbdadm's options, the command, its options, its resources. */
function parse(words: readonly string[]): Invocation {
  const at = firstOperand(words);
  const name = words[at] ?? "";
  const commandRows = optionsOf(name);
  if (commandRows === undefined) throw unknownCommand(name);
  // The command's own spelling of a short option wins: `status -v`.
  const own = globalOptions.filter(
    (row) => !commandRows.some((other) => other.long === row.long || other.short === row.short),
  );
  const before = words.slice(0, at).filter((word) => word !== "--");
  const line = getopt([...commandRows, ...own], [...before, ...words.slice(at + 1)]);
  if (!line.ok)
    throw new UserError("HF2151", line.error, {
      exit: exitUsage,
      remedy: `See drbdadm ${name} --help.`,
    });
  const isCommands = (long: string): boolean => commandRows.some((row) => row.long === long);
  const options = line.value.options.filter((option) => isCommands(option.long));
  return {
    name,
    operands: line.value.operands,
    line: line.value,
    commandLine: { options, operands: line.value.operands },
  };
}

/** Where the command stands: behind drbdadm's options, and behind those after `--`. */
function firstOperand(words: readonly string[]): number {
  let at = 0;
  while (at < words.length) {
    const word = words[at] ?? "";
    if (!word.startsWith("-")) return at;
    const takesNext = globalOptions.some(
      (row) => row.argument !== undefined && (word === `--${row.long}` || word === `-${row.short}`),
    );
    at += takesNext ? 2 : 1;
  }
  return words.length;
}

function optionsOf(name: string) {
  if (name === "status") return statusOptions;
  const isOther =
    ["adjust", "wait-connect", "wait-con-int"].includes(name) ||
    tellingCommands.some((one) => one.name === name);
  if (isOther) return [];
  return plannedCommands.find((one) => one.name === name)?.options;
}

function unknownCommand(name: string): UserError {
  const reason = unsupportedReason(name);
  if (reason !== "") return new UserError("HF2152", reason, { exit: exitUsage });
  return new UserError("HF2151", `Unknown command '${name}'`, {
    exit: exitUnknown,
    remedy: "See drbdadm --help.",
  });
}

function needed(name: string, operands: readonly string[]): readonly string[] {
  if (operands.length > 0) return operands;
  throw new UserError("HF2151", "No resource names specified", {
    exit: exitUnknown,
    remedy: `usage: drbdadm ${name} [OPTION...] {all|RESOURCE...}`,
  });
}

/** The names of resources for `status`, which may be none: then all that are up are meant. */
function namesOf(loaded: LoadedConf, operands: readonly string[]): readonly string[] {
  if (operands.length === 0) return [];
  return [...new Set(select(loaded, operands).map(({ resource }) => resource.name))];
}

/** Notices are for those who want to know. */
function shown(remarks: readonly Diagnostic[], isVerbose: boolean): readonly Diagnostic[] {
  return isVerbose ? remarks : remarks.filter((one) => one.severity !== "notice");
}

function remarksText(remarks: readonly Diagnostic[]): string {
  return remarks.map((one) => `${printDiagnostic(one)}\n`).join("");
}
