/** Which sections of a resource are for which host. */
import type { Placed } from "../config-text/place.ts";
import type { Word } from "../config-text/word-lines.ts";
import type { DrbdConf, DrbdHostSection, DrbdResourceSection } from "./drbd-conf.ts";
import { sameIp } from "./parse-address.ts";

/** The hosts that a section is for: of a stacked one, those of the resource below; none for `floating`. */
export function hostsOf(conf: DrbdConf, host: DrbdHostSection): readonly Word[] {
  if (host.kind === "on") return host.names;
  if (host.kind === "floating") return [];
  const lower = resourceBelow(conf, host);
  return (lower?.hosts ?? []).flatMap((each) => (each.kind === "on" ? each.names : []));
}

/** The resource that a stacked section names; undefined for other sections, or when there is none of that name. */
export function resourceBelow(
  conf: DrbdConf,
  host: DrbdHostSection,
): DrbdResourceSection | undefined {
  if (host.kind !== "stacked") return undefined;
  const [lower] = host.names;
  return conf.resources.find((resource) => resource.name === lower?.value);
}

/** What makes a host this one: its name (`uname -n`), and for `floating` sections its addresses. */
export type ThisHost = { readonly hostName: string; readonly localAddresses?: readonly string[] };

/** The sections of a resource that are for this host: one, or it is ignored; more are an error. */
export function sectionsOfHost(
  conf: DrbdConf,
  resource: DrbdResourceSection,
  { hostName, localAddresses = [] }: ThisHost,
): readonly DrbdHostSection[] {
  return resource.hosts.filter((host) => {
    if (host.kind === "floating") {
      const address = host.address?.host ?? "";
      return localAddresses.some((own) => sameIp(own, address));
    }
    return hostsOf(conf, host).some((name) => name.value === hostName);
  });
}

/** The names of all hosts in the order in which the file first names them: who may be a member of the cluster. */
export function hostsNamedIn(conf: DrbdConf): readonly Placed<string>[] {
  const names = new Map<string, Placed<string>>();
  for (const resource of conf.resources) {
    for (const host of resource.hosts) {
      if (host.kind !== "on") continue;
      for (const name of host.names) if (!names.has(name.value)) names.set(name.value, name);
    }
  }
  return [...names.values()];
}
