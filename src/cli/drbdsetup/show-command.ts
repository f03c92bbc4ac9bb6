/**
 * `drbdsetup show`: the configuration with which a resource runs, only what was set. A disk that is not attached and a
 * peer that is not to be connected to are left out, as the kernel's has it: drbdadm's adjust reads that (also the real
 * one's).
 */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { printAddress } from "../../formats/drbd-conf/parse-address.ts";
import type {
  DrbdResourceConfig,
  DrbdSetOption,
  DrbdVolumeConfig,
} from "../../formats/drbd-conf/resource-config.ts";
import { askDisk } from "../drbdadm/disk-client.ts";
import { resourcesWithSocket } from "./running-resources.ts";

/** drbdsetup's exit code for a resource that is not there. */
const exitUnknown = 10;

export async function showConfigurations(
  names: readonly string[],
  print: { readonly out: (text: string) => void; readonly error: (text: string) => void },
): Promise<number> {
  let status = 0;
  for (const name of names.length === 0 ? resourcesWithSocket() : names) {
    const config = (await askDisk(name, "show", {})) as DrbdResourceConfig | undefined;
    const running = await askDisk(name, "status", {});
    if (config !== undefined && running !== undefined)
      print.out(configurationText(config, running));
    else if (names.includes(name)) {
      print.error(`${name}: No such resource\n  It is not up: drbdadm up ${name}\n`);
      status = exitUnknown;
    }
  }
  return status;
}

export function configurationText(config: DrbdResourceConfig, running: DiskResourceStatus): string {
  const { set, local, peer, volumes } = config;
  const isConnecting = running.connection.state !== "StandAlone";
  const isAttached = (number: number): boolean =>
    running.volumes.some(({ volume, disk }) => volume === number && disk !== "Diskless");
  return [
    `resource ${config.name} {\n`,
    section("options", set.options),
    ...(isConnecting ? [section("net", set.net)] : []),
    ...(peer === undefined || !isConnecting
      ? []
      : [`    _remote_host {\n        address\t\t\t${printAddress(peer.address)};\n    }\n`]),
    "    _this_host {\n",
    ...(isConnecting ? [`        address\t\t\t${printAddress(local.address)};\n`] : []),
    ...volumes.map((volume) => volumeText(volume, isAttached(volume.number))),
    "    }\n",
    "}\n\n",
  ].join("");
}

function volumeText(volume: DrbdVolumeConfig, isAttached: boolean): string {
  const { number, minor, disk, metaDisk, set } = volume;
  const meta =
    metaDisk.kind === "internal"
      ? "internal"
      : metaDisk.kind === "flexible"
        ? `"${metaDisk.path}"`
        : `"${metaDisk.path}" [ ${metaDisk.index} ]`;
  const options = set.map(({ name, value }) => `                ${name}\t${quoted(value)};\n`);
  const attached = [
    `            disk\t\t\t"${disk}";\n`,
    `            meta-disk\t\t\t${meta};\n`,
    ...(options.length === 0 ? [] : ["            disk {\n", ...options, "            }\n"]),
  ];
  return [
    `        volume ${number} {\n`,
    `            device\t\t\tminor ${minor};\n`,
    ...(isAttached ? attached : []),
    "        }\n",
  ].join("");
}

function section(name: string, options: readonly DrbdSetOption[]): string {
  if (options.length === 0) return "";
  const lines = options.map((option) => `        ${option.name}\t${quoted(option.value)};\n`);
  return `    ${name} {\n${lines.join("")}    }\n`;
}

function quoted(value: string): string {
  return /^[a-zA-Z0-9/._-]+$/.test(value) ? value : `"${value}"`;
}
