/** Volumes: device, disk, meta-disk and disk options, with `volume N { }` around them or without. */
import type { Place } from "../config-text/place.ts";
import type { Word } from "../config-text/word-lines.ts";
import type { DrbdMetaDisk, DrbdOption, DrbdVolumeSection } from "./drbd-conf.ts";
import { addOption, type ParseContext } from "./parse-context.ts";
import { readOptions } from "./read-options.ts";
import type { DrbdToken } from "./scan-drbd-conf.ts";
import {
  expectInteger,
  expectSign,
  expectString,
  isKeyword,
  isSign,
  type TokenReader,
} from "./token-reader.ts";

export type VolumeDraft = {
  -readonly [Key in keyof Omit<DrbdVolumeSection, "options">]: DrbdVolumeSection[Key];
} & { readonly options: DrbdOption[] };

/** DRBD_VOLUME_MAX and DRBD_MINOR_NUMBER_MAX of drbd_limits.h. */
const volumeRange = { min: 0, max: 65_535 };
const minorRange = { min: 0, max: (1 << 20) - 1 };

/** After the word `volume`. `hosts` are the names for which devices and minors are taken. */
export function parseVolume(
  reader: TokenReader,
  volumes: VolumeDraft[],
  hosts: readonly Word[],
  context: ParseContext,
): void {
  const { place } = reader.peek();
  const number = expectInteger(reader, "a volume number", volumeRange);
  if (number === undefined) return;
  if (volumes.some((each) => each.number === number)) {
    context.report.error("HF1055", {
      place,
      message: `volume ${number} is there already`,
      remedy: "Give each volume a number of its own.",
    });
  }
  const volume = newVolume(number, place, false);
  expectSign(reader, "{");
  for (let token = reader.next(); !isSign(token, "}"); token = reader.next()) {
    if (reader.failed()) return;
    if (!parseVolumeStatement(reader, token, volume, hosts, context)) {
      reader.fail(token, "device, disk, meta-disk, flexible-meta-disk or `}`");
    }
  }
  volumes.push(volume);
  volumes.sort((a, b) => a.number - b.number);
}

function newVolume(number: number, place: Place, implicit: boolean): VolumeDraft {
  const unset = { device: undefined, minor: undefined, disk: undefined, metaDisk: undefined };
  return { place, number, implicit, ...unset, options: [] };
}

/** The one volume that statements outside of `volume N { }` belong to: number 0. */
export function implicitVolume(
  volumes: VolumeDraft[],
  place: Place,
  context: ParseContext,
): VolumeDraft {
  const [first, second] = volumes;
  if (first === undefined) {
    const volume = newVolume(0, place, true);
    volumes.push(volume);
    return volume;
  }
  if (!first.implicit || second !== undefined) {
    context.report.error("HF1057", {
      place,
      message: "device, disk or meta-disk stands beside `volume N { }`",
      remedy: "Put it into `volume 0 { }`.",
    });
  }
  return first;
}

/** False when the token begins none of the statements of a volume. */
export function parseVolumeStatement(
  reader: TokenReader,
  token: DrbdToken,
  volume: VolumeDraft,
  hosts: readonly Word[],
  context: ParseContext,
): boolean {
  if (isKeyword(token, "device")) parseDevice(reader, volume, hosts, context);
  else if (isKeyword(token, "disk")) parseDisk(reader, volume, context);
  else if (isKeyword(token, "meta-disk")) volume.metaDisk = parseMetaDisk(reader);
  else if (isKeyword(token, "flexible-meta-disk")) volume.metaDisk = parseFlexibleMetaDisk(reader);
  else return false;
  return true;
}

function parseDisk(reader: TokenReader, volume: VolumeDraft, context: ParseContext): void {
  if (isSign(reader.peek(), "{")) {
    reader.next();
    readOptions(reader, "disk", (_, option) => addOption(volume.options, option, context.report));
    return;
  }
  const disk = expectString(reader, "the path of a disk, or `{`");
  expectSign(reader, ";");
  volume.disk = disk?.value;
}

function parseFlexibleMetaDisk(reader: TokenReader): DrbdMetaDisk | undefined {
  const path = expectString(reader, "the path of a device, or internal");
  expectSign(reader, ";");
  if (path === undefined) return undefined;
  return path.value === "internal" ? { kind: "internal" } : { kind: "flexible", path: path.value };
}

function parseMetaDisk(reader: TokenReader): DrbdMetaDisk | undefined {
  const path = expectString(reader, "the path of a device, or internal");
  if (path === undefined) return undefined;
  const internal = path.value === "internal";
  if (internal || !isSign(reader.peek(), "[")) {
    expectSign(reader, ";");
    return internal ? { kind: "internal" } : { kind: "flexible", path: path.value };
  }
  expectSign(reader, "[");
  const index = expectInteger(reader, "an index", minorRange);
  expectSign(reader, "]");
  expectSign(reader, ";");
  return index === undefined ? undefined : { kind: "indexed", path: path.value, index };
}

/** `device /dev/drbd0;`, `device /dev/drbd_NAME minor 0;` or `device minor 0;`. */
function parseDevice(
  reader: TokenReader,
  volume: VolumeDraft,
  hosts: readonly Word[],
  context: ParseContext,
): void {
  const { place } = reader.peek();
  const name = isKeyword(reader.peek(), "minor")
    ? undefined
    : expectString(reader, "a device, or `minor`");
  const explicit = isKeyword(reader.peek(), "minor");
  if (explicit) {
    reader.next();
    volume.minor = expectInteger(reader, "a minor number", minorRange);
  }
  expectSign(reader, ";");
  if (reader.failed()) return;
  if (name !== undefined) {
    volume.device = name.value.startsWith("drbd") ? `/dev/${name.value}` : name.value;
    checkDeviceName(volume, volume.device, place, context);
  }
  claimDevice(volume, hosts, place, context);
}

function checkDeviceName(
  volume: VolumeDraft,
  device: string,
  place: Place,
  context: ParseContext,
): void {
  const refuse = (message: string, remedy: string): void => {
    context.report.error("HF1056", { place, message, remedy });
  };
  const rest = device.startsWith("/dev/drbd") ? device.slice("/dev/drbd".length) : undefined;
  if (rest === undefined) {
    refuse(
      `\`${device}\`: expected a name that begins with /dev/drbd`,
      "Write: device /dev/drbd0;",
    );
    return;
  }
  const named = /^\d{1,7}$/.test(rest) ? Number(rest) : undefined;
  const { minor } = volume;
  if (minor === undefined) {
    if (named === undefined || named > minorRange.max) {
      refuse(`\`${device}\`: there is no minor number`, `Write: device ${device} minor 0;`);
    }
    volume.minor = named;
    return;
  }
  if (named !== undefined && named !== minor) {
    refuse(`\`${device}\` is not minor ${minor}`, `Write: device /dev/drbd${minor};`);
  } else if (named === undefined && !rest.startsWith("_")) {
    refuse(
      `\`${device}\`: expected /dev/drbd and a number, or /dev/drbd_ and any name`,
      `Write: device /dev/drbd_${rest} minor ${minor};`,
    );
  }
}

function claimDevice(
  volume: VolumeDraft,
  hosts: readonly Word[],
  place: Place,
  context: ParseContext,
): void {
  const { minor, device } = volume;
  for (const { value: host } of hosts) {
    if (minor !== undefined) {
      context.claims.claim("device minor", `device-minor:${host}:${minor}`, place);
    }
    if (device !== undefined) context.claims.claim("device", `device:${host}:${device}`, place);
  }
}
