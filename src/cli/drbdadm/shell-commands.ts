/** drbdadm's commands for scripts, and `dump`: they only tell what the configuration says. */
import type { DrbdConf } from "../../formats/drbd-conf/drbd-conf.ts";
import { dumpDrbdConf, dumpResource } from "../../formats/drbd-conf/dump-drbd-conf.ts";
import { dumpDrbdXml, dumpResourceXml } from "../../formats/drbd-conf/dump-drbd-xml.ts";
import type {
  DrbdResourceConfig,
  DrbdVolumeConfig,
} from "../../formats/drbd-conf/resource-config.ts";
import type { LoadedConf } from "../drbd-conf/load-drbd-conf.ts";
import type { Scope, Selected } from "./selection.ts";

export type TellingCommand = {
  readonly name: string;
  readonly help: string;
  readonly scope?: Scope | "all";
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
      return sectionsOf(conf, selected)
        .map((section) => `${dumpResource(conf, section, loaded)}\n`)
        .join("");
    },
  },
  {
    name: "dump-xml",
    help: "the same as XML",
    tell: ({ conf, view }, selected) => {
      if (selected.length === view.resources.length) return dumpDrbdXml(conf);
      return sectionsOf(conf, selected)
        .map((section) => dumpResourceXml(section))
        .join("");
    },
  },
  {
    name: "sh-resource",
    help: "the resource's name",
    scope: "resource",
    tell: (_loaded, selected) => selected.map(({ resource }) => `${resource.name}\n`).join(""),
  },
  {
    name: "sh-mod-parms",
    help: "how many minors the kernel's module would be told to have",
    scope: "all",
    tell: ({ conf }) => `minor_count=${conf.global?.minorCount ?? minorCountPreset}\n`,
  },
  {
    name: "sh-udev",
    help: "a volume's names for udev",
    scope: "volume",
    tell: (_loaded, selected) =>
      selected
        .flatMap(({ resource, volumes, as }) =>
          volumes.map((volume) => {
            const name = as.startsWith("minor-") ? resourceOrVolume(resource, volume) : as;
            const plain = (path: string): string => path.replace(/^\/dev\//, "");
            return `RESOURCE=${name}\nDEVICE=${plain(volume.device)}\nDISK=${plain(volume.disk)}\n`;
          }),
        )
        .join(""),
  },
  {
    name: "sh-resources",
    scope: "all",
    help: "the names of this host's resources, in one line",
    tell: ({ view }) => {
      const names = view.resources.map((one) => one.name).join(" ");
      return names === "" ? "" : `${names}\n`;
    },
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
  {
    name: "sh-nop",
    scope: "all",
    help: "nothing: checks the configuration",
    tell: () => "",
  },
];

/** drbdadm's own when `global` has none. */
const minorCountPreset = 32;

function sectionsOf(conf: DrbdConf, selected: readonly Selected[]) {
  return selected.flatMap(({ resource }) =>
    conf.resources.filter((section) => section.name === resource.name),
  );
}

function resourceOrVolume(resource: DrbdResourceConfig, volume: DrbdVolumeConfig): string {
  return volume.implicit ? resource.name : `${resource.name}/${volume.number}`;
}
