/** One run from one seed: faults, perhaps an attacker, then peace, and the laws all the time. */

import { toHex } from "../../src/base/bytes.ts";
import { Prng } from "../../src/base/prng.ts";
import type { LinkEffect } from "../../src/core/link/types.ts";
import type { MembershipTimings } from "../../src/core/membership/types.ts";
import { withPoisonedGlobals } from "../kernel/poisoned-globals.ts";
import { Trace } from "../kernel/trace.ts";
import { Attacker } from "./attacker.ts";
import { Chatter } from "./chatter.ts";
import { Cluster, simulatedTimings, type Told } from "./cluster.ts";
import { Faults } from "./faults.ts";
import type { Host } from "./host.ts";
import { Laws } from "./laws.ts";
import { LinkLaws } from "./link-laws.ts";
import { Truth } from "./truth.ts";

export type RunOptions = {
  readonly seed: bigint;
  readonly faults: boolean;
  readonly attacker: boolean;
  /** Gets every line of the trace. */
  print?(line: string): void;
};

export type RunResult = {
  readonly seed: bigint;
  readonly nodes: number;
  readonly faults: number;
  readonly attacks: number;
  readonly losses: number;
  readonly messages: number;
  readonly hash: string;
  readonly violations: readonly string[];
};

const troubledMs = 60_000;
/** All faults have ended: by then everybody has found everybody again, and every link is up. */
const healedMs = 5000;

/** Mostly what holds where ha.cf is silent; then a quick network and a slow one. */
const timingsTried: readonly MembershipTimings[] = [
  simulatedTimings,
  simulatedTimings,
  simulatedTimings,
  { ...simulatedTimings, keepaliveMs: 100, warntimeMs: 250, deadtimeMs: 500, initdeadMs: 3000 },
  { ...simulatedTimings, keepaliveMs: 1000, warntimeMs: 2500, deadtimeMs: 6000 },
];

export function runSeed(options: RunOptions): RunResult {
  return withPoisonedGlobals(() => run(options));
}

function run(options: RunOptions): RunResult {
  const prng = new Prng(options.seed);
  const nodes = ["xen1", "xen2", "xen3"].slice(0, prng.between(2, 3));
  const paths = ["eth0", "eth1"].slice(0, prng.between(1, 2));
  const timings = prng.pick(timingsTried);
  const trace = new Trace(options.print);
  const cluster = new Cluster({
    seed: prng.u64(),
    nodes,
    paths,
    timings,
    drift: 0.01,
    onTold: (told) => {
      laws.onTold(told);
      trace.write(toldLine(told));
    },
    onLink: (host, effect) => {
      linkLaws.onLink(host, effect);
      trace.write(linkLine(cluster, host, effect));
    },
    onTurn: (host, event, when) => {
      if (when === "after") laws.afterTurn(host);
      else if (event.kind === "datagram") truth.onRead(host, event.bytes);
    },
  });
  const truth = new Truth(cluster);
  const laws = new Laws(cluster, truth);
  const linkLaws = new LinkLaws(cluster);
  const faults = new Faults(cluster, truth, prng.fork());
  const attacker = new Attacker(cluster, prng.fork());
  new Chatter(cluster, prng.fork()).start();
  if (options.attacker) attacker.start();
  if (options.faults) faults.start();
  for (const host of cluster.hosts.values()) {
    cluster.clock.after(prng.below(options.faults ? 3000 : 10), () => {
      if (!host.isRunning) host.start();
    });
  }
  cluster.run(troubledMs);
  faults.end();
  cluster.run(healedMs + 2 * timings.deadtimeMs);
  laws.checkHealed();
  linkLaws.checkHealed();
  if (!options.faults) laws.checkUndisturbed();
  return {
    seed: options.seed,
    nodes: nodes.length,
    faults: faults.count,
    attacks: attacker.sent,
    losses: cluster.told.filter((told) => told.effect.kind === "peer-lost").length,
    messages: linkLaws.messages,
    hash: trace.hash(),
    violations: [...laws.violations, ...linkLaws.violations],
  };
}

function toldLine({ atMs, host, effect }: Told): string {
  return `${atMs.toFixed(3)} ${host} ${printed(effect)}`;
}

function linkLine(cluster: Cluster, host: Host, effect: LinkEffect): string {
  return `${cluster.nowMs.toFixed(3)} ${host.name} ${printed(effect)}`;
}

function printed(effect: object): string {
  return JSON.stringify(effect, (_key, value: unknown) => {
    if (value instanceof Uint8Array) return toHex(value.subarray(0, 16));
    return typeof value === "bigint" ? value.toString(16) : value;
  });
}
