/** What goes wrong in a run, and what administrators do meanwhile: chosen by chance, undone after a while. */
import type { SimDisk } from "../kernel/sim-disk.ts";
import type { SimNetwork } from "../kernel/sim-network.ts";
import type { Cluster } from "./cluster.ts";
import { healPair, repairDisk } from "./recovery.ts";
import type { SimNode, SimWorld } from "./sim-node.ts";

type Fault = {
  readonly name: string;
  readonly weight: number;
  readonly run: (faults: Faults) => void;
};

export class Faults {
  readonly cluster: Cluster;
  readonly #world: SimWorld;
  readonly #chosen: readonly Fault[];
  readonly #pauseMs: number;
  #over = false;

  /** @param without kinds of faults that somebody else brings about. */
  constructor(world: SimWorld, cluster: Cluster, without: readonly string[] = []) {
    this.#world = world;
    this.cluster = cluster;
    // Every run has some kinds of faults only, so that each is seen with and without the others.
    this.#chosen = catalog.filter(({ name }) => world.prng.chance(0.55) && !without.includes(name));
    this.#pauseMs = world.prng.pick([50, 200, 800, 3000]);
  }

  get prng(): SimWorld["prng"] {
    return this.#world.prng;
  }

  get network(): SimNetwork {
    return this.#world.network;
  }

  names(): readonly string[] {
    return this.#chosen.map((fault) => fault.name);
  }

