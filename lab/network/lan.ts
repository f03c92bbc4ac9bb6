/**
 * The lab's networks live in one namespace: the LAN, a bridge that the hosts, their guests and the client share,
 * and the management network, a bridge of its own that leads to the power switch.
 */
import { existsSync } from "node:fs";
import { mustRun, runCommand } from "../machine/command.ts";
import {
  hardwareAddress,
  hostAddress,
  hostNamespace,
  lan,
  lanNamespace,
  managementAddress,
  namespaceFile,
  portsOf,
} from "../plan/lab-names.ts";
import type { LabHost } from "../plan/lab-state.ts";
import { applyCuts } from "./cuts.ts";
import { addNamespace } from "./namespace-folder.ts";

export async function makeLan(lab: string): Promise<void> {
  const namespace = lanNamespace(lab);
  await addNamespace(namespace);
  await ipBatch(namespace, [
    "link set lo up",
    ...[lan.bridge, lan.managementBridge].map(
      (bridge) => `link add ${bridge} type bridge forward_delay 0 mcast_snooping 0`,
    ),
    `addr add ${lan.clientAddress}/24 brd + dev ${lan.bridge}`,
    `addr add ${lan.pduAddress}/24 brd + dev ${lan.managementBridge}`,
    `link set ${lan.bridge} up`,
    `link set ${lan.managementBridge} up`,
  ]);
  // The client asks for a lost guest's hardware address ten times a second instead of once: what it measures
  // is when the guest answers, not when it asks again.
  const settings = `
    for f in /proc/sys/net/ipv6/conf/*/disable_ipv6; do echo 1 > $f; done
    echo 100 > /proc/sys/net/ipv4/neigh/${lan.bridge}/retrans_time_ms`;
  await mustRun(["nsenter", `--net=${namespaceFile(namespace)}`, "sh", "-c", settings]);
  await applyCuts(lab, []);
}

/** Gives a host its namespace and plugs its three cards in. */
export async function plugIn(lab: string, host: LabHost): Promise<void> {
  const namespace = hostNamespace(lab, host.name);
  const ports = portsOf(host.name);
  await addNamespace(namespace);
  const cards = [
    { port: ports.eth0, card: "eth0", bridge: lan.bridge },
    { port: ports.guests, card: "eth1", bridge: lan.bridge },
    { port: ports.management, card: "mgmt0", bridge: lan.managementBridge },
  ];
  const lines = cards.flatMap(({ port, card, bridge }, index) => [
    `link add ${port} type veth peer name ${card} address ${hardwareAddress(host.number, index as 0 | 1 | 2)} netns ${namespace}`,
    `link set ${port} master ${bridge} up`,
  ]);
  await ipBatch(lanNamespace(lab), lines);
  await ipBatch(namespace, [
    "link set lo up",
    `addr add ${hostAddress(host.number)}/24 brd + dev eth0`,
    "link set eth0 up",
    "link add xenbr0 type bridge forward_delay 0 mcast_snooping 0",
    "link set eth1 master xenbr0 up",
    "link set xenbr0 up",
    `addr add ${managementAddress(host.number)}/24 brd + dev mgmt0`,
    "link set mgmt0 up",
  ]);
}

/** Takes the host's cables out, at once and all of them: when this is done, no frame of it leaves any more. */
export async function unplug(lab: string, host: string): Promise<void> {
  await ipBatchForced(
    lanNamespace(lab),
    Object.values(portsOf(host)).map((port) => `link set ${port} down`),
  );
}

/** Removes the host's cards; deleting one end of a pair deletes both before the command ends. */
export async function removeCards(lab: string, host: string): Promise<void> {
  await ipBatchForced(
    lanNamespace(lab),
    Object.values(portsOf(host)).map((port) => `link del ${port}`),
  );
}

export async function removeNamespace(namespace: string): Promise<void> {
  if (existsSync(namespaceFile(namespace))) await mustRun(["ip", "netns", "del", namespace]);
}

/** @returns the namespaces of this lab that exist, by their names alone. */
export async function namespacesOf(lab: string): Promise<readonly string[]> {
  const list = await runCommand(["ip", "netns", "list"]);
  const mine = new RegExp(`^holdfast-${lab}-(lan|xen\\d+)$`);
  return list.stdout
    .split("\n")
    .map((line) => line.split(" ")[0] ?? "")
    .filter((name) => mine.test(name));
}

async function ipBatch(namespace: string, lines: readonly string[]): Promise<void> {
  await mustRun(["ip", "-n", namespace, "-batch", "-"], { stdin: `${lines.join("\n")}\n` });
}

/** Goes on after a line that fails: what is gone already need not be removed. */
async function ipBatchForced(namespace: string, lines: readonly string[]): Promise<void> {
  const argv = ["ip", "-n", namespace, "-force", "-batch", "-"];
  await runCommand(argv, { stdin: `${lines.join("\n")}\n` });
}
