/** stonith_admin: fencing by hand, and what was fenced. */
import type { FencingRow } from "../../api/cluster-live.ts";
import { UserError } from "../../api/user-error.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import type { CommandShell } from "../cluster/command-shell.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";

const name = "stonith_admin";

export const stonithAdmin: ClusterCommand = {
  name,
  summary:
    "Switches nodes off, tells what was fenced, and takes a person's word that a node is off.",
  usage: ["COMMAND"],
  groups: [
    {
      title: "Commands",
      rows: [
        { long: "fence", short: "F", argument: "NODE", help: "switch it off" },
        { long: "reboot", short: "B", argument: "NODE", help: "switch it off, and on again" },
        { long: "unfence", short: "U", argument: "NODE", help: "switch it on" },
        {
          long: "confirm",
          short: "C",
          argument: "NODE",
          help: "you have looked: it is off, and its guests may start elsewhere",
        },
      ],
    },
    {
      title: "Queries",
      rows: [
        { long: "history", short: "H", argument: "NODE", help: "what was fenced ('*': all nodes)" },
        { long: "list-registered", short: "L", help: "the fence devices" },
        {
          long: "list",
          short: "l",
          argument: "NODE",
          help: "the same: each device says whom it can fence",
        },
        { long: "quiet", short: "q", help: "with --history: only the time" },
        { long: "json", help: "as JSON" },
      ],
    },
  ],
  refused: [
    {
      long: "register",
      short: "R",
      argument: "D",
      help: "",
      reason: "devices stand in the CIB: class stonith.",
    },
    {
      long: "deregister",
      short: "D",
      argument: "D",
      help: "",
      reason: "devices stand in the CIB: class stonith.",
    },
    {
      long: "register-level",
      short: "r",
      argument: "T",
      help: "",
      reason: "levels stand in the CIB: <fencing-topology>.",
    },
    {
      long: "deregister-level",
      short: "d",
      argument: "T",
      help: "",
      reason: "levels stand in the CIB: <fencing-topology>.",
    },
    {
      long: "query",
      short: "Q",
      argument: "D",
      help: "",
      reason: "a device is monitored like any resource: crm_mon.",
    },
    { long: "metadata", short: "M", help: "", reason: "run the agent: fence_X -o metadata." },
    {
      long: "list-installed",
      short: "I",
      help: "",
      reason: "look into /etc/holdfast/fence-agents and /usr/sbin/fence_*.",
    },
    {
      long: "list-targets",
      short: "s",
      argument: "D",
      help: "",
      reason: "see pcmk_host_list in the CIB.",
    },
    { long: "last", short: "h", argument: "N", help: "", reason: "use --history." },
    { long: "validate", short: "K", help: "", reason: "run the agent with action=monitor." },
  ],
  examples: [
    "stonith_admin --history '*'",
    "stonith_admin --reboot xen2",
    "stonith_admin --confirm xen2",
  ],
  run,
};

async function run(line: CommandLine, shell: CommandShell): Promise<number> {
  const orders = { fence: "off", reboot: "reboot", unfence: "on" } as const;
  for (const [option, action] of Object.entries(orders)) {
    const node = optionValue(line, option);
    if (node === undefined) continue;
    const { message } = await shell.cluster.ask("fence", { node, action, by: by(name, shell) });
    shell.out(`${message}\n`);
    return 0;
  }
  const confirmed = optionValue(line, "confirm");
  if (confirmed !== undefined) {
    const { message } = await shell.cluster.ask("confirm-off", {
      node: confirmed,
      by: by(name, shell),
    });
    shell.out(`${message}\n`);
    return 0;
  }
  const { live, takenAtMs } = await shell.cluster.ask("status");
  if (live === undefined) {
    throw new UserError("HF4604", "fencing is the running cluster's, not a CIB's in a file", {
      exit: 102,
    });
  }
  const target = optionValue(line, "history");
  if (target !== undefined) {
    const rows = live.fencing.history.filter((row) => target === "*" || row.target === target);
    showHistory(rows, { line, shell, takenAtMs });
    return 0;
  }
  if (!hasOption(line, "list-registered") && !hasOption(line, "list")) {
    throw usageError("nothing is asked or ordered, such as --history '*'", name);
  }
  const { devices } = live.fencing;
  if (hasOption(line, "json")) shell.out(`${JSON.stringify(devices)}\n`);
  else if (devices.length === 0) shell.out("No devices found\n");
  else shell.out(devices.map((device) => `${device}\n`).join(""));
  return 0;
}

function showHistory(
  rows: readonly FencingRow[],
  at: { readonly line: CommandLine; readonly shell: CommandShell; readonly takenAtMs: number },
): void {
  const { line, shell } = at;
  if (hasOption(line, "json")) {
    shell.out(`${JSON.stringify(rows, undefined, 2)}\n`);
    return;
  }
  const times = localTimes(at.takenAtMs);
  for (const { target, action, state, origin, device, beganMs, endedMs, why } of rows) {
    if (hasOption(line, "quiet")) {
      shell.out(`${Math.floor((endedMs ?? beganMs) / 1000)}\n`);
      continue;
    }
    const by = device === undefined ? "" : ` by ${device}`;
    const because = why === undefined || why === "" ? "" : `: ${why}`;
    shell.out(
      `${times.full(endedMs ?? beganMs)}  ${action} of ${target}${by}, asked by ${origin}: ${state}${because}\n`,
    );
  }
  if (rows.length === 0 && !hasOption(line, "quiet")) shell.out("Nothing was fenced.\n");
}
