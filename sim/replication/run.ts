/** One run from one seed: first safety under faults, then, when they have healed, both copies equal in bounded time. */
import { assert } from "../../src/base/assert.ts";
import { Prng } from "../../src/base/prng.ts";
import { createMetadata } from "../../src/core/replication/offline/create-metadata.ts";
import {
  defaultDiskSettings,
  defaultNetSettings,
  type ResourceSettings,
} from "../../src/core/replication/settings.ts";
import { withPoisonedGlobals } from "../kernel/poisoned-globals.ts";
import { SimClock } from "../kernel/sim-clock.ts";
import { SimDisk } from "../kernel/sim-disk.ts";
import { SimNetwork } from "../kernel/sim-network.ts";
import { Trace } from "../kernel/trace.ts";
import { Cluster, SimViolation } from "./cluster.ts";
import { Faults } from "./faults.ts";
import { type Mutation, SimNode, type SimWorld } from "./sim-node.ts";

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

const diskBytes = 26 * 1024 * 1024;
const volumeBytes = 24 * 1024 * 1024;
const coverageEveryMs = 250;
/** After the faults have healed: full syncs and retries included. */
const settleMsMax = 300_000;

export function runReplication(options: RunOptions): RunResult {
  return withPoisonedGlobals(() => new Run(options).run());
}

class Run {
  readonly #seed: bigint;
  readonly #world: SimWorld;
  readonly #trace: Trace;
  readonly #cluster: Cluster;
  readonly #faults: Faults;
  readonly #careful: boolean;

