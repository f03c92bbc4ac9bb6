/**
 * DrbdConf -> what it means for one host. Options of `common` hold where a resource sets none, options of the
 * resource where its volume sets none. Refused whole when any resource of this host has an error.
 */
import { assert, present } from "../../base/assert.ts";
import { type Parsed, parsed } from "../config-text/diagnostic.ts";
import type { Place } from "../config-text/place.ts";
import { newReport, type Report } from "../config-text/report.ts";
import { checkDrbdConf, otherOfTwo, reportUnknownHost } from "./check-drbd-conf.ts";
import type { DrbdConf, DrbdHostSection, DrbdOption, DrbdResourceSection } from "./drbd-conf.ts";
import { checkEngines, engineOf } from "./engine-of.ts";
import { hostsNamedIn, hostsOf, sectionsOfHost, type ThisHost } from "./host-sections.ts";
import { hostTitle } from "./host-volumes.ts";
import { mergeOptions } from "./merge-options.ts";
import { netConfig } from "./net-config.ts";
import { optionValues } from "./option-values.ts";
import { sameIp } from "./parse-address.ts";
import { resolveVolumes } from "./resolve-volumes.ts";
import type {
  DrbdHostConfig,
  DrbdResourceConfig,
  DrbdSetOption,
  DrbdStartupConfig,
} from "./resource-config.ts";
import { resourceOptions } from "./resource-options.ts";
import { noticeUnused } from "./unused-options.ts";
import { warnOfCircles } from "./warn-of-circles.ts";

export type DrbdHostView = {
  /** The resources that this host has a section in, in the order of the file. */
  readonly resources: readonly DrbdResourceConfig[];
  /** The others, each with the reason. */
  readonly ignored: readonly { readonly name: string; readonly reason: string }[];
};

export type ResolveOptions = {
  /** This host's own IP addresses: for `floating` sections, and to check `address`. Unchecked when absent. */
  readonly localAddresses?: readonly string[];
  /** Which host the peer is, where a resource has more than two (drbdadm's --peer). */
  readonly peer?: string;
};

/** @param hostName what `uname -n` prints; compared exactly, as drbdadm does. */
export function resolveDrbdConf(
  conf: DrbdConf,
  hostName: string,
  options: ResolveOptions = {},
): Parsed<DrbdHostView> {
  const report = newReport();
  const { localAddresses } = options;
  const thisHost = { hostName, ...(localAddresses === undefined ? {} : { localAddresses }) };
  checkDrbdConf(conf, thisHost, report);
  checkEngines(conf, report);
  const scope: ResolveScope = { conf, thisHost, options, report };
  const resources: DrbdResourceConfig[] = [];
  const ignored: { readonly name: string; readonly reason: string }[] = [];
  for (const resource of conf.resources) {
    const [mine] = sectionsOfHost(conf, resource, thisHost);
    if (mine === undefined) {
      ignored.push({ name: resource.name, reason: `it has no section \`on ${hostName}\`` });
    } else if (unsupportedFeature(resource) !== undefined) {
      onUnsupported(resource, mine, ignored, report);
    } else {
      const resolved = resolveResource(resource, mine, scope);
      if (resolved !== undefined) resources.push(resolved);
    }
  }
  warnOfStrangers(scope, resources.length, ignored.length);
  warnOfSharedDisks(resources, report);
  warnOfCircles(resources, report);
  return parsed({ resources, ignored }, report.diagnostics);
}

/** What a resource has that only DRBD itself can do. */
function unsupportedFeature(resource: DrbdResourceSection): string | undefined {
  if (resource.hosts.some((host) => host.kind === "stacked")) return "it is stacked";
  if (resource.hosts.some((host) => host.proxy !== undefined)) return "it goes through drbd-proxy";
  return undefined;
}

function onUnsupported(
  resource: DrbdResourceSection,
  mine: DrbdHostSection,
  ignored: { readonly name: string; readonly reason: string }[],
  report: Report,
): void {
  const reason = present(unsupportedFeature(resource), "the reason");
  ignored.push({ name: resource.name, reason });
  report.warning("HF1067", {
    place: mine.place,
    message: `resource ${resource.name} is not run here: ${reason}`,
    remedy: "Leave it to DRBD itself.",
  });
}

export type ResolveScope = {
  readonly conf: DrbdConf;
  readonly thisHost: ThisHost;
  readonly options: ResolveOptions;
  readonly report: Report;
};

function resolveResource(
  resource: DrbdResourceSection,
  mine: DrbdHostSection,
  scope: ResolveScope,
): DrbdResourceConfig | undefined {
  const { conf, thisHost, report } = scope;
  const { common } = conf;
  const local = hostConfig(mine, thisHost.hostName);
  const volumes = resolveVolumes(resource, mine, scope);
  if (local === undefined || volumes === undefined) {
    // Whatever is missing has been reported, by this part or by the parser.
    assert(
      report.diagnostics.some((each) => each.severity === "error"),
      "an error was reported",
    );
    return undefined;
  }
  const net = withLocalPolicy(resource, mergeOptions(resource.net, common?.net ?? []), scope);
  const options = mergeOptions(resource.options, common?.options ?? []);
  const startup = mergeOptions(resource.startup, common?.startup ?? []);
  const handlers = mergeOptions(resource.handlers, common?.handlers ?? []);
  noticeUnused("net", net, report);
  noticeUnused("options", options, report);
  noticeHostOptions(resource, report);
  checkAddress(resource, local, scope);
  return {
    name: resource.name,
    place: resource.namePlace,
    engine: engineOf(conf, resource.name, thisHost.hostName),
    local,
    peer: peerConfig(resource, mine, scope),
    net: netConfig(net, report),
    options: resourceOptions(options, report),
    startup: startupConfig(resource, startup, scope),
    handlers: Object.fromEntries(handlers.map(({ name, value }) => [name, value])),
    volumes,
    set: {
      net: net.map(setOption),
      options: options.map(setOption),
      startup: startup.map(setOption),
      handlers: handlers.map(setOption),
    },
  };
}

