/**
 * DrbdConf -> the canonical text that `drbdadm dump` prints (8.4): four blanks a level, names of options padded.
 * Deviations: a name that is a keyword is put in quotes, so that the text can be read again; and of cmd-timeout-*
 * only what the file sets is printed (drbd-utils up to 9.22 print a wrong default of their own).
 */
import type {
  DrbdConf,
  DrbdHostSection,
  DrbdOption,
  DrbdProxyOptions,
  DrbdResourceSection,
  DrbdSections,
  DrbdVolumeSection,
} from "./drbd-conf.ts";
import { drbdKeywords } from "./drbd-keywords.ts";
import { hostsOf, sectionsOfHost, type ThisHost } from "./host-sections.ts";
import { isFlag } from "./option-table.ts";
import { printAddress } from "./parse-address.ts";

/** `thisHost` decides which resources are marked as ignored. */
export function dumpDrbdConf(conf: DrbdConf, thisHost: ThisHost): string {
  const parts = [`# ${conf.file}\n`, dumpGlobal(conf)];
  if (conf.common !== undefined)
    parts.push(section(0, "common", dumpSections(conf.common, 1)), "\n");
  for (const resource of conf.resources) {
    parts.push(dumpResource(conf, resource, thisHost), "\n");
  }
  return parts.join("");
}

/** One resource as `drbdadm dump RES` prints it. */
export function dumpResource(
  conf: DrbdConf,
  resource: DrbdResourceSection,
  thisHost: ThisHost,
): string {
  const name = quoted(resource.name);
  const [mine] = sectionsOfHost(conf, resource, thisHost);
  const ignored = mine === undefined ? "ignored" : "not ignored";
  const stacked = mine?.kind === "stacked" ? "stacked" : "not stacked";
  const { file, line } = resource.place;
  const hosts = resource.hosts.map((host) => dumpHost(conf, host)).join("");
  return [
    `# resource ${name} on ${thisHost.hostName}: ${ignored}, ${stacked}\n`,
    `# defined at ${file}:${line}\n`,
    section(0, `resource ${name}`, hosts + dumpSections(resource, 1)),
  ].join("");
}

/** A name or path as drbd.conf needs it: in quotes when it is long or would be read as something else. */
export function quoted(word: string): string {
  const number = /^[0-9]{1,8}[MKGs]?$/.test(word);
  return isPlain(word) && !number ? word : quotedAlways(word);
}

/** A value may be a number as it stands. */
function quotedValue(word: string): string {
  return isPlain(word) ? word : quotedAlways(word);
}

function isPlain(word: string): boolean {
  const address = /^([0-9]{1,3}\.){3}[0-9]{1,3}$/.test(word);
  return /^[a-zA-Z0-9/._-]{1,80}$/.test(word) && !drbdKeywords.has(word) && !address;
}

function quotedAlways(word: string): string {
  return `"${word.replace(/["\\]/g, "\\$&")}"`;
}

function dumpGlobal({ global }: DrbdConf): string {
  if (global === undefined) return "";
  const lines: string[] = [];
  const add = (name: string, value: number | undefined, preset?: number): void => {
    if (value !== undefined && value !== preset) lines.push(`    ${name} ${value};\n`);
  };
  if (global.disableIpVerification) lines.push("    disable-ip-verification;\n");
  add("minor-count", global.minorCount);
  add("dialog-refresh", global.dialogRefresh, 1);
  if (global.usageCount !== "ask") lines.push(`    usage-count ${global.usageCount};\n`);
  // drbdadm leaves the whole section out when there is none of the above.
  if (lines.length === 0) return "";
  add("cmd-timeout-short", global.cmdTimeoutShort, 5);
  add("cmd-timeout-medium", global.cmdTimeoutMedium, 121);
  add("cmd-timeout-long", global.cmdTimeoutLong, 600);
  return `global {\n${lines.join("")}}\n\n`;
}

function dumpSections(sections: DrbdSections, level: number): string {
  const startup = [...sections.startup];
  const { place } = sections;
  const hosts = sections.becomePrimaryOn.map((host) => quoted(host.value)).join(" ");
  const startupLines = startup.map((option) => optionLine(level + 1, option));
  if (sections.stackedTimeouts) startupLines.push(`${pad(level + 1)}stacked-timeouts;\n`);
  if (hosts !== "") {
    const option = { name: "become-primary-on", value: hosts, place };
    startupLines.push(rawLine(level + 1, option.name, option.value));
  }
  return [
    optionSection(level, "options", sections.options),
    optionSection(level, "net", sections.net),
    optionSection(level, "disk", sections.disk),
    startupLines.length === 0 ? "" : section(level, "startup", startupLines.join("")),
    sections.proxy === undefined ? "" : proxyOptions(level, "proxy", sections.proxy),
    optionSection(level, "handlers", sections.handlers),
  ].join("");
}

