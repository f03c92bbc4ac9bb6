/** drbdadm's --help. */
import { statusOptions } from "../drbdsetup/status-command.ts";
import type { OptionRow } from "../getopt/getopt.ts";
import { optionHelp, twoColumns } from "../getopt/option-help.ts";
import { allCommands } from "./all-commands.ts";
import { globalOptions } from "./global-options.ts";
import { tellingCommands } from "./shell-commands.ts";

type Listed = {
  readonly name: string;
  readonly help: string;
  readonly options?: readonly OptionRow[];
  readonly hidden?: boolean;
};

const others: readonly Listed[] = [
  { name: "status", help: "roles, states and progress", options: statusOptions },
  { name: "hidden-commands", help: "list the commands for scripts and experts" },
];

export function drbdadmUsage(): string {
  return [
    "usage: drbdadm [OPTION...] COMMAND [OPTION...] {all|RESOURCE[/VOLUME]...}\n\n",
    "commands:\n",
    list([...allCommands.filter((one) => one.hidden !== true), ...others, ...dumps(true)]),
    "\noptions:\n",
    optionHelp(globalOptions),
    "\nThe options of a command: drbdadm COMMAND --help\n",
  ].join("");
}

export function hiddenCommands(): string {
  return [
    "For scripts around drbdadm:\n",
    list(dumps(false)),
    "\nFor experts and developers:\n",
    list(allCommands.filter((one) => one.hidden === true)),
  ].join("");
}

export function commandUsage(name: string): string {
  const command = [...allCommands, ...others, ...tellingCommands].find(
    (one: Listed) => one.name === name,
  ) as Listed | undefined;
  const options = command?.options ?? [];
  return [
    `usage: drbdadm ${name} [OPTION...] {all|RESOURCE[/VOLUME]...}\n\n${command?.help ?? ""}\n`,
    options.length === 0 ? "" : `\noptions:\n${optionHelp(options)}`,
    `\ndrbdadm's own options:\n${optionHelp(globalOptions)}`,
  ].join("");
}

/** `dump` and `dump-xml` are for everybody, what begins with sh- for scripts. */
function dumps(forAll: boolean): readonly Listed[] {
  return tellingCommands.filter((one) => one.name.startsWith("dump") === forAll);
}

function list(commands: readonly Listed[]): string {
  return commands.map(({ name, help }) => `${twoColumns(name, help)}\n`).join("");
}
