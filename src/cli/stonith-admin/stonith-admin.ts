/** stonith_admin: fencing by hand, and what was fenced. */
import type { FencingRow } from "../../api/cluster-live.ts";
import { UserError } from "../../api/user-error.ts";
import { listXml } from "../../view/cluster/result-xml.ts";
import type { TimeTexts } from "../../view/cluster/time-texts.ts";
import { fenceEventXml } from "../../view/cluster/xml/fencing-xml.ts";
import type { XmlText } from "../../view/cluster/xml-text.ts";
import { by } from "../cluster/by.ts";
import { type ClusterCommand, usageError } from "../cluster/cluster-command.ts";
import { type CommandAnswer, usualFormats } from "../cluster/command-answer.ts";
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
  formats: usualFormats,
  run,
};

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
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
    const isQuiet = hasOption(line, "quiet");
    const times = localTimes(takenAtMs);
    answer.give({
      text: () => historyText(rows, isQuiet, times),
      xml: () => [historyXml(rows, times)],
      json: () => rows,
    });
    return 0;
  }
  if (!hasOption(line, "list-registered") && !hasOption(line, "list")) {
    throw usageError("nothing is asked or ordered, such as --history '*'", name);
  }
  const { devices } = live.fencing;
  const text =
    devices.length === 0 ? "No devices found\n" : devices.map((each) => `${each}\n`).join("");
  answer.give({
    text: () => text,
    xml: () => [listXml("registered fence devices", "device", devices)],
    json: () => devices,
  });
  return 0;
}

function historyText(rows: readonly FencingRow[], isQuiet: boolean, times: TimeTexts): string {
  if (isQuiet) {
    const moments = rows.map(({ endedMs, beganMs }) => Math.floor((endedMs ?? beganMs) / 1000));
    return moments.map((moment) => `${moment}\n`).join("");
  }
  if (rows.length === 0) return "Nothing was fenced.\n";
  return rows.map((row) => rowText(row, times)).join("");
}

function rowText(row: FencingRow, times: TimeTexts): string {
  const { target, action, state, origin, device, beganMs, endedMs, why } = row;
  const how = device === undefined ? "" : ` by ${device}`;
  const because = why === undefined || why === "" ? "" : `: ${why}`;
  const when = times.full(endedMs ?? beganMs);
  return `${when}  ${action} of ${target}${how}, asked by ${origin}: ${state}${because}\n`;
}

function historyXml(rows: readonly FencingRow[], times: TimeTexts): XmlText {
  return {
    name: "list",
    attributes: { name: "fencing history", count: rows.length },
    children: rows.map((row) => fenceEventXml(row, times)),
  };
}
