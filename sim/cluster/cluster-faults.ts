/** What goes wrong in a run, and what people do meanwhile: chosen by chance, undone after a while. */
import type { Prng } from "../../src/base/prng.ts";
import { Administrator } from "./administrator.ts";
import { MarkedChanges } from "./laws/marked-changes.ts";
import type { SimCluster } from "./sim-cluster.ts";
import type { SwitchMood } from "./world/power-switch.ts";
import type { SimHost } from "./world/sim-host.ts";
import type { ServiceFault } from "./world/sim-services.ts";

/** How often people walk by. */
const lookAfterMs = 20_000;

type Fault = {
  readonly name: string;
  readonly weight: number;
  /** Hosts that are alive seem dead: with fencing off, guests may then run twice. */
  readonly deceives?: boolean;
  readonly needsFencing?: boolean;
  /** Of runs with services beside the guests. */
  readonly needsServices?: boolean;
  run(faults: ClusterFaults): void;
};

export class ClusterFaults {
  readonly cluster: SimCluster;
  readonly prng: Prng;
  readonly anna: Administrator;
  readonly marks: MarkedChanges;
  readonly #chosen: readonly Fault[];
  readonly #pauseMs: number;
  #over = false;

  constructor(
    cluster: SimCluster,
    how: { readonly fencing: boolean; readonly deceiving: boolean },
  ) {
    this.cluster = cluster;
    this.prng = cluster.world.prng.fork();
    this.anna = new Administrator(cluster);
    this.marks = new MarkedChanges(cluster, this.anna);
    // Every run has some kinds of faults only, so that each is seen with and without the others.
    const known = catalog.filter(
      ({ needsServices = false }) => !needsServices || cluster.services.length > 0,
    );
    this.#chosen = known.filter(
      ({ deceives = false, needsFencing = false }) =>
        this.prng.chance(0.5) && (how.deceiving || !deceives) && (how.fencing || !needsFencing),
    );
    this.#pauseMs = this.prng.pick([500, 3000, 15_000]);
  }

  names(): readonly string[] {
    return this.#chosen.map((fault) => fault.name);
  }

  start(): void {
    if (this.#chosen.length > 0) this.later(this.prng.below(2 * this.#pauseMs), () => this.#next());
  }

  /** No new faults; those under way are undone now, and people take back what they said. */
  heal(): void {
    this.#over = true;
    const { cluster } = this;
    cluster.trace("all faults are healed");
    cluster.powerSwitch.mood = "works";
    cluster.powerSwitch.unreachableFrom.clear();
    cluster.heal();
    for (const host of cluster.hosts.values()) {
      host.files.error = undefined;
      for (const server of host.servers.values()) server.disk.faults.slowness = 1;
      host.guests.failingCreations.length = 0;
      host.services.mend();
      host.thaw();
      host.powerOn();
      // A host that has just got its power starts its daemon by itself.
      if (host.bootedAtMs < cluster.nowMs) host.startDaemon();
    }
    this.#lookAfterHosts();
  }

  /** What was ordered before may still happen: a host that stays off is switched on, a daemon that has left is started. */
  #lookAfterHosts(): void {
    const { cluster } = this;
    cluster.world.clock.after(lookAfterMs, () => {
      for (const host of cluster.hosts.values()) {
        if (!host.powered) host.powerOn();
        else if (host.bootedAtMs < cluster.nowMs - lookAfterMs) host.startDaemon();
      }
      this.#lookAfterHosts();
    });
  }

  host(): SimHost {
    return this.prng.pick([...this.cluster.hosts.values()]);
  }

  /** An operation of a service on a host, once: it fails, hangs, or takes its time. */
  disturbOnce(fault: ServiceFault): void {
    const action = this.prng.pick(["start", "stop", "monitor"]);
    const resource = this.prng.pick(this.cluster.services);
    this.host().services.disturb({ resource, action }, fault, true);
  }

  guest(): string {
    return this.prng.pick(this.cluster.shape.guests).name;
  }

  /** A time of any order of magnitude from `lowMs` to `highMs`. */
  duration(lowMs: number, highMs: number): number {
    return lowMs * (highMs / lowMs) ** (this.prng.below(1000) / 1000);
  }

  /** Between two hosts, in one direction or both. */
  cutFor(what: "all" | "cluster" | "disks", durationMs: number): void {
    const [a, b] = [this.host(), this.host()];
    if (a === b) return;
    const { cluster } = this;
    const oneWay = this.prng.chance(0.3);
    cluster.setLink(a.name, b.name, false, what);
    if (!oneWay) cluster.setLink(b.name, a.name, false, what);
    this.later(durationMs, () => {
      cluster.setLink(a.name, b.name, true, what);
      cluster.setLink(b.name, a.name, true, what);
    });
  }

  later(delayMs: number, run: () => void): void {
    this.cluster.world.clock.after(delayMs, () => {
      if (!this.#over) run();
    });
  }

  #next(): void {
    const fault = this.prng.pickWeighted(this.#chosen);
    this.cluster.trace(`fault: ${fault.name}`);
    fault.run(this);
    this.later(this.prng.below(2 * this.#pauseMs), () => this.#next());
  }
}

const catalog: readonly Fault[] = [
  {
    name: "power cut",
    weight: 3,
    run: (f) => {
      const host = f.host();
      host.powerOff();
      f.later(f.duration(100, 40_000), () => host.powerOn());
    },
  },
  {
    name: "cut",
    weight: 3,
    deceives: true,
    run: (f) => {
      f.cutFor("all", f.duration(50, 30_000));
    },
  },
  {
    name: "cut of the cluster's network",
    weight: 2,
    run: (f) => f.cutFor("cluster", f.duration(50, 20_000)),
  },
  {
    name: "cut of the disks' network",
    weight: 2,
    run: (f) => f.cutFor("disks", f.duration(50, 20_000)),
  },
  {
    name: "freeze",
    weight: 2,
    deceives: true,
    run: (f) => {
      const host = f.host();
      host.freeze();
      f.later(f.duration(100, 20_000), () => host.thaw());
    },
  },
  {
    name: "holdfastd killed",
    weight: 3,
    run: (f) => {
      const host = f.host();
      host.killDaemon();
      f.later(f.duration(50, 15_000), () => host.startDaemon());
    },
  },
  {
    name: "holdfastd restarted",
    weight: 2,
    run: (f) => {
      const host = f.host();
      f.anna.ask(host.name, { kind: "restart", holdMs: 10_000 });
      f.later(f.duration(300, 9000), () => host.startDaemon());
    },
  },
  {
    name: "disk server crash",
    weight: 2,
    run: (f) => {
      const host = f.host();
      const names = [...host.servers.keys()];
      if (names.length > 0 && host.isAwake) host.crashServer(f.prng.pick(names));
    },
  },
  {
    name: "slow disk",
    weight: 1,
    run: (f) => {
      const disks = [...f.host().servers.values()].map((server) => server.disk);
      const slowness = f.duration(3, 300);
      for (const disk of disks) disk.faults.slowness = slowness;
      f.later(f.duration(1000, 20_000), () => {
        for (const disk of disks) disk.faults.slowness = 1;
      });
    },
  },
  {
    name: "full storage",
    weight: 1,
    run: (f) => {
      const { files } = f.host();
      files.error = "ENOSPC";
      f.later(f.duration(100, 20_000), () => {
        files.error = undefined;
      });
    },
  },
  {
    name: "guest crash",
    weight: 2,
    run: (f) => f.cluster.crashGuest(f.guest()),
  },
  {
    name: "power switch",
    weight: 2,
    needsFencing: true,
    run: (f) => {
      const moods: readonly SwitchMood[] = ["slow", "refuses", "silent"];
      f.cluster.powerSwitch.mood = f.prng.pick(moods);
      f.later(f.duration(1000, 60_000), () => {
        f.cluster.powerSwitch.mood = "works";
      });
    },
  },
  {
    name: "start fails",
    weight: 1,
    run: (f) => f.host().guests.failingCreations.push("no memory"),
  },
  {
    name: "service dies",
    needsServices: true,
    weight: 2,
    run: (f) => f.host().services.die(f.prng.pick(f.cluster.services)),
  },
  {
    name: "operation fails",
    weight: 2,
    needsServices: true,
    run: (f) => f.disturbOnce({ kind: "fails", rc: 1 }),
  },
  {
    name: "operation hangs",
    weight: 1,
    needsServices: true,
    run: (f) => f.disturbOnce({ kind: "hangs" }),
  },
  {
    name: "slow operation",
    needsServices: true,
    weight: 1,
    run: (f) => f.disturbOnce({ kind: "takes", ms: f.duration(100, 15_000) }),
  },
  {
    name: "clock jump",
    needsServices: true,
    weight: 1,
    run: (f) => {
      f.host().clockAheadMs += (f.prng.chance(0.5) ? 1 : -1) * f.duration(1000, 100_000_000);
    },
  },
  {
    name: "maintenance",
    needsServices: true,
    weight: 1,
    run: (f) => {
      const { name } = f.host();
      f.anna.option(name, "maintenance-mode", "true");
      f.later(f.duration(1000, 30_000), () => {
        f.anna.option(name, "maintenance-mode", "false");
      });
    },
  },
  {
    name: "move",
    weight: 3,
    run: (f) => void f.anna.move(f.host().name, f.guest(), { to: f.host().name }),
  },
  { name: "clear", weight: 3, run: (f) => void f.anna.clear(f.host().name, f.guest()) },
  {
    name: "target-role",
    weight: 2,
    run: (f) => {
      const guest = f.guest();
      const role = f.prng.pick(["Stopped", "Started"]);
      f.anna.targetRole(f.host().name, guest, role);
    },
  },
  {
    name: "standby",
    weight: 2,
    run: (f) => void f.anna.standby(f.host().name, f.host().name, f.prng.chance(0.4)),
  },
  { name: "changes", weight: 3, run: (f) => f.marks.make(f.host().name) },
];
