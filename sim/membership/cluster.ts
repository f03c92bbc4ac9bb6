/** A simulated cluster of 2 or 3 hosts on one network, all from one seed. */

import { assert } from "../../src/base/assert.ts";
import { Prng } from "../../src/base/prng.ts";
import type { LinkEffect } from "../../src/core/link/types.ts";
import type {
  MembershipEffect,
  MembershipEvent,
  MembershipTimings,
} from "../../src/core/membership/types.ts";
import { parseAuthKeys } from "../../src/formats/authkeys/parse-authkeys.ts";
import { keyringOf } from "../../src/formats/cluster-packet/authkeys-keyring.ts";
import type { Keyring } from "../../src/formats/cluster-packet/keyring.ts";
import { SimClock } from "../kernel/sim-clock.ts";
import { Host } from "./host.ts";
import { Lan } from "./lan.ts";

const clusterKey = "auth 1\n1 sha1 0123456789abcdef";

export const simulatedTimings: MembershipTimings = {
  keepaliveMs: 250,
  warntimeMs: 1000,
  deadtimeMs: 2000,
  initdeadMs: 10_000,
  restartHoldMsMax: 30_000,
};

export type Told = {
  readonly atMs: number;
  readonly host: string;
  readonly effect: MembershipEffect;
};

export type ClusterOptions = {
  readonly seed: bigint;
  readonly nodes: readonly string[];
  readonly paths?: readonly string[];
  readonly timings?: MembershipTimings;
  /** How far clocks go wrong, as a fraction: 0.01 is 1 %. */
  readonly drift?: number;
  onTold?(told: Told): void;
  onLink?(host: Host, effect: LinkEffect): void;
  onTurn?(host: Host, event: MembershipEvent, when: "before" | "after"): void;
};

export class Cluster {
  readonly clock: SimClock = new SimClock();
  readonly lan: Lan;
  readonly hosts: Map<string, Host> = new Map();
  readonly nodes: readonly string[];
  readonly timings: MembershipTimings;
  /** Everything that the machines said, but datagrams. */
  readonly told: Told[] = [];
  readonly #options: ClusterOptions;
  readonly #prng: Prng;

  constructor(options: ClusterOptions) {
    this.#options = options;
    this.#prng = new Prng(options.seed);
    this.nodes = options.nodes;
    this.timings = options.timings ?? simulatedTimings;
    this.lan = new Lan(this.clock, this.#prng.fork(), options.paths ?? ["eth0"]);
    options.nodes.forEach((name, i) => {
      this.addHost({ name, station: name, uuid: `00000000-0000-4000-8000-00000000000${i + 1}` });
    });
  }

  /** A host that is not started yet; the cluster's own hosts are there from the beginning. */
  addHost(how: {
    readonly name: string;
    readonly station: string;
    readonly uuid: string;
    readonly keyring?: Keyring;
  }): Host {
    const { onTurn, drift = 0 } = this.#options;
    const prng = this.#prng.fork();
    const host = new Host({
      keyring: authkeysKeyring(clusterKey),
      ...how,
      nodes: this.nodes,
      timings: this.timings,
      clock: this.clock,
      lan: this.lan,
      prng,
      clockRate: 1 + (prng.between(-1000, 1000) / 1000) * drift,
      onMembership: (from, effect) => this.#onMembership(from, effect),
      onLink: (from, effect) => this.#options.onLink?.(from, effect),
      ...(onTurn === undefined ? {} : { onTurn }),
    });
    this.hosts.set(how.station, host);
    return host;
  }

  host(name: string): Host {
    const host = this.hosts.get(name);
    assert(host !== undefined, `there is a host ${name}`);
    return host;
  }

  /** Milliseconds of the world since its beginning. */
  get nowMs(): number {
    return this.clock.now;
  }

  startAll(): void {
    for (const host of this.hosts.values()) host.start();
  }

  run(durationMs: number): void {
    const untilMs = this.nowMs + durationMs;
    while (this.clock.step(untilMs));
  }

  /** The direction from the one to the other, on all paths. */
  cut(from: string, to: string): void {
    for (const path of this.lan.paths) this.lan.cut(from, to, path);
  }

  heal(from: string, to: string): void {
    for (const path of this.lan.paths) this.lan.heal(from, to, path);
  }

  #onMembership(host: Host, effect: MembershipEffect): void {
    if (effect.kind === "send-datagram") return;
    const told = { atMs: this.nowMs, host: host.station, effect };
    this.told.push(told);
    this.#options.onTold?.(told);
  }

  /** The peers that this host calls members, or "down". */
  membersOf(name: string): string {
    return this.host(name).state()?.members.join(" ") ?? "down";
  }
}

export function authkeysKeyring(authkeys: string): Keyring {
  const parsed = parseAuthKeys(authkeys, "authkeys");
  assert(parsed.ok, "the test's keys are right");
  return keyringOf(parsed.value.value);
}
