/** `drbdsetup show`: the configuration with which a resource runs, only what was set. */
import { printAddress } from "../../formats/drbd-conf/parse-address.ts";
import type { DrbdResourceConfig, DrbdSetOption } from "../../formats/drbd-conf/resource-config.ts";
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
    if (config !== undefined) print.out(configurationText(config));
    else if (names.includes(name)) {
      print.error(`${name}: No such resource\n  It is not up: drbdadm up ${name}\n`);
      status = exitUnknown;
    }
  }
  return status;
}

export function configurationText(config: DrbdResourceConfig): string {
  const { set, local, peer, volumes } = config;
  return [
    `resource ${config.name} {\n`,
    section("options", set.options),
    section("net", set.net.map(withoutSecret)),
    ...(peer === undefined
      ? []
      : [`    _remote_host {\n        address\t\t\t${printAddress(peer.address)};\n    }\n`]),
    "    _this_host {\n",
    `        address\t\t\t${printAddress(local.address)};\n`,
    ...volumes.map(volumeText),
    "    }\n",
    "}\n\n",
  ].join("");
}

function volumeText({
  number,
  minor,
  disk,
  metaDisk,
  set,
}: DrbdResourceConfig["volumes"][0]): string {
  const meta =
    metaDisk.kind === "internal"
      ? "internal"
      : metaDisk.kind === "flexible"
        ? `"${metaDisk.path}"`
        : `"${metaDisk.path}" [ ${metaDisk.index} ]`;
  const options = set.map(({ name, value }) => `                ${name}\t${quoted(value)};\n`);
  return [
    `        volume ${number} {\n`,
    `            device\t\t\tminor ${minor};\n`,
    `            disk\t\t\t"${disk}";\n`,
    `            meta-disk\t\t\t${meta};\n`,
    ...(options.length === 0 ? [] : ["            disk {\n", ...options, "            }\n"]),
    "        }\n",
  ].join("");
}

function section(name: string, options: readonly DrbdSetOption[]): string {
  if (options.length === 0) return "";
  const lines = options.map((option) => `        ${option.name}\t${quoted(option.value)};\n`);
  return `    ${name} {\n${lines.join("")}    }\n`;
}

/** What is shown may be pasted into a letter to somebody. */
function withoutSecret(option: DrbdSetOption): DrbdSetOption {
  return option.name === "shared-secret" ? { ...option, value: "(not shown)" } : option;
}

function quoted(value: string): string {
  return /^[a-zA-Z0-9/._-]+$/.test(value) ? value : `"${value}"`;
}
