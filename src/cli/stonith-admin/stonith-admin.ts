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
import { parseDuration } from "../cluster/duration.ts";
import { type CommandLine, hasOption, optionValue } from "../getopt/getopt.ts";
import { localTimes } from "../terminal/time-texts.ts";
import { devicesText } from "./device-list.ts";
import { type Asked, tellInstalled, tellMetadata, validate } from "./fence-agent-commands.ts";
import { optionGroups, refusedOptions } from "./stonith-admin-options.ts";

const name = "stonith_admin";

export const stonithAdmin: ClusterCommand = {
  name,
  summary:
    "Switches nodes off, tells what was fenced, and takes a person's word that a node is off.",
  usage: ["COMMAND"],
  groups: optionGroups,
  refused: refusedOptions,
  examples: [
    "stonith_admin --history '*'",
    "stonith_admin --reboot xen2",
    "stonith_admin --confirm xen2",
    "stonith_admin --validate --agent fence_ipmilan --option ip=10.0.0.9 --option username=ha",
  ],
  formats: usualFormats,
  run,
};

async function run(line: CommandLine, shell: CommandShell, answer: CommandAnswer): Promise<number> {
  const asked = { line, shell, answer };
  if (hasOption(line, "list-installed")) return await tellInstalled(asked);
  if (hasOption(line, "metadata")) return await tellMetadata(asked);
  if (hasOption(line, "validate")) return await validate(asked);
  const order = Object.keys(powerActions).find((each) => hasOption(line, each));
  if (order !== undefined) return await power(order as keyof typeof powerActions, line, shell);
  const confirmed = optionValue(line, "confirm");
  if (confirmed !== undefined) {
    const { message } = await shell.cluster.ask("confirm-off", {
      node: confirmed,
      by: by(name, shell),
    });
    shell.out(`${message}\n`);
    return 0;
  }
  const device = optionValue(line, "query");
  if (device !== undefined) return await askDevice(device, shell);
  return await tell(asked);
}

const powerActions = { fence: "off", reboot: "reboot", unfence: "on" } as const;

async function power(
  order: keyof typeof powerActions,
  line: CommandLine,
  shell: CommandShell,
): Promise<number> {
  const action = powerActions[order];
  const node = optionValue(line, order) ?? "";
  if (await wasDone({ node, action }, line, shell)) {
    shell.out(`${action} of ${node} was done within the time of --tolerance\n`);
    return 0;
  }
  const { message } = await shell.cluster.ask("fence", { node, action, by: by(name, shell) });
  shell.out(`${message}\n`);
  return 0;
}

/** Within --tolerance; never where there is none. */
async function wasDone(
  wanted: { readonly node: string; readonly action: string },
  line: CommandLine,
  shell: CommandShell,
): Promise<boolean> {
  const given = optionValue(line, "tolerance");
  if (given === undefined) return false;
  const toleranceMs = parseDuration(given);
  if (toleranceMs === undefined) throw usageError(`"${given}" is no time, such as 60s`, name);
  const { live, takenAtMs } = await liveStatus(shell);
  return live.fencing.history.some(
    ({ target, action, state, endedMs }) =>
      target === wanted.node &&
      action === wanted.action &&
      state === "done" &&
      endedMs !== undefined &&
      takenAtMs - endedMs <= toleranceMs,
  );
}

/** The device is asked by its agent, on this node. */
async function askDevice(device: string, shell: CommandShell): Promise<number> {
  const asked = { resource: device, isDevice: true, action: "monitor" } as const;
  const { rc, reason } = await shell.cluster.ask("run-agent", asked);
  if (rc === 0) {
    shell.out(`${device} answers\n`);
    return 0;
  }
  throw new UserError(
    "HF6104",
    `${device}: ${reason === "" ? `its agent ended with ${rc}` : reason}`,
    {
      exit: 1,
    },
  );
}

async function liveStatus(shell: CommandShell) {
  const { live, takenAtMs } = await shell.cluster.ask("status");
  if (live !== undefined) return { live, takenAtMs };
  throw new UserError("HF4604", "fencing is the running cluster's, not a CIB's in a file", {
    exit: 102,
  });
}

async function tell(asked: Asked): Promise<number> {
  const { line, shell, answer } = asked;
  const queries = ["history", "last", "list-registered", "list"];
  if (!queries.some((each) => hasOption(line, each)))
    throw usageError("nothing is asked or ordered, such as --history '*'", name);
  const { live, takenAtMs } = await liveStatus(shell);
  const times = localTimes(takenAtMs);
  const isQuiet = hasOption(line, "quiet");
  const last = optionValue(line, "last");
  if (last !== undefined) {
    const done = live.fencing.history.filter(
      ({ target, state }) => target === last && state === "done",
    );
    const whenMs = done.reduce((most, { endedMs }) => Math.max(most, endedMs ?? 0), 0);
    const when = whenMs === 0 ? undefined : times.full(whenMs);
    answer.give({
      text: () =>
        when === undefined
          ? `Node ${last} has never been fenced\n`
          : `Node ${last} last fenced at: ${when}\n`,
      xml: () => [{ name: "last-fenced", attributes: { target: last, when } }],
      json: () => ({ target: last, whenMs: whenMs === 0 ? null : whenMs }),
    });
    return 0;
  }
  const target = optionValue(line, "history");
  if (target !== undefined) {
    const rows = live.fencing.history.filter((row) => target === "*" || row.target === target);
    answer.give({
      text: () => historyText(rows, isQuiet, times),
      xml: () => [historyXml(rows, times)],
      json: () => rows,
    });
    return 0;
  }
  const node = optionValue(line, "list");
  if (node === undefined) giveDevices(asked, "registered fence devices", live.fencing.devices);
  else {
    const { devices } = await shell.cluster.ask("fence-devices", { node });
    giveDevices(asked, "fence devices", devices);
  }
  return 0;
}

function giveDevices({ line, answer }: Asked, list: string, devices: readonly string[]): void {
  answer.give({
    text: () => devicesText(devices, hasOption(line, "quiet")),
    xml: () => [listXml(list, "device", devices)],
    json: () => devices,
  });
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
