/** `on NAMES { }`, `floating ADDRESS { }` and `stacked-on-top-of RESOURCE { }`. */
import type { Place } from "../config-text/place.ts";
import type { Word } from "../config-text/word-lines.ts";
import type { DrbdHostSection, DrbdOption } from "./drbd-conf.ts";
import { drbd9Statements } from "./drbd9-words.ts";
import { checkHostComplete, inheritVolumes } from "./host-volumes.ts";
import { addressClaim, parseAddress, printAddress } from "./parse-address.ts";
import { addOption, type ParseContext } from "./parse-context.ts";
import { parseNames } from "./parse-names.ts";
import { parseProxy } from "./parse-proxy.ts";
import {
  implicitVolume,
  parseVolume,
  parseVolumeStatement,
  type VolumeDraft,
} from "./parse-volume.ts";
import { readOptions } from "./read-options.ts";
import type { DrbdToken } from "./scan-drbd-conf.ts";
import { skipDrbd9Statement } from "./skip-section.ts";
import { expectSign, expectString, isKeyword, isSign, type TokenReader } from "./token-reader.ts";

export type HostDraft = {
  -readonly [Key in keyof Omit<DrbdHostSection, "volumes" | "options">]: DrbdHostSection[Key];
} & { readonly volumes: VolumeDraft[]; readonly options: DrbdOption[] };

export type HostSetting = {
  readonly resource: string;
  /** Volumes that the resource has stated before this section. */
  readonly inherited: readonly VolumeDraft[];
  readonly context: ParseContext;
  /** Claims something once for a host within the resource. */
  readonly claimOnce: (what: string, key: string, place: Place) => void;
};

/** After the word `on`. */
export function parseOn(reader: TokenReader, place: Place, setting: HostSetting): HostDraft {
  const names = parseNames(reader, "{");
  const host = newHost("on", place, names);
  for (const { value } of names) {
    setting.claimOnce("host section", `${setting.resource}: on ${value}`, place);
  }
  parseHostBody(reader, host, setting);
  return host;
}

/** After the word `floating`. */
export function parseFloating(reader: TokenReader, place: Place, setting: HostSetting): HostDraft {
  const address = parseAddress(reader);
  const host = newHost("floating", place, []);
  if (address === undefined) return host;
  host.address = address;
  setting.context.claims.claim("address", `${address.host}:${address.port}`, address.place);
  const name =
    address.family === "ipv6" ? printAddress(address) : `${address.host}:${address.port}`;
  host.names = [{ value: name, place: address.place }];
  setting.claimOnce("host section", `${setting.resource}: on ${name}`, place);
  const token = reader.next();
  if (isSign(token, "{")) {
    parseHostBody(reader, host, setting);
    return host;
  }
  if (!isSign(token, ";")) reader.fail(token, "`{` or `;`");
  finishHost(host, setting);
  return host;
}

/** After the word `stacked-on-top-of`. */
export function parseStacked(reader: TokenReader, place: Place, setting: HostSetting): HostDraft {
  const lower = expectString(reader, "the name of a resource");
  expectSign(reader, "{");
  const host = newHost("stacked", place, lower === undefined ? [] : [lower]);
  if (lower !== undefined) {
    setting.context.claims.claim("stacked-on-top-of", `stacked:${lower.value}`, lower.place);
  }
  for (let token = reader.next(); !isSign(token, "}"); token = reader.next()) {
    if (reader.failed()) return host;
    if (isKeyword(token, "device")) {
      const volume = implicitVolume(host.volumes, token.place, setting.context);
      parseVolumeStatement(reader, token, volume, [], setting.context);
      volume.metaDisk = { kind: "internal" };
    } else if (isKeyword(token, "volume")) {
      parseVolume(reader, host.volumes, [], setting.context);
      for (const volume of host.volumes) volume.metaDisk = { kind: "internal" };
    } else if (!parseAddressStatement(reader, token, host, setting)) {
      reader.fail(token, "device, address, volume, proxy or `}`");
    }
  }
  finishHost(host, setting);
  return host;
}

