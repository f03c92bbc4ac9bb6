/** Two network namespaces that are two hosts: a link between them that can be cut, and on each a bridge for guests. */
import { execFileSync, spawnSync } from "node:child_process";
import { hostProcesses } from "../../../src/host/processes/processes.ts";
import type { Processes } from "../../../src/ports/processes.ts";

export type TwoNetworks = {
  readonly one: HostNetwork;
  readonly two: HostNetwork;
  /** From now on nothing gets through, and no connection is told. */
  cut(): void;
  heal(): void;
  remove(): void;
};

export type HostNetwork = {
  readonly address: string;
  /** Runs programs inside. */
  readonly processes: Processes;
  /** The output of a program run inside. */
  output(command: string, ...args: readonly string[]): string;
};

/** The networks, or, as a sentence, why there can be none. */
export function twoNetworks(bridge: string): TwoNetworks | string {
  if (process.getuid?.() !== 0) return "network namespaces need root";
  const names = [1, 2].map((n) => `hf-guests-${process.pid}-${n}`);
  for (const name of names) {
    const added = spawnSync("ip", ["netns", "add", name], { encoding: "utf8" });
    if (added.status !== 0) return `network namespaces can't be made here: ${added.stderr.trim()}`;
  }
  const [first, second] = names as [string, string];
  const link = ["link", "add", "eth0", "netns", first, "type", "veth"];
  execFileSync("ip", [...link, "peer", "name", "eth0", "netns", second]);
  const one = hostNetwork(first, "10.0.0.1", bridge);
  const two = hostNetwork(second, "10.0.0.2", bridge);
  return {
    one,
    two,
    cut: () => one.output("ip", "link", "set", "eth0", "down"),
    heal: () => one.output("ip", "link", "set", "eth0", "up"),
    remove: () => {
      for (const name of names) execFileSync("ip", ["netns", "delete", name]);
    },
  };
}

function hostNetwork(name: string, address: string, bridge: string): HostNetwork {
  const output = (command: string, ...args: readonly string[]): string =>
    execFileSync("ip", ["netns", "exec", name, command, ...args], { encoding: "utf8" });
  output("ip", "link", "set", "lo", "up");
  output("ip", "address", "add", `${address}/24`, "dev", "eth0");
  output("ip", "link", "set", "eth0", "up");
  output("ip", "link", "add", bridge, "type", "bridge");
  output("ip", "link", "set", bridge, "up");
  const host = hostProcesses();
  const processes: Processes = {
    ...host,
    run: (command, args, options) =>
      host.run("ip", ["netns", "exec", name, command, ...args], options),
  };
  return { address, processes, output };
}
