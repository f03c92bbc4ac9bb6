/** One run from one seed: faults, perhaps an attacker, then peace, and the laws all the time. */
import { Prng } from "../../src/base/prng.ts";
import { Attacker } from "./attacker.ts";
import { Cluster, type Told } from "./cluster.ts";
import { Faults } from "./faults.ts";
import { Laws } from "./laws.ts";
import { TraceHash } from "./trace-hash.ts";
import { Truth } from "./truth.ts";

export type RunOptions = {
  readonly seed: bigint;
  readonly faults: boolean;
  readonly attacker: boolean;
  onTold?(told: Told): void;
};

export type RunResult = {
  readonly seed: bigint;
  readonly nodes: number;
  readonly faults: number;
  readonly attacks: number;
  readonly losses: number;
  readonly hash: string;
  readonly violations: readonly string[];
};

const troubledMs = 60_000;
/** All faults have ended: by then everybody has found everybody again. */
const healedMs = 5000;

export function runSeed(options: RunOptions): RunResult {
  const prng = new Prng(options.seed);
  const nodes = ["xen1", "xen2", "xen3"].slice(0, prng.between(2, 3));
  const paths = ["eth0", "eth1"].slice(0, prng.between(1, 2));
  const hash = new TraceHash();
  const cluster = new Cluster({
    seed: prng.u64(),
    nodes,
    paths,
    drift: 0.01,
    onTold: (told) => {
      laws.onTold(told);
      hash.add(traceLine(told));
      options.onTold?.(told);
    },
    onTurn: (host, event, when) => {
      if (when === "after") laws.afterTurn(host);
      else if (event.kind === "datagram") truth.onRead(host, event.bytes);
    },
  });
  const truth = new Truth(cluster);
  const laws = new Laws(cluster, truth);
  const faults = new Faults(cluster, truth, prng.fork());
  const attacker = new Attacker(cluster, prng.fork());
  if (options.attacker) attacker.start();
  if (options.faults) faults.start();
  for (const host of cluster.hosts.values()) {
    cluster.timeline.in(prng.below(options.faults ? 3000 : 10), () => {
      if (!host.isRunning) host.start();
    });
  }
  cluster.run(troubledMs);
  faults.end();
  cluster.run(healedMs);
  laws.checkHealed();
  if (!options.faults) laws.checkUndisturbed();
  const losses = cluster.told.filter((told) => told.effect.kind === "peer-lost").length;
  return {
    seed: options.seed,
    nodes: nodes.length,
    faults: faults.count,
    attacks: attacker.sent,
    losses,
    hash: hash.text(),
    violations: laws.violations,
  };
}

export function traceLine({ atMs, host, effect }: Told): string {
  const text = JSON.stringify(effect, (_key, value: unknown) =>
    typeof value === "bigint" ? value.toString(16) : value,
  );
  return `${atMs.toFixed(3)} ${host} ${text}`;
}