  start(): void {
    if (this.#chosen.length === 0) return;
    this.later(this.prng.below(2 * this.#pauseMs), () => this.#next());
  }

  /** No new faults; those under way are undone now. */
  heal(): void {
    this.#over = true;
    healPair(this.#world, this.cluster.nodes as unknown as readonly [SimNode, SimNode]);
  }

  node(): SimNode {
    return this.prng.pick(this.cluster.nodes);
  }

  /** A time of any order of magnitude from `lowMs` to `highMs`. */
  duration(lowMs: number, highMs: number): number {
    return lowMs * (highMs / lowMs) ** (this.prng.below(1000) / 1000);
  }

  later(delayMs: number, run: () => void): void {
    this.#world.clock.after(delayMs, () => {
      if (!this.#over) run();
    });
  }

  trace(text: string): void {
    this.#world.trace.write(`${this.#world.clock.now.toFixed(3).padStart(11)} fault ${text}`);
  }

  /** What was asked for before all was healed has taken effect only now. */
  connectAtTheEnd(node: SimNode): void {
    if (this.#over && node.running) node.admin({ name: "connect" }, () => {});
  }

  #next(): void {
    const fault = this.prng.pickWeighted(this.#chosen);
    this.trace(fault.name);
    fault.run(this);
    this.later(this.prng.below(2 * this.#pauseMs), () => this.#next());
  }
}

const catalog: readonly Fault[] = [
  {
    name: "crash",
    weight: 3,
    run: (f) => {
      const node = f.node();
      if (!node.running) return;
      f.cluster.crash(node);
      f.later(f.duration(20, 5000), () => {
        if (node.powered && !node.running) node.start();
      });
    },
  },
  {
    name: "power cut",
    weight: 3,
    run: (f) => {
      const node = f.node();
      if (!node.powered) return;
      f.cluster.powerCut(node);
      f.later(f.duration(200, 8000), () => {
        if (node.powered) return;
        node.powerOn();
        node.start();
      });
    },
  },
  {
    name: "power cut of both",
    weight: 1,
    run: (f) => {
      for (const node of f.cluster.nodes) {
        if (node.powered) f.cluster.powerCut(node);
        f.later(f.duration(200, 8000), () => {
          if (node.powered) return;
          node.powerOn();
          node.start();
        });
      }
    },
  },
  {
    name: "start what is down",
    weight: 3,
    run: (f) => {
      for (const node of f.cluster.nodes) {
        if (!node.powered) node.powerOn();
        if (!node.running) node.start();
      }
    },
  },
  { name: "cut", weight: 3, run: (f) => cut(f, f.prng.pick(["both", "there", "back"])) },
  {
    name: "slow network",
    weight: 1,
    run: (f) => {
      const [a, b] = f.cluster.nodes as [SimNode, SimNode];
      const delayMs = f.duration(1, 200);
      for (const [from, to] of [
        [a, b],
        [b, a],
      ] as const) {
        f.network.setLink(from.address, to.address, { delayMs, jitterMs: delayMs });
      }
      f.later(f.duration(100, 5000), () => {
        for (const [from, to] of [
          [a, b],
          [b, a],
        ] as const) {
          f.network.setLink(from.address, to.address, { delayMs: 0.1, jitterMs: 0.1 });
        }
      });
    },
  },
  {
    name: "dropped connection",
    weight: 3,
    run: (f) => {
      const streams = f.node().streams();
      if (streams.length > 0) f.prng.pick(streams).breakOff();
    },
  },
  {
    name: "stalled socket",
    weight: 2,
    run: (f) => {
      const streams = f.node().streams();
      if (streams.length === 0) return;
      const stream = f.prng.pick(streams);
      stream.stall(true);
      f.later(f.duration(10, 10_000), () => stream.stall(false));
    },
  },
  {
    name: "slow disk",
    weight: 2,
    run: (f) => {
      const { faults } = f.node().disk;
      faults.slowness = f.duration(3, 500);
      f.later(f.duration(50, 3000), () => {
        faults.slowness = 1;
      });
    },
  },
  {
    name: "failing disk",
    weight: 2,
    run: (f) => {
      const node = f.node();
      // One disk at a time: with both gone there is nothing to go on with.
      if (f.cluster.nodes.some(({ disk }) => isFailing(disk))) return;
      if (f.cluster.whole.size < 2) return;
      const kind = f.prng.pick(["writeFails", "readFails", "flushFails"] as const);
      node.disk.faults[kind] = f.prng.pick([0.05, 0.5, 1]);
      f.later(f.duration(50, 2000), () => repairDisk(node));
    },
  },
  {
    name: "late timers",
    weight: 1,
    run: (f) => {
      const node = f.node();
      node.timerLatenessMs = f.duration(10, 3000);
      f.later(f.duration(100, 5000), () => {
        node.timerLatenessMs = 0;
      });
    },
  },
  {
    name: "early timers",
    weight: 1,
    run: (f) => {
      const node = f.node();
      for (let i = 0; i < 20; i++) f.later(f.duration(1, 1000), () => node.event({ kind: "wake" }));
    },
  },
  {
    name: "frozen process",
    weight: 1,
    run: (f) => {
      const node = f.node();
      node.freeze();
      f.later(f.duration(10, 4000), () => node.thaw());
    },
  },
  { name: "peer-lost hint", weight: 1, run: (f) => f.node().event({ kind: "peer-lost" }) },
  { name: "promote", weight: 8, run: (f) => f.cluster.promote(f.node()) },
  {
    name: "switch",
    weight: 2,
    run: (f) => {
      f.cluster.demote((demoted) => {
        if (demoted !== undefined) f.cluster.promote(f.cluster.other(demoted));
      });
    },
  },
  {
    name: "disconnect",
    weight: 1,
    run: (f) => {
      const node = f.node();
      if (!node.running) return;
      const force = f.prng.chance(0.3);
      node.admin({ name: "disconnect", force }, () => f.connectAtTheEnd(node));
      f.later(f.duration(10, 3000), () => {
        if (node.running) node.admin({ name: "connect" }, () => {});
      });
    },
  },
  {
    name: "pause sync",
    weight: 1,
    run: (f) => {
      const node = f.node();
      if (!node.running) return;
      node.admin({ name: "pause-sync", volume: 0 }, () => {});
      f.later(f.duration(10, 2000), () => {
        if (node.running) node.admin({ name: "resume-sync", volume: 0 }, () => {});
      });
    },
  },
  {
    name: "invalidate",
    weight: 1,
    run: (f) => {
      const node = f.node();
      const both = f.cluster.whole.size === 2 && f.cluster.nodes.every((each) => each.running);
      if (!both || node.status()?.role !== "Secondary") return;
      // From here on it has to be synced from the other one, which must not be given up, too.
      f.cluster.whole.delete(node);
      node.admin({ name: "invalidate", volume: 0 }, () => {});
    },
  },
  {
    name: "detach",
    weight: 1,
    run: (f) => {
      const node = f.node();
      if (!node.running || f.cluster.whole.size < 2) return;
      node.admin({ name: "detach", volume: 0, force: f.prng.chance(0.3) }, () => {});
      f.later(f.duration(10, 2000), () => repairDisk(node));
    },
  },
];

function isFailing(disk: SimDisk): boolean {
  const { readFails, writeFails, flushFails } = disk.faults;
  return readFails + writeFails + flushFails > 0;
}

function cut(f: Faults, direction: "both" | "there" | "back"): void {
  const [a, b] = f.cluster.nodes as [SimNode, SimNode];
  const set = (up: boolean): void => {
    if (direction !== "back") f.network.setLink(a.address, b.address, { up });
    if (direction !== "there") f.network.setLink(b.address, a.address, { up });
  };
  set(false);
  f.later(f.duration(10, 20_000), () => set(true));
}
