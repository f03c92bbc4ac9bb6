/** One run from one seed: first safety under faults, then, when they have healed, both copies equal in bounded time. */
import { Prng } from "../../src/base/prng.ts";
import { withPoisonedGlobals } from "../kernel/poisoned-globals.ts";
import { SimClock } from "../kernel/sim-clock.ts";
import { SimNetwork } from "../kernel/sim-network.ts";
import { Trace } from "../kernel/trace.ts";
import { Cluster } from "./cluster.ts";
import { Episode, failureOf } from "./episode.ts";
import { Faults } from "./faults.ts";
import { addPair, twoHosts } from "./pair.ts";
import type { Mutation, SimWorld } from "./sim-node.ts";

export type RunOptions = {
  readonly seed: bigint;
  readonly print?: (line: string) => void;
  /** Lies that the checkers are to notice. */
  readonly mutation?: Mutation;
};

export type RunResult = {
  readonly seed: bigint;
  readonly hash: string;
  readonly events: number;
  readonly virtualMs: number;
  readonly faults: readonly string[];
  /** Undefined: all laws held. */
  readonly failure: string | undefined;
  readonly lastLines: readonly string[];
};

const volumeBytes = 24 * 1024 * 1024;

export function runReplication(options: RunOptions): RunResult {
  return withPoisonedGlobals(() => run(options));
}

function run(options: RunOptions): RunResult {
  const { seed } = options;
  const prng = new Prng(seed);
  const clock = new SimClock();
  const trace = new Trace(options.print);
  const world: SimWorld = { clock, prng, trace, network: new SimNetwork(clock, prng.fork()) };
  const cluster = chosenCluster(world, options);
  const faults = new Faults(world, cluster);
  const episode = new Episode(world, cluster);
  const failure = failureOf(() => {
    episode.begin(prng.chance(0.5) ? "skipped" : "full");
    faults.start();
    episode.advance(prng.pick([2000, 8000, 30_000]));
    faults.heal();
    episode.settle();
  });
  return {
    seed,
    hash: trace.hash(),
    events: trace.count,
    virtualMs: clock.now,
    faults: faults.names(),
    failure,
    lastLines: trace.lastLines(),
  };
}

/** A chance of its own, so that all else is as in a run without. */
function chosenPromises(
  seed: bigint,
  careful: boolean,
): {
  readonly protocol: "A" | "B" | "C";
  readonly asksBeforeResync: boolean;
} {
  const prng = new Prng(seed ^ 0x5eedn);
  // With A a write is answered before the peer has it: resource-and-stonith, which promises more, refuses it.
  const protocol = prng.pick([careful ? "B" : "A", "B", "C", "C", "C"] as const);
  return { protocol, asksBeforeResync: prng.chance(0.2) };
}

/** Two nodes with settings of all kinds, chosen by chance. */
function chosenCluster(
  world: SimWorld,
  { seed, mutation }: Pick<RunOptions, "seed" | "mutation">,
): Cluster {
  const { prng } = world;
  const careful = prng.chance(0.5);
  const shape = {
    volumeBytes,
    depth: prng.pick([1, 4, 16]),
    pauseMs: prng.pick([1, 4, 20]),
    writeBytesMax: prng.pick([16, 256, 3000]) * 1024,
  };
  const { protocol, asksBeforeResync } = chosenPromises(seed, careful);
  const cluster = new Cluster(world, shape, { careful, mayLag: protocol !== "C" });
  const pair = addPair(world, cluster, {
    resource: "r0",
    hosts: twoHosts,
    volumeBytes,
    asksBeforeResync,
    net: {
      protocol,
      cramHmacAlg: "sha1",
      sharedSecret: "simulated",
      afterSb0pri: "discard-zero-changes",
      afterSb1pri: "discard-secondary",
    },
    disk: {
      fencing: careful ? "resource-and-stonith" : "dont-care",
      alExtents: prng.pick([3, 4, 67]),
      resyncRateKiBs: prng.pick([undefined, 4096, 100_000]),
    },
    progressSaving: prng.pick([
      { bytes: 2 * 1024 * 1024, writes: 10 },
      { bytes: volumeBytes, writes: 3 },
      { bytes: volumeBytes, writes: 1000 },
    ]),
  });
  for (const node of pair) {
    node.mutation = mutation;
    cluster.nodes.push(node);
  }
  return cluster;
}
