/** A lab's status as text: 100 columns, colours only where the caller has a terminal. */
import { styleText } from "node:util";
import type { HostStatus, LabStatus, VolumeStatus } from "../lab-status.ts";
import type { Cut } from "../network/cuts.ts";

export function statusText(status: LabStatus, colours: boolean): string {
  const paint = (style: Parameters<typeof styleText>[0], text: string): string =>
    colours ? styleText(style, text, { validateStream: false }) : text;
  const power = (host: HostStatus): string => {
    const styles = { on: "green", frozen: "yellow", off: "red" } as const;
    return paint(styles[host.power], host.power.padEnd(7));
  };
  const lines = [
    `Lab "${status.name}" in ${status.dir}`,
    "",
    paint("bold", "HOST   POWER   ETH0        PROCESSES  VOLUMES IN /dev/xenhostfs"),
  ];
  for (const host of status.hosts) {
    const [first = "none", ...more] = host.volumes.map(volumeText);
    const processes = host.power === "off" ? "-" : String(host.processes);
    lines.push(
      `${host.name.padEnd(6)} ${power(host)} ${host.address.padEnd(11)} ${processes.padEnd(10)} ${first}`,
      ...more.map((text) => `${" ".repeat(38)}${text}`),
    );
  }
  lines.push("", ...networkLines(status, paint));
  return `${lines.join("\n")}\n`;
}

type Paint = (style: Parameters<typeof styleText>[0], text: string) => string;

function networkLines(status: LabStatus, paint: Paint): readonly string[] {
  const cuts = status.cuts.map((cut) => paint("yellow", cutText(cut)));
  const { address, answers } = status.powerSwitch;
  const groups = status.hosts.flatMap((host) => host.volumeGroup ?? []);
  return [
    `Network       ${cuts.length === 0 ? "whole" : cuts.join(`\n${" ".repeat(14)}`)}`,
    `Client        ${status.client}`,
    `Power switch  ${address} on the management network${answers ? "" : paint("red", ", not running")}`,
    `Consoles      ${status.dir}/hosts/HOST/console.log`,
    ...(groups.length === 0 ? [] : [`Volume groups ${groups.join(", ")} (lvcreate -n NAME GROUP)`]),
  ];
}

function cutText(cut: Cut): string {
  const who = cut.from ?? "everyone";
  const management = cut.management ? ", management network too" : "";
  switch (cut.direction) {
    case "both":
      return `${cut.host} is cut from ${who}${management}`;
    case "sends":
      return `${cut.host} is not heard by ${who}${management}`;
    case "hears":
      return `${cut.host} does not hear ${who}${management}`;
  }
}

function volumeText({ name, sizeBytes, usedBytes }: VolumeStatus): string {
  const used = usedBytes === undefined ? "" : ` (${bytesText(usedBytes)} used)`;
  return `${name} ${bytesText(sizeBytes)}${used}`;
}

/** With one decimal below ten, in the units of lvs(8). */
export function bytesText(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit++;
  }
  const digits = value < 10 && !Number.isInteger(value) ? 1 : 0;
  return `${value.toFixed(digits)} ${units[unit]}`;
}
