/** What a host's volumes take over from the resource, and what they must have in the end. */
import type { Word } from "../config-text/word-lines.ts";
import type { DrbdHostSection } from "./drbd-conf.ts";
import type { ParseContext } from "./parse-context.ts";
import type { VolumeDraft } from "./parse-volume.ts";

/**
 * Statements of the resource that stand before the host section hold for its volumes where those say nothing
 * themselves. (Disk options of a resource's volume are merged later: they are options, not statements.)
 */
export function inheritVolumes(
  from: readonly VolumeDraft[],
  volumes: VolumeDraft[],
  hosts: readonly Word[],
  context: ParseContext,
): void {
  for (const source of from) {
    let target = volumes.find((each) => each.number === source.number);
    if (target === undefined) {
      const { place, number, implicit } = source;
      const unset = { device: undefined, minor: undefined, disk: undefined, metaDisk: undefined };
      target = { place, number, implicit, ...unset, options: [] };
      volumes.push(target);
      volumes.sort((a, b) => a.number - b.number);
    }
    inherit(source, target, hosts, context);
  }
}

function inherit(
  source: VolumeDraft,
  target: VolumeDraft,
  hosts: readonly Word[],
  context: ParseContext,
): void {
  const claim = (what: string, key: string, value: string | number): void => {
    for (const host of hosts) {
      context.claims.claim(what, `${key}:${host.value}:${value}`, source.place);
    }
  };
  if (target.disk === undefined && source.disk !== undefined) {
    target.disk = source.disk;
    claim("disk", "disk", source.disk);
  }
  target.device ??= source.device;
  if (target.minor === undefined && source.minor !== undefined) {
    target.minor = source.minor;
    claim("device minor", "device-minor", source.minor);
  }
  target.metaDisk ??= source.metaDisk;
}

export function checkHostComplete(
  resource: string,
  host: DrbdHostSection,
  context: ParseContext,
): void {
  const where = `resource ${resource}, ${hostTitle(host)}`;
  const missing = (statement: string, remedy: string): void => {
    const message = `${where}: there is no \`${statement}\``;
    context.report.error("HF1054", { place: host.place, message, remedy });
  };
  if (host.address === undefined) missing("address", "Add for example: address 10.0.0.1:7789;");
  if (host.kind === "stacked") return;
  const mixed =
    host.volumes.some((each) => each.implicit) && host.volumes.some((each) => each.number !== 0);
  if (mixed) {
    context.report.error("HF1057", {
      place: host.place,
      message: `${where}: volumes stand with and without \`volume N { }\``,
      remedy: "Put device, disk and meta-disk of the one into `volume 0 { }`.",
    });
  }
  for (const volume of host.volumes) {
    const of = volume.implicit ? "" : ` in volume ${volume.number}`;
    if (volume.minor === undefined && volume.device === undefined) {
      missing(`device${of}`, "Add for example: device /dev/drbd0;");
    }
    if (volume.disk === undefined) missing(`disk${of}`, "Add for example: disk /dev/vg/name;");
    if (volume.metaDisk === undefined) missing(`meta-disk${of}`, "Add: meta-disk internal;");
  }
}

/** All hosts of a resource must have the same volumes, in the same form. */
export function checkSameVolumes(
  resource: string,
  hosts: readonly DrbdHostSection[],
  context: ParseContext,
): void {
  const [first, ...others] = hosts;
  if (first === undefined) return;
  for (const other of others) {
    const place = other.place;
    const refuse = (message: string): void => {
      const remedy = "Define the same volumes in both sections.";
      context.report.error("HF1057", {
        place,
        message: `resource ${resource}: ${message}`,
        remedy,
      });
    };
    for (const volume of first.volumes) {
      const same = other.volumes.find((each) => each.number === volume.number);
      if (same === undefined) {
        refuse(`volume ${volume.number} is in ${hostTitle(first)}, not in ${hostTitle(other)}`);
      } else if (same.implicit !== volume.implicit) {
        refuse(`volume ${volume.number} has \`volume N { }\` around it in one section only`);
      }
    }
    for (const volume of other.volumes) {
      if (!first.volumes.some((each) => each.number === volume.number)) {
        refuse(`volume ${volume.number} is in ${hostTitle(other)}, not in ${hostTitle(first)}`);
      }
    }
  }
}

export function hostTitle(host: DrbdHostSection): string {
  const names = host.names.map((name) => name.value).join(" ");
  switch (host.kind) {
    case "on":
      return `on ${names}`;
    case "floating":
      return `floating ${names}`;
    case "stacked":
      return `stacked-on-top-of ${names}`;
  }
}
