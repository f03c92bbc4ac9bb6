/**
 * What drbdadm checks when it knows which host it is on (post_parse, validate_resource). As there, resources that
 * this host has no section in are not checked.
 */

import type { Report } from "../config-text/report.ts";
import type { Word } from "../config-text/word-lines.ts";
import { newClaims } from "./claims.ts";
import type { DrbdConf, DrbdHostSection, DrbdResourceSection } from "./drbd-conf.ts";
import { hostsOf, resourceBelow, sectionsOfHost, type ThisHost } from "./host-sections.ts";
import { hostTitle } from "./host-volumes.ts";
import { findOption, mergeOptions } from "./merge-options.ts";

export function checkDrbdConf(conf: DrbdConf, thisHost: ThisHost, report: Report): void {
  checkStacked(conf, thisHost, report);
  for (const resource of conf.resources) {
    const [mine, second] = sectionsOfHost(conf, resource, thisHost);
    if (mine === undefined) continue;
    if (second !== undefined) {
      report.error("HF1060", {
        place: second.place,
        message: `resource ${resource.name}: both \`${hostTitle(mine)}\` and \`${hostTitle(second)}\` are for this host`,
        remedy: "Leave one section for each host.",
      });
    }
    checkBecomePrimaryOn(conf, resource, report);
    checkProxies(resource, mine, report);
  }
}

/** The host that a resource's other section is for, when there are just two. */
export function otherOfTwo(
  resource: DrbdResourceSection,
  mine: DrbdHostSection,
): DrbdHostSection | undefined {
  if (resource.hosts.length !== 2) return undefined;
  return resource.hosts.find((host) => host !== mine);
}

function checkStacked(conf: DrbdConf, thisHost: ThisHost, report: Report): void {
  const claims = newClaims(report);
  for (const resource of conf.resources) {
    for (const host of resource.hosts) {
      if (host.kind !== "stacked") continue;
      const below = resourceBelow(conf, host);
      if (below === undefined) {
        report.error("HF1054", {
          place: host.place,
          message: `resource ${resource.name}: there is no resource \`${host.names[0]?.value ?? ""}\` to stack on`,
          remedy: "Name a resource of this file.",
        });
        continue;
      }
      for (const name of hostsOf(conf, host)) {
        for (const { minor, place } of host.volumes) {
          claims.claim("device minor", `device-minor:${name.value}:${minor ?? -1}`, place);
        }
      }
      checkVolumesBelow(resource, host, below, conf, thisHost, report);
    }
  }
}

function checkVolumesBelow(
  resource: DrbdResourceSection,
  host: DrbdHostSection,
  below: DrbdResourceSection,
  conf: DrbdConf,
  thisHost: ThisHost,
  report: Report,
): void {
  const [lower] = sectionsOfHost(conf, below, thisHost);
  if (lower === undefined) return;
  for (const volume of host.volumes) {
    const same = lower.volumes.find((each) => each.number === volume.number);
    if (same !== undefined && same.implicit === volume.implicit) continue;
    report.error("HF1057", {
      place: volume.place,
      message: `resource ${resource.name}: volume ${volume.number} is not so in resource ${below.name} below`,
      remedy: "Define the same volumes in both.",
    });
  }
}

function checkBecomePrimaryOn(conf: DrbdConf, resource: DrbdResourceSection, report: Report): void {
  const own = resource.becomePrimaryOn;
  const hosts = own.length > 0 ? own : (conf.common?.becomePrimaryOn ?? []);
  const both = hosts.find((host) => host.value === "both");
  const net = mergeOptions(resource.net, conf.common?.net ?? []);
  const dual = findOption(net, "allow-two-primaries");
  if (both !== undefined && dual?.value !== "yes") {
    report.error("HF1069", {
      place: both.place,
      message: `resource ${resource.name}: become-primary-on both needs allow-two-primaries`,
      remedy: "Name one host, or add allow-two-primaries to net.",
    });
  }
  if (resource.hosts.length !== 2) return;
  const known = resource.hosts.flatMap((host) => hostsOf(conf, host));
  for (const host of hosts) {
    if (host.value === "both" || known.some((name) => name.value === host.value)) continue;
    reportUnknownHost("become-primary-on", host, known, resource, report);
  }
}

export function reportUnknownHost(
  option: string,
  host: Word,
  known: readonly Word[],
  resource: DrbdResourceSection,
  report: Report,
): void {
  const names = known.map((name) => name.value).join(", ");
  report.error("HF1058", {
    place: host.place,
    message: `resource ${resource.name}: ${option} names \`${host.value}\`; its hosts are ${names}`,
    remedy: "Use the name that stands after `on`.",
  });
}

function checkProxies(resource: DrbdResourceSection, mine: DrbdHostSection, report: Report): void {
  const peer = otherOfTwo(resource, mine);
  if (peer === undefined || (mine.proxy === undefined) === (peer.proxy === undefined)) return;
  report.error("HF1054", {
    place: mine.place,
    message: `resource ${resource.name}: one host section has a proxy section, the other has none`,
    remedy: "Write one into both, or into none.",
  });
}
