/**
 * Every name and address that a lab uses, derived from its own name and its hosts: whoever knows the plan of a
 * lab finds all that it made. Names of network namespaces are the machine's, all others live in namespaces.
 */
export const hostsMax = 8;

/** A lab's name is part of namespace names and paths. */
export function isLabName(name: string): boolean {
  return /^[a-z0-9][a-z0-9-]{0,30}$/.test(name);
}

export function hostName(number: number): string {
  return `xen${number}`;
}

export function lanNamespace(lab: string): string {
  return `holdfast-${lab}-lan`;
}

export function hostNamespace(lab: string, host: string): string {
  return `holdfast-${lab}-${host}`;
}

/** Where ip(8) keeps namespaces by name. */
export function namespaceFile(namespace: string): string {
  return `/run/netns/${namespace}`;
}

/** The host's ports in the LAN namespace, each the other end of one of the host's interfaces. */
export function portsOf(host: string): {
  readonly eth0: string;
  readonly guests: string;
  readonly management: string;
} {
  return { eth0: `${host}-eth0`, guests: `${host}-guests`, management: `${host}-mgmt` };
}

export const lan = {
  bridge: "lan",
  managementBridge: "mgmt",
  clientAddress: "10.0.0.254",
  pduAddress: "10.99.0.254",
  pduPort: 4661,
} as const;

export function hostAddress(number: number): string {
  return `10.0.0.${number}`;
}

export function managementAddress(number: number): string {
  return `10.99.0.${number}`;
}

/** A host keeps its network cards over a power cut, so their addresses are fixed, too. */
export function hardwareAddress(number: number, card: 0 | 1 | 2): string {
  return `02:48:46:00:0${card}:${number.toString(16).padStart(2, "0")}`;
}
