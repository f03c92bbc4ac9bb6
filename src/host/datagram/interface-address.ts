/** The IPv4 addresses of a network interface, by its name. */
import { networkInterfaces } from "node:os";

export type InterfaceAddress = {
  readonly address: string;
  /** Of its network; absent where there is none (a prefix of 31 or 32 bits). */
  readonly broadcast: string | undefined;
};

/** The first IPv4 address; undefined when there is no such interface, it is down, or it has none. */
export function interfaceAddress(interfaceName: string): InterfaceAddress | undefined {
  const found = networkInterfaces()[interfaceName]?.find((each) => each.family === "IPv4");
  if (found === undefined) return undefined;
  return { address: found.address, broadcast: broadcastOf(found.address, found.netmask) };
}

export function broadcastOf(address: string, netmask: string): string | undefined {
  const mask = toNumber(netmask);
  const hostBits = ~mask >>> 0;
  if (hostBits <= 1) return undefined;
  return toText((toNumber(address) | hostBits) >>> 0);
}

function toNumber(address: string): number {
  return address.split(".").reduce((number, octet) => ((number << 8) | Number(octet)) >>> 0, 0);
}

function toText(number: number): string {
  return [24, 16, 8, 0].map((shift) => (number >>> shift) & 0xff).join(".");
}
