/**
 * Three servers. A DRBD resource has two nodes, as in 8.4; so three servers hold three resources, each pair of them one, and
 * each server runs two engines that know nothing of each other but share its power and its cables. Each resource has its
 * own guest, administrator and laws; what goes wrong with a server goes wrong for both of its engines at once.
 */
import { Prng } from "../../src/base/prng.ts";
import { withPoisonedGlobals } from "../kernel/poisoned-globals.ts";
import { SimClock } from "../kernel/sim-clock.ts";
import { SimNetwork } from "../kernel/sim-network.ts";
import { Trace } from "../kernel/trace.ts";
import { Cluster } from "./cluster.ts";
import { Episode, failureOf } from "./episode.ts";
import { Faults } from "./faults.ts";
import { addPair } from "./pair.ts";
import type { RunOptions, RunResult } from "./run.ts";
import type { SimNode, SimWorld } from "./sim-node.ts";

const volumeBytes = 8 * 1024 * 1024;
const hosts = ["alpha", "bravo", "charlie"] as const;
/** Each server has a resource with each other. */
const resources = [
  { name: "ab", nodes: [0, 1] },
  { name: "bc", nodes: [1, 2] },
  { name: "ca", nodes: [2, 0] },
] as const;

type Party = { readonly cluster: Cluster; readonly episode: Episode; readonly faults: Faults };

export function runThreeHosts(options: RunOptions): RunResult {
  return withPoisonedGlobals(() => run(options));
}

function run(options: RunOptions): RunResult {
  const prng = new Prng(options.seed);
  const clock = new SimClock();
  const trace = new Trace(options.print);
  const world: SimWorld = { clock, prng, trace, network: new SimNetwork(clock, prng.fork()) };
  const parties = resources.map((_, i) => addResource(world, i));
  const failure = failureOf(() => {
    for (const { episode } of parties) episode.begin(prng.chance(0.5) ? "skipped" : "full");
    for (const { faults } of parties) faults.start();
    const end = clock.now + prng.pick([2000, 8000]);
    hostFaults(world, parties, end);
    while (clock.now < end) {
      const until = Math.min(end, clock.now + 250);
      while (clock.step(until));
      for (const { cluster } of parties) cluster.checkCoverage();
    }
    for (const { faults } of parties) faults.heal();
    for (const { episode } of parties) episode.settle();
  });
  return {
    seed: options.seed,
    hash: trace.hash(),
    events: trace.count,
    virtualMs: clock.now,
    faults: [...new Set(parties.flatMap(({ faults }) => faults.names()))],
    failure,
    lastLines: trace.lastLines(),
  };

  function addResource(of: SimWorld, i: number): Party {
    const { name, nodes } = resources[i] as (typeof resources)[number];
    const careful = prng.chance(0.5);
    const guest = { volumeBytes, depth: 4, pauseMs: prng.pick([4, 20]), writeBytesMax: 64 * 1024 };
    const cluster = new Cluster(of, guest, { careful });
    const [a, b] = nodes.map((host) => ({ name: hosts[host], address: `10.${i}.0.${host + 1}` }));
    if (a === undefined || b === undefined) throw new Error("a resource has two nodes");
    const pair = addPair(of, cluster, {
      ...{ resource: name, hosts: [a, b], volumeBytes },
      net: { afterSb0pri: "discard-zero-changes", afterSb1pri: "discard-secondary" },
      disk: { fencing: careful ? "resource-and-stonith" : "dont-care", alExtents: 3 },
    });
    for (const node of pair) node.mutation = options.mutation;
    cluster.nodes.push(...pair);
    cluster.power = {
      cut: (node) => cutPower(parties, node.name),
      restore: (node) => restorePower(parties, node.name),
    };
    // Power is the server's, not a resource's.
    const faults = new Faults(of, cluster, [
      "power cut",
      "power cut of both",
      "start what is down",
    ]);
    return { cluster, episode: new Episode(of, cluster), faults };
  }
}

/** From time to time a whole server loses power, or its cable. */
function hostFaults(world: SimWorld, parties: readonly Party[], endMs: number): void {
  const { clock, prng } = world;
  const next = (): void => {
    if (clock.now >= endMs) return;
    const host = prng.pick(hosts);
    const restoreMs = 200 + prng.below(3000);
    if (prng.chance(0.5)) {
      world.trace.write(`${clock.now.toFixed(3).padStart(11)} fault ${host} loses power`);
      cutPower(parties, host);
      clock.after(restoreMs, () => restorePower(parties, host));
    } else {
      world.trace.write(`${clock.now.toFixed(3).padStart(11)} fault ${host} loses its cable`);
      setCable(world, parties, { host, up: false });
      clock.after(restoreMs, () => setCable(world, parties, { host, up: true }));
    }
    clock.after(500 + prng.below(2500), next);
  };
  clock.after(prng.below(1000), next);
}

function cutPower(parties: readonly Party[], host: string): void {
  for (const { cluster, node } of enginesOf(parties, host))
    if (node.powered) cluster.powerCut(node);
}

function restorePower(parties: readonly Party[], host: string): void {
  for (const { node } of enginesOf(parties, host)) {
    if (!node.powered) node.powerOn();
    if (!node.running) node.start();
  }
}

function setCable(
  { network }: SimWorld,
  parties: readonly Party[],
  cable: { readonly host: string; readonly up: boolean },
): void {
  for (const { cluster, node } of enginesOf(parties, cable.host)) {
    const other = cluster.other(node);
    network.setLink(node.address, other.address, { up: cable.up });
    network.setLink(other.address, node.address, { up: cable.up });
  }
}

function enginesOf(
  parties: readonly Party[],
  host: string,
): readonly { readonly cluster: Cluster; readonly node: SimNode }[] {
  return parties.flatMap(({ cluster }) =>
    cluster.nodes.filter(({ name }) => name === host).map((node) => ({ cluster, node })),
  );
}
