/**
 * One disk specification (xl-disk-configuration(5)): `TARGET,FORMAT,VDEV,ACCESS`, each also as KEY=VALUE, and the
 * older `PREFIX:TARGET,VDEV,ACCESS`. `target=` takes the rest of the text.
 */
import { closestWord } from "../config-text/closest-word.ts";
import type { Place } from "../config-text/place.ts";
import { type XlDisk, type XlDiskFormat, type XlDiskSource, xlDiskFormats } from "./xl-domain.ts";

/** Says what is wrong and what to do; the caller knows the place. */
export type Refuse = (message: string, remedy: string) => undefined;
export type Notice = (message: string, remedy: string) => void;

type Draft = {
  prefix: string | undefined;
  target: string | undefined;
  format: string | undefined;
  vdev: string | undefined;
  access: string | undefined;
  script: string | undefined;
  cdrom: boolean;
  discard: boolean | undefined;
};

const example = "For example: 'drbd:RES,xvda,w' or 'phy:/dev/vg/name,xvda,w'";

/** What may stand before the target, as xl knows it; `ioemu` and `tap` may be followed by another. */
const prefixes = /^(phy|file|drbd|tap2?|aio|tapdisk|ioemu|raw|qcow2?|vhd|iscsi|e?nbd):/;

export function readXlDisk(
  text: string,
  place: Place,
  refuse: Refuse,
  notice: Notice,
): XlDisk | undefined {
  const draft: Draft = {
    prefix: undefined,
    target: undefined,
    format: undefined,
    vdev: undefined,
    access: undefined,
    script: undefined,
    cdrom: false,
    discard: undefined,
  };
  const rest = takePrefixes(text.trimStart(), draft);
  const unknown = /^([a-z][a-z0-9]*):/.exec(rest);
  if (draft.prefix === undefined && unknown !== null && !rest.startsWith("http")) {
    return refuse(`\`${unknown[1]}:\` is no kind of disk`, example);
  }
  for (const part of splitParts(rest)) {
    const problem = takePart(part, draft, notice);
    if (problem !== undefined) return refuse(problem, example);
  }
  return finish(text, place, draft, refuse);
}

function takePrefixes(text: string, draft: Draft): string {
  let rest = text;
  for (let found = prefixes.exec(rest); found !== null; found = prefixes.exec(rest)) {
    const [whole, name = ""] = found;
    rest = rest.slice(whole.length);
    draft.prefix = name;
    if (name === "raw" || name === "vhd" || name.startsWith("qcow")) draft.format = name;
    if (/^(iscsi|e?nbd|drbd)$/.test(name)) draft.script = `block-${name}`;
  }
  return rest;
}

/** Parts between commas, blanks before them dropped; `target=` takes all that is left. */
function splitParts(text: string): readonly string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest !== "") {
    rest = rest.trimStart();
    const comma = rest.startsWith("target=") ? -1 : rest.indexOf(",");
    parts.push(comma < 0 ? rest : rest.slice(0, comma));
    rest = comma < 0 ? "" : rest.slice(comma + 1);
  }
  return parts;
}

/** What is wrong with the part; undefined when it was taken. */
function takePart(part: string, draft: Draft, notice: Notice): string | undefined {
  const pair = /^([a-z][-a-z0-9_]*)=(.*)$/s.exec(part);
  if (pair !== null) return takePair(pair[1] ?? "", pair[2] ?? "", draft, notice);
  switch (part) {
    case "cdrom":
      draft.cdrom = true;
      return undefined;
    case "discard":
    case "no-discard":
      draft.discard = part === "discard";
      return undefined;
    case "direct-io-safe":
    case "trusted":
    case "untrusted":
    case "colo":
    case "no-colo":
      notice(`\`${part}\` in a disk has no effect here`, "Nothing to do.");
      return undefined;
    default:
      return takePositional(part, draft);
  }
}

function takePositional(part: string, draft: Draft): string | undefined {
  if (draft.target === undefined) draft.target = part;
  else if (draft.target === "" && draft.format === undefined && part.includes(":")) {
    // An empty drive: `,hdc:cdrom,r`.
    draft.format = "empty";
    takeVdev(part, draft);
  } else if (draft.prefix === undefined && draft.format === undefined) {
    draft.format = part === "" ? "raw" : part;
  } else if (draft.vdev === undefined) takeVdev(part, draft);
  else if (draft.access === undefined) draft.access = part;
  else if (part !== "") return `\`${part}\` is one word too many`;
  return undefined;
}