function dumpHost(conf: DrbdConf, host: DrbdHostSection): string {
  const names = host.names.map((name) => quoted(name.value)).join(" ");
  const volumes = host.volumes.map((volume) => dumpVolume(volume, host.kind === "stacked"));
  const inside = [optionSection(2, "options", host.options), ...volumes];
  const { address, alternateAddress, proxy } = host;
  if (address !== undefined && host.kind !== "floating") {
    inside.push(wideLine(2, "address", printAddress(address)));
  }
  if (alternateAddress !== undefined) {
    inside.push(wideLine(2, "alternate-link-address", printAddress(alternateAddress)));
  }
  if (proxy !== undefined) {
    const proxyNames = proxy.names.map((name) => quoted(name.value)).join(" ");
    const lines = [
      proxy.inside === undefined ? "" : wideLine(3, "inside", printAddress(proxy.inside)),
      proxy.outside === undefined ? "" : wideLine(3, "outside", printAddress(proxy.outside)),
      proxyOptions(3, "options", proxy.settings),
    ];
    inside.push(section(2, `proxy on ${proxyNames}`, lines.join("")));
  }
  const floating = address === undefined ? names : printAddress(address);
  switch (host.kind) {
    case "on":
      return section(1, `on ${names}`, inside.join(""));
    case "floating":
      return section(1, `floating ${floating}`, inside.join(""));
    case "stacked": {
      const below = hostsOf(conf, host).map((name) => name.value);
      const comment = `        # on ${below.join(" ")} \n`;
      return section(1, `stacked-on-top-of ${names}`, comment + inside.join(""));
    }
  }
}

function dumpVolume(volume: DrbdVolumeSection, stacked: boolean): string {
  const level = volume.implicit ? 2 : 3;
  const device = volume.device === undefined ? "" : `${quoted(volume.device)} `;
  const lines = [
    optionSection(level, "disk", volume.options),
    rawLine(level, "device", `${device}minor ${volume.minor ?? -1}`),
  ];
  if (!stacked) {
    lines.push(rawLine(level, "disk", quoted(volume.disk ?? "")), metaDiskLine(level, volume));
  }
  return volume.implicit ? lines.join("") : section(2, `volume ${volume.number}`, lines.join(""));
}

function metaDiskLine(level: number, { metaDisk }: DrbdVolumeSection): string {
  switch (metaDisk?.kind) {
    case undefined:
    case "internal":
      return rawLine(level, "meta-disk", "internal");
    case "flexible":
      return wideLine(level, "meta-disk", quoted(metaDisk.path));
    case "indexed":
      return wideLine(level, "meta-disk", `${quoted(metaDisk.path)} [${metaDisk.index}]`);
  }
}

function proxyOptions(level: number, name: string, proxy: DrbdProxyOptions): string {
  const lines = proxy.options.map((option) => optionLine(level + 1, option));
  if (proxy.plugins !== undefined && proxy.plugins.length > 0) {
    const plugins = proxy.plugins.map((line) => `${pad(level + 2)}${line};\n`);
    lines.push(section(level + 1, "plugin", plugins.join("")));
  }
  return lines.length === 0 ? "" : section(level, name, lines.join(""));
}

function optionSection(level: number, name: string, options: readonly DrbdOption[]): string {
  if (options.length === 0) return "";
  return section(level, name, options.map((option) => optionLine(level + 1, option)).join(""));
}

function section(level: number, title: string, inside: string): string {
  return `${pad(level)}${title} {\n${inside}${pad(level)}}\n`;
}

function optionLine(level: number, { name, value }: DrbdOption): string {
  return rawLine(level, name, isFlag(name) ? value : quotedValue(value));
}

/** The name's column narrows with the level, so that the values stand below each other. */
function rawLine(level: number, name: string, value: string): string {
  return `${pad(level)}${name.padEnd(24 - 4 * level)} ${value.padStart(3)};\n`;
}

function wideLine(level: number, name: string, value: string): string {
  return `${pad(level)}${name.padEnd(16)} ${value};\n`;
}

function pad(level: number): string {
  return "    ".repeat(level);
}
