/** drbdadm's --help. */
import { statusOptions } from "../drbdsetup/status-command.ts";
import type { OptionRow } from "../getopt/getopt.ts";
import { optionHelp, twoColumns } from "../getopt/option-help.ts";
import { plannedCommands } from "./command-table.ts";
import { globalOptions } from "./global-options.ts";
import { tellingCommands } from "./shell-commands.ts";

type Listed = {
  readonly name: string;
  readonly help: string;
  readonly options?: readonly OptionRow[];
};

const others: readonly Listed[] = [
  { name: "status", help: "roles, states and progress", options: statusOptions },
  { name: "adjust", help: "make a running resource what drbd.conf says now" },
  { name: "wait-connect", help: "wait until it is connected" },
];

export function drbdadmUsage(): string {
  const list = (commands: readonly Listed[]): string =>
    commands.map(({ name, help }) => `${twoColumns(name, help)}\n`).join("");
  return [
    "usage: drbdadm [OPTION...] COMMAND [OPTION...] {all|RESOURCE[/VOLUME]...}\n\n",
    "commands:\n",
    list([...plannedCommands, ...others]),
    "\nfor scripts, and to see the configuration:\n",
    list(tellingCommands),
    "\noptions:\n",
    optionHelp(globalOptions),
    "\nThe options of a command: drbdadm COMMAND --help\n",
  ].join("");
}

export function commandUsage(name: string): string {
  const command = [...plannedCommands, ...others, ...tellingCommands].find(
    (one: Listed) => one.name === name,
  ) as Listed | undefined;
  const options = command?.options ?? [];
  return [
    `usage: drbdadm ${name} [OPTION...] {all|RESOURCE[/VOLUME]...}\n\n${command?.help ?? ""}\n`,
    options.length === 0 ? "" : `\noptions:\n${optionHelp(options)}`,
    `\ndrbdadm's own options:\n${optionHelp(globalOptions)}`,
  ].join("");
}