function newHost(kind: HostDraft["kind"], place: Place, names: readonly Word[]): HostDraft {
  const unset = { address: undefined, alternateAddress: undefined, proxy: undefined };
  return { kind, place, names, ...unset, volumes: [], options: [] };
}

const volumeStatements: ReadonlyMap<string, string> = new Map([
  ["device", "device"],
  ["disk", "disk"],
  ["meta-disk", "meta-disk"],
  ["flexible-meta-disk", "meta-disk"],
]);

function parseHostBody(reader: TokenReader, host: HostDraft, setting: HostSetting): void {
  const { context } = setting;
  for (let token = reader.next(); !isSign(token, "}"); token = reader.next()) {
    if (reader.failed()) return;
    const statement = token.kind === "keyword" ? volumeStatements.get(token.text) : undefined;
    if (statement !== undefined) {
      claimForHost(host, statement, token.place, setting);
      const volume = implicitVolume(host.volumes, token.place, context);
      parseVolumeStatement(reader, token, volume, host.names, context);
    } else if (isKeyword(token, "volume")) {
      parseVolume(reader, host.volumes, host.names, context);
    } else if (isKeyword(token, "options")) {
      expectSign(reader, "{");
      readOptions(reader, "options", (_, option) =>
        addOption(host.options, option, context.report),
      );
    } else if (token.kind === "string" && drbd9Statements.has(token.text)) {
      skipDrbd9Statement(reader, token);
    } else if (!parseAddressStatement(reader, token, host, setting)) {
      reader.fail(token, "device, disk, meta-disk, address, volume, options, proxy or `}`");
    }
  }
  finishHost(host, setting);
}

function parseAddressStatement(
  reader: TokenReader,
  token: DrbdToken,
  host: HostDraft,
  setting: HostSetting,
): boolean {
  if (isKeyword(token, "proxy")) {
    host.proxy = parseProxy(reader, setting.context);
    return true;
  }
  const alternate = isKeyword(token, "alternate-link-address");
  if (!alternate && !isKeyword(token, "address")) return false;
  if (host.kind === "floating") {
    reader.fail(token, "no address, since the section is `floating`", "Remove the statement.");
    return true;
  }
  claimForHost(host, token.text, token.place, setting);
  const address = parseAddress(reader);
  expectSign(reader, ";");
  if (address === undefined || reader.failed()) return true;
  // A host section with several names claims a loopback address once for each of them.
  const keys = new Set(
    (host.kind === "on" ? host.names : [undefined]).map((name) =>
      addressClaim(address, name?.value),
    ),
  );
  for (const key of keys) setting.context.claims.claim("address", key, address.place);
  if (alternate) host.alternateAddress = address;
  else host.address = address;
  return true;
}

function claimForHost(
  host: HostDraft,
  statement: string,
  place: Place,
  { resource, claimOnce }: HostSetting,
): void {
  if (host.kind === "stacked") return;
  for (const { value } of host.names) {
    claimOnce(`${statement} statement`, `${resource}:${value}:${statement}`, place);
  }
}

function finishHost(host: HostDraft, setting: HostSetting): void {
  const claimed = host.kind === "stacked" ? [] : host.names;
  inheritVolumes(setting.inherited, host.volumes, claimed, setting.context);
  if (host.kind !== "stacked") claimMetaDisks(host, setting.context);
  checkHostComplete(setting.resource, host, setting.context);
}

function claimMetaDisks(host: HostDraft, context: ParseContext): void {
  for (const { metaDisk, place } of host.volumes) {
    if (metaDisk === undefined || metaDisk.kind === "internal") continue;
    const slot = metaDisk.kind === "flexible" ? "flexible" : metaDisk.index;
    for (const { value } of host.names) {
      context.claims.claim("meta-disk", `${value}:${metaDisk.path}[${slot}]`, place);
    }
  }
}
