/**
 * drbdadm: the commands by which people run DRBD resources, with the names, options and exit codes of DRBD 8.4's, and
 * 8.3's way to give a command's options before it (`drbdadm -- --overwrite-data-of-peer primary RES`).
 */
import { UserError } from "../../api/user-error.ts";
import { present } from "../../base/assert.ts";
import { type Diagnostic, printDiagnostic } from "../../formats/config-text/diagnostic.ts";
import { setup } from "../../formats/drbd-conf/setup-words.ts";
import { type LoadedConf, loadDrbdConf } from "../drbd-conf/load-drbd-conf.ts";
import type { Terminal } from "../drbdsetup/drbdsetup.ts";
import { showStatus } from "../drbdsetup/status-command.ts";
import { getopt, hasOption, optionValue } from "../getopt/getopt.ts";
import { errorText } from "../terminal/print-error.ts";
import { version } from "../version/version.ts";
import { plannedCommand } from "./all-commands.ts";
import { globalOptions } from "./global-options.ts";
import { commandUsage, drbdadmUsage, hiddenCommands } from "./help-text.ts";
import { commandAt, type Invocation, parseInvocation } from "./invocation.ts";
import { checkScope, type Scope, type Selected, select } from "./selection.ts";
import { shStatusText } from "./sh-status-command.ts";
import { tellingCommands } from "./shell-commands.ts";
import { type Plan, planText, runPlan, type Step } from "./step.ts";

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

async function run(words: readonly string[], terminal: Terminal): Promise<number> {
  const at = commandAt(words);
  const early = getopt(globalOptions, words.slice(0, at), "stop");
  if (words.length === 0) {
    terminal.error(drbdadmUsage());
    return exitUsage;
  }
  if (at === words.length && early.ok && hasOption(early.value, "help")) {
    terminal.out(drbdadmUsage());
    return 0;
  }
  if (early.ok && hasOption(early.value, "version")) {
    terminal.out(`Holdfast ${version} (commands of DRBD 8.4)\n`);
    return 0;
  }
  // `drbdadm help COMMAND`, as the real one has it.
  const isHelp = words[at] === "help";
  if (isHelp && at + 1 === words.length) {
    terminal.out(drbdadmUsage());
    return 0;
  }
  const invocation = parseInvocation(isHelp ? words.slice(at + 1) : words);
  if (isHelp || hasOption(invocation.line, "help")) {
    terminal.out(commandUsage(invocation.name));
    return 0;
  }
  if (invocation.name === "hidden-commands") {
    terminal.out(hiddenCommands());
    return 0;
  }
  return await runCommand(invocation, terminal);
}

async function runCommand(invocation: Invocation, terminal: Terminal): Promise<number> {
  const { name, line, operands } = invocation;
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
  const isDryRun = hasOption(line, "dry-run");
  const isStacked = hasOption(line, "stacked");
  if (name === "status" && !isDryRun && !isStacked)
    return showStatus(namesOf(loaded.value, operands), invocation.commandLine, terminal);
  if (name === "sh-status") {
    terminal.out(await shStatusText(loaded.value));
    return 0;
  }
  const telling = tellingCommands.find((one) => one.name === name);
  const scope = telling?.scope ?? plannedCommand(name)?.scope;
  const selected = isStacked
    ? nothingStacked(loaded.value, invocation, scope)
    : selectFor(loaded.value, invocation, scope);
  if (telling !== undefined) {
    const known = isStacked
      ? { ...loaded.value, view: { resources: [], ignored: [] } }
      : loaded.value;
    terminal.out(telling.tell(known, selected));
    return 0;
  }
  const plan = await planOf(invocation, selected, { terminal, hostName: loaded.value.hostName });
  if (isDryRun) {
    terminal.out(planText(plan));
    return 0;
  }
  return runPlan(plan, {
    error: terminal.error,
    verbose: isVerbose ? terminal.out : () => {},
  });
}

function selectFor(
  loaded: LoadedConf,
  { name, operands }: Invocation,
  scope: Scope | "all" | undefined,
): readonly Selected[] {
  const everything = name === "dump" || name === "dump-xml" || name === "status";
  if (scope === "all" || (operands.length === 0 && everything)) return select(loaded, ["all"]);
  const selected = select(loaded, needed(name, operands));
  if (scope !== undefined) checkScope(name, selected, scope);
  return selected;
}

/** With -S only stacked resources are meant, and there are none: the real drbdadm's answers to that. */
function nothingStacked(
  loaded: LoadedConf,
  { operands }: Invocation,
  scope: Scope | "all" | undefined,
): readonly Selected[] {
  if (scope === "all") return [];
  const [first] = operands.includes("all") ? [] : select(loaded, operands);
  throw new UserError(
    "HF2149",
    first === undefined
      ? `nothing stacked for this host (${loaded.hostName}), nothing to do in stacked mode!`
      : `'${first.resource.name}' is a normal resource, and not available in stacked mode.`,
    { exit: exitUnknown, remedy: "Leave -S out: stacked resources are DRBD's own." },
  );
}

async function planOf(
  { name, before, commandLine }: Invocation,
  selected: readonly Selected[],
  { terminal, hostName }: { readonly terminal: Terminal; readonly hostName: string },
): Promise<Plan> {
  if (name === "status") {
    const step = ({ resource: { name: resource } }: Selected): Step => ({
      resource,
      words: setup("status", resource),
      run: undefined,
    });
    return [selected.map(step)];
  }
  const command = present(plannedCommand(name), "a command that the parser knows");
  const words = commandLine.options.map(({ long, value }) =>
    value === undefined ? `--${long}` : `--${long}=${value}`,
  );
  const print = terminal.out;
  return await command.plan(selected, { line: commandLine, words, before, hostName, print });
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
