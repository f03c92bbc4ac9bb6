/** bcast, ucast and mcast: what the cluster's packets go through. */
import type { Report } from "../config-text/report.ts";
import type { Word } from "../config-text/word-lines.ts";
import type { HaCfDirective, HaCfLink } from "./ha-cf.ts";
import { parseOnOff, parsePort } from "./word-values.ts";

type Links = { readonly links: HaCfLink[] };

export function readBcast(directive: HaCfDirective, draft: Links, report: Report): void {
  for (const word of directive.args) {
    if (!isInterface(word, report)) continue;
    addLink({ kind: "bcast", interface: word.value, place: word.place }, draft, report);
  }
}

export function readUcast(directive: HaCfDirective, draft: Links, report: Report): void {
  const [device, address] = directive.args;
  if (device === undefined || address === undefined || !isInterface(device, report)) return;
  if (!/^[0-9A-Za-z:][0-9A-Za-z.:_-]*$/.test(address.value)) {
    refuse(address, "the peer's address", "The form is: ucast INTERFACE ADDRESS", report);
    return;
  }
  const { place } = directive;
  const link = { interface: device.value, address: address.value, place };
  addLink({ kind: "ucast", ...link }, draft, report);
}

const mcastForm =
  "The form is: mcast INTERFACE GROUP PORT TTL LOOP, as in mcast eth0 239.0.0.1 694 1 0";

/** Port, time to live and loop may be left out: udpport, 1 and 0. */
export function readMcast(directive: HaCfDirective, draft: Links, report: Report): void {
  const [device, group, port, ttl, loop] = directive.args;
  if (device === undefined || group === undefined || !isInterface(device, report)) return;
  if (!isMulticast(group.value)) {
    refuse(group, "a group from 224.0.0.0 to 239.255.255.255", mcastForm, report);
    return;
  }
  const portNumber = port === undefined ? undefined : parsePort(port.value);
  if (port !== undefined && portNumber === undefined) {
    refuse(port, "a port from 1 to 65535", mcastForm, report);
    return;
  }
  const ttlNumber = parseByte(ttl?.value ?? "1");
  if (ttlNumber === undefined) {
    refuse(ttl ?? group, "a time to live from 0 to 255", mcastForm, report);
    return;
  }
  const loops = parseOnOff(loop?.value ?? "0");
  if (loops === undefined) {
    refuse(loop ?? group, "0 or 1", mcastForm, report);
    return;
  }
  const { place } = directive;
  const target = { interface: device.value, group: group.value, port: portNumber };
  addLink({ kind: "mcast", ...target, ttl: ttlNumber, loop: loops, place }, draft, report);
}

function refuse(word: Word, expected: string, remedy: string, report: Report): void {
  const message = `\`${word.value}\`: expected ${expected}`;
  report.error("HF1015", { place: word.place, message, remedy });
}

function addLink(link: HaCfLink, draft: Links, report: Report): void {
  const earlier = draft.links.find((known) => identity(known) === identity(link));
  if (earlier === undefined) {
    draft.links.push(link);
    return;
  }
  report.warning("HF1016", {
    place: link.place,
    message: `this link was given in line ${earlier.place.line} already`,
    remedy: "Keep one of the two.",
  });
}

function identity(link: HaCfLink): string {
  switch (link.kind) {
    case "bcast":
      return `bcast ${link.interface}`;
    case "ucast":
      return `ucast ${link.interface} ${link.address}`;
    case "mcast":
      return `mcast ${link.interface} ${link.group} ${link.port ?? ""}`;
  }
}

/** The kernel's own rule for names: 1 to 15 characters without slash or colon, neither "." nor "..". */
function isInterface(word: Word, report: Report): boolean {
  const { value } = word;
  if (/^[^/:]{1,15}$/.test(value) && value !== "." && value !== "..") return true;
  refuse(word, "the name of a network interface", "`ip link` lists them.", report);
  return false;
}

function isMulticast(text: string): boolean {
  const octets = text.split(".");
  if (octets.length !== 4 || !octets.every((octet) => parseByte(octet) !== undefined)) return false;
  const first = Number(octets[0]);
  return first >= 224 && first <= 239;
}

function parseByte(text: string): number | undefined {
  const value = /^\d{1,3}$/.test(text) ? Number(text) : 256;
  return value <= 255 ? value : undefined;
}
