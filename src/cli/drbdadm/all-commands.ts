/** Every command that is made of steps. */
import { adjustPlan } from "./adjust-command.ts";
import { plannedCommands } from "./command-table.ts";
import { handlerCommands } from "./handler-commands.ts";
import type { PlannedCommand } from "./planned-command.ts";
import { optionsCommands } from "./run-time-options.ts";
import { waitCommands } from "./wait-command.ts";

export const allCommands: readonly PlannedCommand[] = [
  ...plannedCommands,
  ...["adjust", "adjust-with-progress"].map(
    (name): PlannedCommand => ({
      name,
      help: "make a running resource what drbd.conf says now",
      options: [],
      scope: "resource",
      hidden: name !== "adjust",
      plan: adjustPlan,
    }),
  ),
  ...optionsCommands,
  ...waitCommands,
  ...handlerCommands,
];

export function plannedCommand(name: string): PlannedCommand | undefined {
  return allCommands.find((one) => one.name === name);
}
