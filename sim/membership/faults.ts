/** What goes wrong, at random: cuts, bad weather, freezes, crashes, power cuts, departures. Then all of it ends. */
import type { Prng } from "../../src/base/prng.ts";
import type { Cluster } from "./cluster.ts";
import type { Host } from "./host.ts";
import { fairWeather } from "./lan.ts";
import type { Truth } from "./truth.ts";

type Fault = (faults: Faults) => void;

const faults: readonly (readonly [weight: number, fault: Fault])[] = [
  [4, (each) => each.cutOneDirection()],
  [2, (each) => each.cutBothDirections()],
  [1, (each) => each.cutOnePath()],
  [3, (each) => each.badWeather()],
  [4, (each) => each.freeze()],
  [2, (each) => each.crash()],
  [1, (each) => each.powerCut()],
  [1, (each) => each.leave()],
  [1, (each) => each.announceRestart()],
  [1, (each) => each.announce()],
];

/** Longer than an orderly departure takes. */
const departureMs = 600;

export class Faults {
  readonly #cluster: Cluster;
  readonly #truth: Truth;
  readonly #prng: Prng;
  readonly #names: readonly string[];
  #ended = false;
  count = 0;

  constructor(cluster: Cluster, truth: Truth, prng: Prng) {
    this.#cluster = cluster;
    this.#truth = truth;
    this.#prng = prng;
    this.#names = cluster.nodes;
  }

  start(): void {
    this.#later(this.#prng.between(50, 3000), () => {
      this.count++;
      this.#pick()(this);
      this.start();
    });
  }

  /** No further faults, and those that last are mended. */
  end(): void {
    this.#ended = true;
    this.#cluster.lan.healAll();
    // Who is about to leave, leaves first.
    this.#cluster.clock.after(departureMs, () => {
      for (const host of this.#cluster.hosts.values()) if (!host.isRunning) host.start();
    });
  }

  cutOneDirection(): void {
    const [from, to] = this.#twoHosts();
    this.#cluster.cut(from, to);
    this.#later(this.#prng.between(50, 6000), () => this.#cluster.heal(from, to));
  }

  cutBothDirections(): void {
    const [a, b] = this.#twoHosts();
    const durationMs = this.#prng.between(50, 6000);
    this.#cluster.cut(a, b);
    this.#cluster.cut(b, a);
    this.#later(durationMs, () => {
      this.#cluster.heal(a, b);
      this.#cluster.heal(b, a);
    });
  }

  cutOnePath(): void {
    const [from, to] = this.#twoHosts();
    const { lan } = this.#cluster;
    const path = this.#prng.pick(lan.paths);
    lan.cut(from, to, path);
    this.#later(this.#prng.between(500, 6000), () => lan.heal(from, to, path));
  }

  badWeather(): void {
    const { lan } = this.#cluster;
    const worst = this.#prng.pick([1, 20, 200, 900, 2500]);
    lan.setWeather({
      lossRate: this.#prng.below(80) / 100,
      doubleRate: this.#prng.below(30) / 100,
      delayMs: [0.05, worst],
    });
    this.#later(this.#prng.between(200, 6000), () => {
      lan.setWeather(fairWeather);
    });
  }

  freeze(): void {
    const host = this.#anyHost();
    if (!host.isRunning || host.isFrozen) return;
    const { nowMs } = this.#cluster;
    const durationMs = this.#prng.pick([200, 600, 1500, 1990, 2600, 4500]);
    this.#truth.onFreeze(host.name, nowMs, nowMs + durationMs);
    host.freeze(durationMs);
  }

  crash(): void {
    const host = this.#anyHost();
    host.kill();
    this.#startLater(host);
  }

  powerCut(): void {
    const host = this.#anyHost();
    host.powerCut();
    this.#startLater(host);
  }

  leave(): void {
    const host = this.#anyHost();
    if (host.isFrozen || !host.isRunning) return;
    host.give({ kind: "leave" });
    this.#startLater(host, departureMs);
  }

  announceRestart(): void {
    const host = this.#anyHost();
    if (host.isFrozen || !host.isRunning) return;
    host.give({ kind: "announce-restart", holdMs: this.#prng.between(100, 10_000) });
    this.#startLater(host, departureMs);
  }

  announce(): void {
    const host = this.#anyHost();
    if (host.isFrozen || !host.isRunning) return;
    host.give({ kind: "announce", announcement: { n: String(this.#prng.below(10)) } });
  }

  #startLater(host: Host, leastMs = 20): void {
    this.#later(leastMs + this.#prng.below(this.#prng.pick([300, 6000])), () => {
      if (!host.isRunning) host.start();
    });
  }

  #later(durationMs: number, action: () => void): void {
    this.#cluster.clock.after(durationMs, () => {
      if (!this.#ended) action();
    });
  }

  #pick(): Fault {
    let at = this.#prng.below(faults.reduce((sum, [weight]) => sum + weight, 0));
    for (const [weight, fault] of faults) {
      if (at < weight) return fault;
      at -= weight;
    }
    return this.#pick();
  }

  #anyHost(): Host {
    return this.#cluster.host(this.#prng.pick(this.#names));
  }

  #twoHosts(): readonly [string, string] {
    const from = this.#prng.pick(this.#names);
    return [from, this.#prng.pick(this.#names.filter((name) => name !== from))];
  }
}
