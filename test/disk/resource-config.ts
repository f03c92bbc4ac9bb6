/** A resource's configuration, as drbd.conf would give it. */
import { parseDrbdConf } from "../../src/formats/drbd-conf/parse-drbd-conf.ts";
import { resolveDrbdConf } from "../../src/formats/drbd-conf/resolve-drbd-conf.ts";
import type { DrbdResourceConfig } from "../../src/formats/drbd-conf/resource-config.ts";

export type ConfigChoices = {
  /** The backing disk, here and on the peer. */
  readonly disk: string;
  readonly device?: string;
  /** The words of `meta-disk`; internal when not given. */
  readonly metaDisk?: string;
  /** The backing disk of a volume 1, with internal metadata; volume 0 alone when not given. */
  readonly secondDisk?: string;
  readonly ports?: readonly [own: number, peer: number];
  /** More lines inside `resource { }`. */
  readonly more?: string;
  /** Which of the two hosts, "one" and "two", this is. */
  readonly host?: "one" | "two";
};

export function resourceConfig(name: string, choices: ConfigChoices): DrbdResourceConfig {
  const host = choices.host ?? "one";
  const parsed = parseDrbdConf(drbdConf(name, choices), { file: "/drbd.conf", include: () => [] });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.error));
  const resolved = resolveDrbdConf(parsed.value.value, host);
  if (!resolved.ok) throw new Error(JSON.stringify(resolved.error));
  const [resource] = resolved.value.value.resources;
  if (resource === undefined) throw new Error(`no resource for ${host}`);
  return resource;
}

export function drbdConf(name: string, choices: ConfigChoices): string {
  const { disk, device = "/dev/drbd0", ports = [7790, 7791], more = "" } = choices;
  const metaDisk = choices.metaDisk ?? "internal";
  const { secondDisk } = choices;
  const first = `device ${device} minor 0; disk ${disk}; meta-disk ${metaDisk};`;
  const common =
    secondDisk === undefined
      ? first
      : `volume 0 { ${first} } volume 1 { device minor 1; disk ${secondDisk}; meta-disk internal; }`;
  return `resource ${name} {
    ${more}
    on one { ${common} address 127.0.0.1:${ports[0]}; }
    on two { ${common} address 127.0.0.1:${ports[1]}; }
  }\n`;
}
