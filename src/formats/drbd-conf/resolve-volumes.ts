/** The volumes of a resource on this host, with their disk options. */
import type { Report } from "../config-text/report.ts";
import { diskConfig } from "./disk-config.ts";
import type {
  DrbdConf,
  DrbdHostSection,
  DrbdOption,
  DrbdResourceSection,
  DrbdVolumeSection,
} from "./drbd-conf.ts";
import { sectionsOfHost, type ThisHost } from "./host-sections.ts";
import { mergeOptions } from "./merge-options.ts";
import type { DrbdResyncAfter, DrbdVolumeConfig } from "./resource-config.ts";
import { noticeUnused } from "./unused-options.ts";

type Scope = { readonly conf: DrbdConf; readonly thisHost: ThisHost; readonly report: Report };

/** Undefined when a volume lacks something, or when there is none: which is reported. */
export function resolveVolumes(
  resource: DrbdResourceSection,
  mine: DrbdHostSection,
  scope: Scope,
): readonly DrbdVolumeConfig[] | undefined {
  const volumes: DrbdVolumeConfig[] = [];
  for (const volume of mine.volumes) {
    const resolved = resolveVolume(resource, volume, scope);
    if (resolved === undefined) return undefined;
    volumes.push(resolved);
  }
  if (volumes.length > 0) return volumes;
  scope.report.error("HF1054", {
    place: mine.place,
    message: `resource ${resource.name} has no volume`,
    remedy: "Add device, disk and meta-disk.",
  });
  return undefined;
}

function resolveVolume(
  resource: DrbdResourceSection,
  volume: DrbdVolumeSection,
  scope: Scope,
): DrbdVolumeConfig | undefined {
  const { place, number, implicit, minor, disk, metaDisk } = volume;
  if (minor === undefined || disk === undefined || metaDisk === undefined) {
    const message = `resource ${resource.name}, volume ${number}: expected device, disk and meta-disk`;
    scope.report.error("HF1054", { place, message, remedy: "Add what is missing." });
    return undefined;
  }
  if (disk === "none") {
    scope.report.error("HF1067", {
      place,
      message: `resource ${resource.name}, volume ${number}: a host without a disk cannot take part`,
      remedy: "Give it a disk, or leave the resource to DRBD 9.",
    });
    return undefined;
  }
  const { conf, report } = scope;
  const forAll = resource.volumes.find((each) => each.number === number)?.options ?? [];
  const merged = mergeOptions(
    volume.options,
    mergeOptions(resource.disk, conf.common?.disk ?? []),
    forAll,
  );
  noticeUnused("disk", merged, report);
  const options = merged.filter((option) => option.name !== "resync-after");
  const resyncAfter = resolveResyncAfter(merged, scope);
  return {
    place,
    number,
    implicit,
    minor,
    device: volume.device ?? `/dev/drbd${minor}`,
    disk,
    metaDisk,
    options: diskConfig(options, resyncAfter, report),
    set: merged.flatMap(({ name, value, place: where }) => {
      if (name !== "resync-after") return [{ name, value, place: where }];
      return resyncAfter === undefined
        ? []
        : [{ name, value: `${resyncAfter.minor}`, place: where }];
    }),
  };
}

/** `RESOURCE` or `RESOURCE/VOLUME`. One that is not there is left out, as drbdadm does when a script calls it. */
function resolveResyncAfter(
  options: readonly DrbdOption[],
  { conf, thisHost, report }: Scope,
): DrbdResyncAfter | undefined {
  const option = options.findLast((each) => each.name === "resync-after");
  if (option === undefined) return undefined;
  const { place, value } = option;
  const [name = "", number] = value.split("/");
  const target = conf.resources.find((resource) => resource.name === name);
  const [host] = target === undefined ? [] : sectionsOfHost(conf, target, thisHost);
  const volumes = host?.volumes ?? [];
  if (number === undefined && volumes.length > 1) {
    report.error("HF1053", {
      place,
      message: `\`resync-after ${value}\`: ${name} has ${volumes.length} volumes; expected one of them`,
      remedy: `Write: resync-after ${name}/${volumes[0]?.number ?? 0};`,
    });
    return undefined;
  }
  const volume = volumes.find((each) => number === undefined || `${each.number}` === number);
  if (volume?.minor !== undefined) {
    return { resource: name, volume: volume.number, minor: volume.minor };
  }
  report.warning("HF1061", {
    place,
    message: `\`resync-after ${value}\`: there is no such volume on this host; the option is left out`,
    remedy: "Correct the name, or remove the option.",
  });
  return undefined;
}
