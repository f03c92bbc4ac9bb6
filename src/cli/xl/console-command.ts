/** `xl console GUEST`. */
import type { ClusterCommand } from "../cluster/cluster-command.ts";
import { attachConsole } from "./attach-console.ts";
import type { Dialect } from "./dialect.ts";
import { findGuest } from "./find-guest.ts";
import { guestOperand } from "./guest-operand.ts";

export function consoleCommand(dialect: Dialect): ClusterCommand {
  const name = `${dialect.name} console`;
  return {
    name,
    summary: "Connects this terminal to a guest's serial console; Ctrl-] ends it.",
    usage: ["GUEST"],
    groups: [],
    refused: [
      { long: "type", short: "t", argument: "TYPE", help: "", reason: "there is one: the serial." },
      { long: "num", short: "n", argument: "NUM", help: "", reason: "a guest has one console." },
      { long: "escape", short: "e", argument: "KEY", help: "", reason: "it is Ctrl-]." },
    ],
    examples: [`${name} host1`],
    run: async (line, shell) => {
      const operand = guestOperand(line, name);
      const guest = await findGuest(operand, shell);
      return await attachConsole(guest.name, shell);
    },
  };
}
