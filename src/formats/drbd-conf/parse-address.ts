/** `[ipv4|ipv6|ssocks|sci|sdp] IP:PORT`, with brackets around an IPv6 address. */
import type { DrbdAddress } from "./drbd-conf.ts";
import type { DrbdToken } from "./scan-drbd-conf.ts";
import { expectInteger, expectSign, type TokenReader } from "./token-reader.ts";

const families: ReadonlyMap<string, DrbdAddress["family"]> = new Map([
  ["ipv4", "ipv4"],
  ["ipv6", "ipv6"],
  ["ssocks", "ssocks"],
  ["sci", "ssocks"],
  ["sdp", "sdp"],
]);

export function parseAddress(reader: TokenReader): DrbdAddress | undefined {
  const first = reader.next();
  const family = first.kind === "keyword" ? families.get(first.text) : undefined;
  if (family === undefined && first.kind !== "ipv4") {
    reader.fail(first, "an address", "For example: address 10.0.0.1:7789;");
    return undefined;
  }
  const host = family === "ipv6" ? bracketed(reader) : ipv4(reader, family, first);
  expectSign(reader, ":");
  const port = expectInteger(reader, "a port", { min: 1, max: 65_535 });
  if (host === undefined || port === undefined) return undefined;
  return { family: family ?? "ipv4", host, port, place: first.place };
}

function bracketed(reader: TokenReader): string | undefined {
  expectSign(reader, "[");
  const token = reader.next();
  if (token.kind !== "ipv6") {
    reader.fail(token, "an IPv6 address", "For example: address ipv6 [fd00::1]:7789;");
    return undefined;
  }
  expectSign(reader, "]");
  return token.text;
}

function ipv4(
  reader: TokenReader,
  family: DrbdAddress["family"] | undefined,
  first: DrbdToken,
): string | undefined {
  const token = family === undefined ? first : reader.next();
  if (token.kind !== "ipv4") {
    reader.fail(token, "an IPv4 address", "For example: address 10.0.0.1:7789;");
    return undefined;
  }
  if (token.text.split(".").some((octet) => Number(octet) > 255)) {
    reader.report.error("HF1052", {
      place: token.place,
      message: `\`${token.text}\`: expected four numbers up to 255`,
      remedy: "Correct the address.",
    });
  }
  return token.text;
}

/** The key of drbdadm's check: an address of this machine alone may be used by each host. */
export function addressClaim(address: DrbdAddress, host: string | undefined): string {
  const key = `${address.host}:${address.port}`;
  const loopback = address.host === "::1" || address.host.startsWith("127.");
  return loopback && host !== undefined ? `${host}:${key}` : key;
}

/** `ipv4 10.0.0.1:7789`, as commands and the canonical text have it. */
export function printAddress(address: DrbdAddress): string {
  const host = address.family === "ipv6" ? `[${address.host}]` : address.host;
  return `${address.family} ${host}:${address.port}`;
}

/** Whether two texts are one IP address: IPv6 has several ways to write it, and a scope says where, not which. */
export function sameIp(a: string, b: string): boolean {
  return canonicalIp(a) === canonicalIp(b);
}

function canonicalIp(text: string): string {
  const [address = ""] = text.toLowerCase().split("%");
  if (!address.includes(":")) return address;
  const [head = "", tail] = address.split("::");
  const before = head.split(":").filter((group) => group !== "");
  const after = (tail ?? "").split(":").filter((group) => group !== "");
  const zeros = tail === undefined ? 0 : Math.max(0, 8 - before.length - after.length);
  const groups = [...before, ...Array.from({ length: zeros }, () => "0"), ...after];
  return groups.map((group) => group.padStart(4, "0")).join(":");
}
