/** drbdsetup: what the disk servers of this host tell, and the commands that need no drbd.conf. */
import { UserError } from "../../api/user-error.ts";
import { shutDown } from "../drbdadm/hand-over.ts";
import { type CommandLine, getopt, hasOption, type OptionRow } from "../getopt/getopt.ts";
import { optionHelp, twoColumns } from "../getopt/option-help.ts";
import { errorText } from "../terminal/print-error.ts";
import { events2Options, showEvents2 } from "./events2-command.ts";
import { minorCommands, runMinorCommand } from "./minor-command.ts";
import { showConfigurations } from "./show-command.ts";
import { showStatus, statusOptions } from "./status-command.ts";

export type Terminal = {
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
};

type Command = {
  readonly name: string;
  readonly help: string;
  readonly options: readonly OptionRow[];
  /** RESOURCE where it is not said. */
  readonly operands?: string;
  readonly run: (
    names: readonly string[],
    line: CommandLine,
    terminal: Terminal,
  ) => Promise<number>;
};

const commands: readonly Command[] = [
  {
    name: "status",
    help: "roles, states and progress",
    options: statusOptions,
    run: showStatus,
  },
  {
    name: "events2",
    help: "what there is and what changes, a line each",
    options: events2Options,
    run: (names, line, terminal) => showEvents2(names, line, terminal.out),
  },
  {
    name: "show",
    help: "the configuration that a resource runs with",
    options: [],
    run: (names, _line, terminal) => showConfigurations(names, terminal),
  },
  {
    name: "down",
    help: "demote, disconnect, detach and end",
    options: [],
    run: async (names) => {
      for (const name of names) await shutDown(name);
      return 0;
    },
  },
  ...minorCommands.map(
    (command): Command => ({
      name: command.name,
      help: command.help,
      options: command.options,
      run: (_names, line, terminal) => runMinorCommand(command, line, terminal),
      operands: "MINOR",
    }),
  ),
];

const helpRow: OptionRow = { long: "help", short: "h", help: "this text" };
const exitUsage = 20;

/** Returns the exit status. */
export async function drbdsetup(words: readonly string[], terminal: Terminal): Promise<number> {
  const [name, ...rest] = words;
  if (name === undefined || name === "--help" || name === "-h" || name === "help") {
    (name === undefined ? terminal.error : terminal.out)(usage());
    return name === undefined ? exitUsage : 0;
  }
  const command = commands.find((one) => one.name === name);
  if (command === undefined) {
    const error = new UserError("HF2152", `the command ${name} is not supported here`, {
      remedy: "drbdadm makes, attaches and connects; drbdsetup --help lists what drbdsetup does.",
    });
    terminal.error(errorText("drbdsetup", error));
    return exitUsage;
  }
  const line = getopt([...command.options, helpRow], rest);
  if (!line.ok) {
    terminal.error(`drbdsetup ${name}: ${line.error} [HF2151]\n  See drbdsetup ${name} --help.\n`);
    return exitUsage;
  }
  if (hasOption(line.value, "help")) {
    terminal.out(commandUsage(command));
    return 0;
  }
  const names = line.value.operands.filter((operand) => operand !== "all");
  try {
    return await command.run(names, line.value, terminal);
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    terminal.error(errorText("drbdsetup", error));
    return error.exit ?? exitUsage;
  }
}

function usage(): string {
  const list = commands.map((command) => twoColumns(command.name, command.help)).join("\n");
  return `usage: drbdsetup COMMAND [OPTION...] [RESOURCE...|MINOR]\n\ncommands:\n${list}\n\nThe options of a command: drbdsetup COMMAND --help\n`;
}

function commandUsage(command: Command): string {
  const options = optionHelp([...command.options, helpRow]);
  return `usage: drbdsetup ${command.name} [OPTION...] ${command.operands ?? "[RESOURCE...]"}\n\n${command.help}\n\noptions:\n${options}`;
}