/** xm's `hdc:cdrom` and `ioemu:hda` are understood. */
function takeVdev(part: string, draft: Draft): void {
  const vdev = part.replace(/^ioemu:/, "");
  if (vdev.endsWith(":cdrom")) draft.cdrom = true;
  draft.vdev = vdev.replace(/:(cdrom|disk)$/, "");
}

const ignoredPairs = ["backend", "backendtype", "specification", "grant_usage"];
const knownPairs = ["target", "format", "vdev", "access", "devtype", "script"];

function takePair(key: string, value: string, draft: Draft, notice: Notice): string | undefined {
  const twice = `\`${key}\` is given twice`;
  switch (key) {
    case "target":
    case "format":
    case "vdev":
    case "access":
    case "script": {
      const earlier = draft[key];
      if (earlier !== undefined && earlier !== "" && earlier !== value) return twice;
      draft[key] = value;
      return undefined;
    }
    case "devtype":
      if (value !== "cdrom" && value !== "disk")
        return `\`devtype=${value}\`: expected cdrom or disk`;
      draft.cdrom = value === "cdrom";
      return undefined;
    default: {
      if (ignoredPairs.includes(key) || key.startsWith("colo-")) {
        notice(`\`${key}=${value}\` in a disk has no effect here`, "Nothing to do.");
        return undefined;
      }
      const close = closestWord(key, knownPairs);
      const meant = close === undefined ? "" : `; was \`${close}\` meant?`;
      return `\`${key}\` is no key of a disk${meant}`;
    }
  }
}

function finish(text: string, place: Place, draft: Draft, refuse: Refuse): XlDisk | undefined {
  const vdev = (draft.vdev ?? "").replace(/^\/dev\//, "");
  if (vdev === "") return refuse("the disk has no vdev: what the guest sees it as", example);
  if (!/^((xvd|hd|sd|vd)[a-z]{1,3}\d{0,3}|d\d+(p\d+)?)$/.test(vdev)) {
    return refuse(
      `\`${vdev}\`: expected what the guest sees the disk as`,
      "For example: xvda, xvdb2.",
    );
  }
  const access = accessOf(draft);
  if (access === undefined) {
    return refuse(
      `\`${draft.access ?? ""}\`: expected r, ro, w or rw`,
      "Write w for a disk that is written.",
    );
  }
  const format = xlDiskFormats.find((known) => known === (draft.format || "raw"));
  if (format === undefined) {
    const known = xlDiskFormats.join(", ");
    return refuse(`\`${draft.format ?? ""}\`: expected a format (${known})`, example);
  }
  const source = sourceOf(draft, format);
  if (source === undefined) return refuse("the disk has no target: what it is kept on", example);
  const { cdrom, discard } = draft;
  return { place, text, vdev, access, cdrom, format, source, discard };
}

function accessOf({ access, cdrom }: Draft): XlDisk["access"] | undefined {
  switch (access) {
    case undefined:
      return cdrom ? "ro" : "rw";
    case "":
    case "w":
    case "rw":
      return "rw";
    case "r":
    case "ro":
      return "ro";
    default:
      return undefined;
  }
}

function sourceOf(draft: Draft, format: XlDiskFormat): XlDiskSource | undefined {
  const target = draft.target ?? "";
  if (target === "") return draft.cdrom || format === "empty" ? { kind: "empty" } : undefined;
  const script = draft.script?.replace(/^.*\//, "");
  if (script === "block-drbd") return { kind: "drbd", resource: target };
  if (draft.script !== undefined) return { kind: "script", script: draft.script, target };
  if (draft.prefix === "phy") {
    return { kind: "device", path: target.startsWith("/") ? target : `/dev/${target}` };
  }
  // As xl: a path that does not begin with a slash is one under /dev.
  const path = target.startsWith("/") ? target : `/dev/${target}`;
  if (draft.prefix !== undefined) return { kind: "file", path };
  return { kind: path.startsWith("/dev/") ? "device" : "file", path };
}
