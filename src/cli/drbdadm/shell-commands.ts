/** drbdadm's commands for scripts, and `dump`: they only tell what the configuration says. */
import { dumpDrbdConf, dumpResource } from "../../formats/drbd-conf/dump-drbd-conf.ts";
import type { LoadedConf } from "../drbd-conf/load-drbd-conf.ts";
import type { Selected } from "./selection.ts";

export type TellingCommand = {
  readonly name: string;
  readonly help: string;
  readonly tell: (loaded: LoadedConf, selected: readonly Selected[]) => string;
};

function perVolume(of: (volume: Selected["volumes"][0]) => string): TellingCommand["tell"] {
  return (_loaded, selected) =>
    selected.flatMap(({ volumes }) => volumes.map((volume) => `${of(volume)}\n`)).join("");
}

export const tellingCommands: readonly TellingCommand[] = [
  {
    name: "dump",
    help: "print the configuration in its canonical form",
    tell: (loaded, selected) => {
      const { conf, view } = loaded;
      if (selected.length === view.resources.length) return dumpDrbdConf(conf, loaded);
      return selected
        .map(({ resource }) => conf.resources.find((one) => one.name === resource.name))
        .map((section) => (section ? `${dumpResource(conf, section, loaded)}\n` : ""))
        .join("");
    },
  },
  {
    name: "sh-resources",
    help: "the names of this host's resources, in one line",
    tell: ({ view }) => `${view.resources.map((one) => one.name).join(" ")}\n`,
  },
  { name: "sh-dev", help: "the devices", tell: perVolume(({ device }) => device) },
  { name: "sh-minor", help: "the minor numbers", tell: perVolume(({ minor }) => String(minor)) },
  { name: "sh-ll-dev", help: "the backing disks", tell: perVolume(({ disk }) => disk) },
  {
    name: "sh-md-dev",
    help: "the devices with the metadata",
    tell: perVolume(({ disk, metaDisk }) => (metaDisk.kind === "internal" ? disk : metaDisk.path)),
  },
  {
    name: "sh-md-idx",
    help: "the places of the metadata",
    tell: perVolume(({ metaDisk }) =>
      metaDisk.kind === "indexed" ? String(metaDisk.index) : metaDisk.kind,
    ),
  },
  {
    name: "sh-ip",
    help: "this host's addresses",
    tell: (_loaded, selected) =>
      selected.map(({ resource }) => `${resource.local.address.host}\n`).join(""),
  },
  { name: "sh-nop", help: "nothing: checks the configuration", tell: () => "" },
];
