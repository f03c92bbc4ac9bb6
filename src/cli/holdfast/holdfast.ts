/** holdfast: what one looks at first, and what no command of the field has. */
import type { CommandSet } from "../cluster/command-set.ts";
import { certificatesCommand } from "./certificates-command.ts";
import { checkCommand } from "./check-command.ts";
import { drbdCommands } from "./drbd-commands.ts";
import { eventsCommand } from "./events-command.ts";
import { nodeCommands } from "./node-commands.ts";
import { resolveCommand } from "./resolve-command.ts";
import { simulateCommand } from "./simulate-command.ts";
import { statusCommand } from "./status-command.ts";
import { timelineCommand } from "./timeline-command.ts";
import { topCommand } from "./top-command.ts";
import { waitIdleCommand } from "./wait-idle-command.ts";
import { whyCommand } from "./why-command.ts";

export const holdfast: CommandSet = {
  name: "holdfast",
  summary: "Two servers run guests between them: how they are, why, and what happened.",
  commands: [
    statusCommand,
    topCommand,
    whyCommand,
    simulateCommand,
    timelineCommand,
    eventsCommand,
    checkCommand,
    nodeCommands,
    drbdCommands,
    resolveCommand,
    certificatesCommand,
    waitIdleCommand,
  ],
  aliases: { log: "events" },
  refused: {},
  notes: [
    "holdfast lab … makes hosts to try all of it on, on one machine: holdfast lab --help.",
    "Under their own names: crm_mon crm_resource cibadmin crm_verify crm_attribute crm_standby crm_node\ncrm_failcount stonith_admin drbdadm drbdsetup drbdmeta xl xm.",
  ],
};