function hostConfig(host: DrbdHostSection, name: string): DrbdHostConfig | undefined {
  const { address } = host;
  if (address === undefined) return undefined;
  return { name, names: host.names.map((each) => each.value), address };
}

function peerConfig(
  resource: DrbdResourceSection,
  mine: DrbdHostSection,
  { options, report }: ResolveScope,
): DrbdHostConfig | undefined {
  const others = resource.hosts.filter((host) => host !== mine);
  const peer =
    otherOfTwo(resource, mine) ??
    others.find((host) => host.names.some((name) => name.value === options.peer));
  if (peer !== undefined) return hostConfig(peer, peer.names[0]?.value ?? "");
  const titles = others.map((host) => `\`${hostTitle(host)}\``).join(", ");
  report.warning("HF1066", {
    place: resource.namePlace,
    message:
      others.length === 0
        ? `resource ${resource.name} has no section for a peer: it connects to nobody`
        : `resource ${resource.name}: the peer may be any of ${titles}; it connects to nobody`,
    remedy:
      others.length === 0 ? "Add an `on` section for the peer." : "Say which one: --peer HOST.",
  });
  return undefined;
}

/** `discard-node-HOST` said from this host's side. */
function withLocalPolicy(
  resource: DrbdResourceSection,
  net: readonly DrbdOption[],
  { conf, thisHost, report }: ResolveScope,
): readonly DrbdOption[] {
  const prefix = "discard-node-";
  return net.map((option) => {
    if (option.name !== "after-sb-0pri" || !option.value.startsWith(prefix)) return option;
    const host = option.value.slice(prefix.length);
    const known = resource.hosts.flatMap((each) => hostsOf(conf, each));
    if (!known.some((name) => name.value === host)) {
      const word = { value: host, place: option.place };
      reportUnknownHost("after-sb-0pri", word, known, resource, report);
    }
    return { ...option, value: host === thisHost.hostName ? "discard-local" : "discard-remote" };
  });
}

function startupConfig(
  resource: DrbdResourceSection,
  startup: readonly DrbdOption[],
  { conf, report }: ResolveScope,
): DrbdStartupConfig {
  const values = optionValues("startup", startup, report);
  const own = resource.becomePrimaryOn;
  const hosts = own.length > 0 ? own : (conf.common?.becomePrimaryOn ?? []);
  return {
    wfcTimeoutS: values.number("wfc-timeout"),
    degrWfcTimeoutS: values.number("degr-wfc-timeout"),
    outdatedWfcTimeoutS: values.number("outdated-wfc-timeout"),
    waitAfterSb: values.flag("wait-after-sb"),
    becomePrimaryOn: hosts.map((host) => host.value),
  };
}

function setOption({ name, value, place }: DrbdOption): DrbdSetOption {
  return { name, value, place };
}

function noticeHostOptions(resource: DrbdResourceSection, report: Report): void {
  for (const option of resource.hosts.flatMap((host) => host.options)) {
    report.notice("HF1062", {
      place: option.place,
      message: `\`${option.name}\` in a host section has no effect, as in DRBD 8.4`,
      remedy: "Move it into the resource's own options section.",
    });
  }
}

function checkAddress(
  resource: DrbdResourceSection,
  { address }: DrbdHostConfig,
  { conf, options, report }: ResolveScope,
): void {
  const { localAddresses } = options;
  if (localAddresses === undefined || conf.global?.disableIpVerification === true) return;
  if (localAddresses.some((own) => sameIp(own, address.host))) return;
  report.error("HF1065", {
    place: address.place,
    message: `resource ${resource.name}: this host does not have the address ${address.host}`,
    remedy: "Correct it, or configure it here; disable-ip-verification in global skips this check.",
  });
}

function warnOfStrangers(scope: ResolveScope, mine: number, others: number): void {
  if (mine > 0 || others === 0) return;
  const named = hostsNamedIn(scope.conf);
  const [first] = scope.conf.resources;
  const names = named.map((name) => name.value).join(", ");
  const { hostName } = scope.thisHost;
  const place: Place = present(first, "a resource").namePlace;
  scope.report.warning("HF1060", {
    place,
    message: `no resource is for this host: it is called \`${hostName}\`, and the file names ${names === "" ? "nobody" : names}`,
    remedy: "Write after `on` what `uname -n` prints, or correct the host's name.",
  });
}

/** drbdadm lets it pass and the kernel refuses it at attach: here it is said at once. */
function warnOfSharedDisks(resources: readonly DrbdResourceConfig[], report: Report): void {
  const users = new Map<string, string>();
  for (const resource of resources) {
    for (const volume of resource.volumes) {
      const user = `${resource.name}/${volume.number}`;
      const earlier = users.get(volume.disk);
      if (earlier !== undefined) {
        report.warning("HF1068", {
          place: volume.place,
          message: `${user} uses the disk ${volume.disk}, which is ${earlier}'s`,
          remedy: "Give each volume a disk of its own: the second to attach will be refused.",
        });
      }
      users.set(volume.disk, earlier ?? user);
    }
  }
}
