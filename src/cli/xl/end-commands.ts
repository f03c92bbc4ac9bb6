/** `xl shutdown` and `xl destroy`: a guest is asked to end, or ended. */
import { UserError } from "../../api/user-error.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption } from "../getopt/getopt.ts";
import type { Dialect } from "./dialect.ts";
import { findGuest } from "./find-guest.ts";
import { guestOperand } from "./guest-operand.ts";

export function shutdownCommand(dialect: Dialect): ClusterCommand {
  const name = `${dialect.name} shutdown`;
  return {
    name,
    summary: "Asks a guest's system to shut down, as its power button does.",
    usage: ["[OPTION...] GUEST...", "-a [OPTION...]"],
    groups: [
      {
        title: "Options",
        rows: [
          { long: "all", short: "a", help: "all guests on this node" },
          { long: "wait", short: "w", help: "until it is off" },
        ],
      },
    ],
    refused: [
      { long: "reboot", short: "R", help: "", reason: "reboot it from inside, or restart it." },
      { long: "halt", short: "H", help: "", reason: "it is what is done without it." },
      {
        long: "force-acpi",
        short: "F",
        help: "",
        reason: "the power button is what is pressed without it.",
      },
    ],
    examples: [`${name} host1`, `${name} -w host1`],
    run: (line, shell) => shutDown(line, shell, dialect),
  };
}

export function destroyCommand(dialect: Dialect): ClusterCommand {
  const name = `${dialect.name} destroy`;
  return {
    name,
    summary: "Ends a guest at once, as pulling its plug does.",
    usage: ["GUEST"],
    groups: [],
    refused: [
      { long: "force", short: "f", help: "", reason: "in Xen it permits to end Domain-0." },
    ],
    examples: [`${name} host1`],
    run: async (line, shell) => {
      const operand = guestOperand(line, name);
      refuseHost(operand);
      const guest = await findGuest(operand, shell);
      const asked = { name: guest.name, by: by(dialect.name, shell) };
      tell((await shell.cluster.ask("guest-destroy", asked)).remark, shell);
      return 0;
    },
  };
}

async function shutDown(line: CommandLine, shell: CommandShell, dialect: Dialect): Promise<number> {
  const names = await guestsMeant(line, shell, `${dialect.name} shutdown`);
  const waits = hasOption(line, "wait");
  for (const name of names) {
    shell.out(`Shutting down domain ${name}\n`);
    const asked = { name, by: by(dialect.name, shell) };
    tell((await shell.cluster.ask("guest-shutdown", asked)).remark, shell);
  }
  if (!waits) return 0;
  shell.out(`Waiting for ${names.length} domain${names.length === 1 ? "" : "s"}\n`);
  await allGone(names, shell);
  return 0;
}

async function guestsMeant(
  line: CommandLine,
  shell: CommandShell,
  command: string,
): Promise<readonly string[]> {
  if (hasOption(line, "all")) {
    if (line.operands.length > 0) throw usageError("either -a or names of guests", command);
    return (await shell.cluster.ask("guest-list")).guests.map(({ name }) => name);
  }
  if (line.operands.length === 0) throw usageError("which GUEST is meant, or -a", command);
  const names: string[] = [];
  for (const operand of line.operands) {
    refuseHost(operand);
    names.push((await findGuest(operand, shell)).name);
  }
  return names;
}

/** Asked for again whenever something in the cluster has changed, and each second. */
async function allGone(names: readonly string[], shell: CommandShell): Promise<void> {
  const pollMs = 1000;
  for (;;) {
    const { guests } = await shell.cluster.ask("guest-list");
    if (!guests.some(({ name }) => names.includes(name))) return;
    await new Promise((resolve) => setTimeout(resolve, pollMs));
  }
}

/** What the cluster will do about it, or why it had to do more than what was asked. */
function tell(remark: string, shell: CommandShell): void {
  if (remark !== "") shell.error(`${remark}\n`);
}

function refuseHost(operand: string): void {
  if (operand !== "Domain-0" && operand !== "0") return;
  throw new UserError("HF4606", "Domain-0 is the host itself", {
    remedy: "`holdfast node leave` moves its guests away; then shut the host down.",
  });
}