  constructor(options: RunOptions) {
    this.#seed = options.seed;
    const prng = new Prng(options.seed);
    const clock = new SimClock();
    this.#trace = new Trace(options.print);
    this.#world = { clock, prng, trace: this.#trace, network: new SimNetwork(clock, prng.fork()) };
    this.#careful = prng.chance(0.5);
    const shape = {
      volumeBytes,
      depth: prng.pick([1, 4, 16]),
      pauseMs: prng.pick([1, 4, 20]),
      writeBytesMax: prng.pick([16, 256, 3000]) * 1024,
    };
    this.#cluster = new Cluster(this.#world, shape, this.#careful);
    const alExtents = prng.pick([3, 4, 67]);
    const resyncRateKiBs = prng.pick([undefined, 4096, 100_000]);
    const pair = [
      { name: "alpha", address: "10.0.0.1" },
      { name: "bravo", address: "10.0.0.2" },
    ] as const;
    for (const [i, { name, address }] of pair.entries()) {
      const peer = pair[1 - i] as (typeof pair)[number];
      this.#world.network.addHost(address);
      const disk = new SimDisk(clock, prng.fork(), diskBytes);
      const settings = this.#settings({ name, address, peer, alExtents, resyncRateKiBs });
      const node = new SimNode(this.#world, this.#cluster, { disk, settings });
      node.mutation = options.mutation;
      this.#cluster.nodes.push(node);
      prepareDisk(disk);
    }
    this.#faults = new Faults(this.#world, this.#cluster);
  }

  run(): RunResult {
    let failure: string | undefined;
    try {
      this.#begin();
      this.#underFaults();
      this.#settle();
    } catch (error) {
      assert(error instanceof Error, "what is thrown is an error");
      failure = error instanceof SimViolation ? error.message : (error.stack ?? error.message);
    }
    return {
      seed: this.#seed,
      hash: this.#trace.hash(),
      events: this.#trace.count,
      virtualMs: this.#world.clock.now,
      faults: this.#faults.names(),
      failure,
      lastLines: this.#trace.lastLines(),
    };
  }

  #settings(of: {
    readonly name: string;
    readonly address: string;
    readonly peer: { readonly name: string; readonly address: string };
    readonly alExtents: number;
    readonly resyncRateKiBs: number | undefined;
  }): ResourceSettings {
    const fencing = this.#careful ? "resource-and-stonith" : "dont-care";
    const { alExtents, resyncRateKiBs } = of;
    return {
      name: "r0",
      nodeName: of.name,
      peerName: of.peer.name,
      local: { address: of.address, port: 7788 },
      remote: { address: of.peer.address, port: 7788 },
      net: {
        ...defaultNetSettings,
        cramHmacAlg: "sha1",
        sharedSecret: "simulated",
        afterSb0pri: "discard-zero-changes",
        afterSb1pri: "discard-secondary",
      },
      volumes: [
        {
          volume: 0,
          minor: 0,
          disk: {
            ...defaultDiskSettings,
            sizeBytes: volumeBytes,
            fencing,
            alExtents,
            resyncRateKiBs,
            onIoError: "detach",
          },
        },
      ],
    };
  }

  /** Both up and in sync, one of them Primary with a guest. */
  #begin(): void {
    const [a, b] = this.#cluster.nodes as [SimNode, SimNode];
    a.start();
    b.start();
    this.#until("both connected", 30_000, () => this.#both("Connected"));
    let done = false;
    if (this.#world.prng.chance(0.5)) {
      a.admin({ name: "new-current-uuid", volume: 0, clearBitmap: true }, () => {
        done = true;
      });
    } else {
      a.admin({ name: "primary", force: true }, () => {
        a.admin({ name: "secondary" }, () => {
          done = true;
        });
      });
    }
    this.#until("first sync", settleMsMax, () => done && this.#inSync());
    this.#cluster.initialised();
    this.#cluster.promote(a);
  }

  #underFaults(): void {
    this.#faults.start();
    const end = this.#world.clock.now + this.#world.prng.pick([2000, 8000, 30_000]);
    while (this.#world.clock.now < end) {
      this.#advance(coverageEveryMs);
      this.#cluster.checkCoverage();
    }
  }

  /** Safety first, then liveness is demanded. */
  #settle(): void {
    this.#faults.heal();
    const guest = this.#cluster.guest;
    this.#until("both in sync after the faults have healed", settleMsMax, () => this.#inSync());
    let demoted = guest === undefined && this.#cluster.primary() === undefined;
    if (!demoted)
      this.#cluster.demote(() => {
        demoted = true;
      });
    this.#until("the guest's end", 60_000, () => demoted);
    this.#until("both idle", 60_000, () => this.#inSync() && this.#idle());
    this.#cluster.checkCoverage();
    for (const node of this.#cluster.nodes) this.#cluster.checkContent(node);
    const differing = this.#cluster.differingBlocks();
    if (differing.length > 0) {
      throw new SimViolation(
        `${differing.length} blocks differ at the end, the first is ${differing[0]}`,
      );
    }
  }

  #advance(ms: number): void {
    const { clock } = this.#world;
    const end = clock.now + ms;
    while (clock.step(end));
  }

  #until(what: string, limitMs: number, condition: () => boolean): void {
    const end = this.#world.clock.now + limitMs;
    while (!condition()) {
      if (this.#world.clock.now >= end) {
        const states = this.#cluster.nodes.map((node) => {
          const status = node.status();
          const volume = status?.volumes[0];
          return `${node.name} ${status?.role} ${volume?.conn} ${volume?.disk}/${volume?.peerDisk} oos ${volume?.outOfSyncBytes}`;
        });
        throw new SimViolation(`no ${what} within ${limitMs} ms: ${states.join("; ")}`);
      }
      this.#advance(50);
    }
  }

  #both(conn: string): boolean {
    return this.#cluster.nodes.every((node) => node.status()?.volumes[0]?.conn === conn);
  }

  #inSync(): boolean {
    return this.#cluster.nodes.every((node) => {
      const volume = node.status()?.volumes[0];
      return (
        volume?.conn === "Connected" && volume.disk === "UpToDate" && volume.peerDisk === "UpToDate"
      );
    });
  }

  #idle(): boolean {
    return this.#cluster.nodes.every((node) => {
      const volume = node.status()?.volumes[0];
      return (
        volume !== undefined &&
        volume.appPending === 0 &&
        volume.localPending === 0 &&
        volume.unacked === 0
      );
    });
  }
}

function prepareDisk(disk: SimDisk): void {
  const device = {
    sizeBytes: disk.sizeBytes,
    read: (offset: number, length: number) => disk.readNow(offset, length),
    write: (offset: number, bytes: Uint8Array) => disk.writeNow(offset, bytes),
    flush: () => {},
  };
  const made = createMetadata({ data: device, meta: device }, { kind: "internal" });
  assert(made.ok, "the disk has room for metadata");
}
