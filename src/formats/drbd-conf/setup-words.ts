/** The drbdsetup and drbdmeta commands that the real drbdadm would run, word by word (specification section 16.5). */

import { printAddress } from "./parse-address.ts";
import type { DrbdResourceConfig, DrbdSetOption, DrbdVolumeConfig } from "./resource-config.ts";

export function setup(...words: readonly (string | number)[]): readonly string[] {
  return ["drbdsetup", ...words.map(String)];
}

export function attachWords(volume: DrbdVolumeConfig): readonly string[] {
  const { metaDisk, disk } = volume;
  const meta =
    metaDisk.kind === "internal"
      ? [disk, "internal"]
      : [metaDisk.path, metaDisk.kind === "flexible" ? "flexible" : String(metaDisk.index)];
  return setup("attach", volume.minor, disk, ...meta, ...optionWords(volume.set));
}

export function connectWords(resource: DrbdResourceConfig): readonly string[] {
  return setup(
    "connect",
    resource.name,
    ...addressWords(resource),
    ...optionWords(resource.set.net),
  );
}

/** Own address, then the peer's; `ipv4:10.0.0.1:7790`. */
export function addressWords(resource: DrbdResourceConfig): readonly string[] {
  const { local, peer } = resource;
  return [local, peer].flatMap((host) =>
    host === undefined ? [] : [printAddress(host.address).replace(" ", ":")],
  );
}

export function optionWords(options: readonly DrbdSetOption[]): readonly string[] {
  return options.map(({ name, value }) => `--${name}=${value}`);
}

export function metaWords(
  volume: DrbdVolumeConfig,
  command: string,
  ...options: readonly string[]
): readonly string[] {
  const { metaDisk, disk, minor } = volume;
  const place =
    metaDisk.kind === "internal"
      ? [disk, "internal"]
      : [metaDisk.path, metaDisk.kind === "flexible" ? "flex-external" : String(metaDisk.index)];
  return ["drbdmeta", String(minor), "v08", ...place, command, ...options];
}
