/**
 * A simulated host that runs membership and links as a daemon would: a clock of its own that goes a little too
 * fast or too slow, a timer that is a little late, and what arrives while the process is frozen waits unread.
 */
import type { Prng } from "../../src/base/prng.ts";
import { earliest, type Instant, instant } from "../../src/base/time.ts";
import { linkEvent } from "../../src/core/link/follow-membership.ts";
import { Links } from "../../src/core/link/links.ts";
import type { LinkEffect, LinkEvent, LinkState } from "../../src/core/link/types.ts";
import { Membership } from "../../src/core/membership/membership.ts";
import type {
  MembershipEffect,
  MembershipEvent,
  MembershipState,
  MembershipTimings,
} from "../../src/core/membership/types.ts";
import type { Keyring } from "../../src/formats/cluster-packet/keyring.ts";
import type { SimClock } from "../kernel/sim-clock.ts";
import { HostStreams } from "./host-streams.ts";
import type { Frame, Lan } from "./lan.ts";

/** What a receive buffer holds, in events; datagrams that come after are dropped. */
const unreadMax = 400;

export type HostOptions = {
  readonly name: string;
  /** What the network calls it; another than its name when two hosts have the same name. */
  readonly station: string;
  readonly nodes: readonly string[];
  readonly timings: MembershipTimings;
  readonly keyring: Keyring;
  readonly uuid: string;
  readonly clock: SimClock;
  readonly lan: Lan;
  readonly prng: Prng;
  /** Local milliseconds in one millisecond of the world. */
  readonly clockRate: number;
  onMembership(host: Host, effect: MembershipEffect): void;
  onLink(host: Host, effect: LinkEffect): void;
  /** Before and after each turn of the membership. */
  onTurn?(host: Host, event: MembershipEvent, when: "before" | "after"): void;
};

type Daemon = {
  readonly membership: Membership;
  readonly links: Links;
  readonly streams: HostStreams;
};

type Arrival =
  | { readonly kind: "frame"; readonly frame: Frame }
  | { readonly kind: "link"; readonly event: LinkEvent };

export class Host {
  readonly name: string;
  readonly station: string;
  readonly clockRate: number;
  readonly #options: HostOptions;
  readonly #clockOffset: number;
  #daemon: Daemon | undefined;
  #bootId: bigint;
  #unread: Arrival[] = [];
  #frozenUntilMs: number | undefined;
  /** Which timer counts; an earlier one does nothing when it fires. */
  #timer = 0;
  #isWakeDue = false;

  constructor(options: HostOptions) {
    this.#options = options;
    this.name = options.name;
    this.station = options.station;
    this.clockRate = options.clockRate;
    this.#clockOffset = options.prng.below(1_000_000);
    this.#bootId = options.prng.u64();
    options.lan.attach(options.station, (frame) => this.#arrive({ kind: "frame", frame }));
  }

  get isRunning(): boolean {
    return this.#daemon !== undefined;
  }

  get isFrozen(): boolean {
    return this.#frozenUntilMs !== undefined;
  }

  get now(): Instant {
    return instant(this.#clockOffset + this.#options.clock.now * this.clockRate);
  }

  /** Datagrams that have arrived and were not read yet. */
  get unread(): readonly Uint8Array[] {
    return this.#unread.flatMap((each) => (each.kind === "frame" ? [each.frame.bytes] : []));
  }

  /** A new start of the daemon. */
  start(): void {
    this.startWith(this.#options.nodes);
  }

  /** A start with another idea of who the nodes are. */
  startWith(nodes: readonly string[]): void {
    const { name, station, uuid, timings, keyring, prng, lan } = this.#options;
    const self = { name, uuid, bootId: this.#bootId };
    const options = { self, nodes, timings, keyring };
    const membership = new Membership(options, prng.fork(), this.now);
    const { incarnation } = membership;
    const linkOptions = { self: { name, incarnation }, nodes, keyring, ...timings };
    const links = new Links(linkOptions, prng.fork());
    const addresses = lan.addressesOf(station);
    for (const address of addresses) lan.network.powerOn(address);
    lan.open(station);
    const streams = new HostStreams(lan.network, addresses, (event) => {
      if (this.#daemon?.streams === streams) this.#arrive({ kind: "link", event });
    });
    this.#unread = [];
    this.#daemon = { membership, links, streams };
    this.give({ kind: "own-addresses", addresses });
  }

  /** The daemon is gone at once, without a word. */
  kill(): void {
    this.#end();
    const { lan, station } = this.#options;
    for (const address of lan.addressesOf(station)) lan.network.processDied(address);
  }

  powerCut(): void {
    this.#end();
    this.#bootId = this.#options.prng.u64();
    const { lan, station } = this.#options;
    for (const address of lan.addressesOf(station)) lan.network.powerOff(address);
  }

  freeze(durationMs: number): void {
    const { clock } = this.#options;
    const untilMs = clock.now + durationMs;
    if (this.#daemon === undefined || (this.#frozenUntilMs ?? 0) >= untilMs) return;
    this.#frozenUntilMs = untilMs;
    clock.after(durationMs, () => {
      if (this.#frozenUntilMs === untilMs) this.#thaw();
    });
  }

  give(event: MembershipEvent): void {
    const daemon = this.#daemon;
    if (daemon === undefined) return;
    this.#options.onTurn?.(this, event, "before");
    const effects = daemon.membership.handle(event, this.now);
    for (const effect of effects) this.#performMembership(effect);
    this.#options.onTurn?.(this, event, "after");
    this.#setTimer();
  }

  giveLink(event: LinkEvent): void {
    const daemon = this.#daemon;
    if (daemon === undefined) return;
    for (const effect of daemon.links.handle(event, this.now)) {
      this.#options.onLink(this, effect);
      daemon.streams.perform(effect);
    }
    this.#setTimer();
  }

  state(): MembershipState | undefined {
    return this.#daemon?.membership.state(this.now);
  }

  linkStates(): readonly LinkState[] {
    return this.#daemon?.links.state() ?? [];
  }

  #end(): void {
    this.#daemon = undefined;
    this.#frozenUntilMs = undefined;
    this.#timer++;
  }

  #thaw(): void {
    this.#frozenUntilMs = undefined;
    // A runtime looks at its timers first, or at its sockets.
    const timersFirst = this.#options.prng.chance(0.5);
    if (timersFirst) this.#wakeIfDue();
    for (let each = this.#unread.shift(); each !== undefined; each = this.#unread.shift()) {
      this.#read(each);
    }
    if (!timersFirst) this.#wakeIfDue();
  }

  #arrive(arrival: Arrival): void {
    if (this.#daemon === undefined) return;
    if (!this.isFrozen) this.#read(arrival);
    else if (arrival.kind === "link" || this.#unread.length < unreadMax) this.#unread.push(arrival);
  }

  #read(arrival: Arrival): void {
    if (arrival.kind === "link") {
      this.giveLink(arrival.event);
      return;
    }
    const { path, address, bytes } = arrival.frame;
    this.give({ kind: "datagram", path, address, bytes });
  }

  #wakeIfDue(): void {
    if (!this.#isWakeDue) return;
    this.#isWakeDue = false;
    this.give({ kind: "wake" });
    this.giveLink({ kind: "wake" });
  }

  #performMembership(effect: MembershipEffect): void {
    this.#options.onMembership(this, effect);
    if (effect.kind === "send-datagram") {
      this.#options.lan.broadcast(this.station, effect.bytes);
      return;
    }
    const event = linkEvent(effect);
    if (event !== undefined) this.giveLink(event);
    if (effect.kind === "gone") this.kill();
  }

  #setTimer(): void {
    const daemon = this.#daemon;
    if (daemon === undefined) return;
    const deadline = earliest(daemon.membership.nextDeadline(), daemon.links.nextDeadline());
    if (deadline === undefined) return;
    const timer = ++this.#timer;
    const { clock, prng } = this.#options;
    const atMs = (deadline - this.#clockOffset) / this.clockRate;
    const lateMs = prng.below(1000) / 500;
    clock.after(Math.max(0, atMs + lateMs - clock.now), () => {
      if (timer !== this.#timer) return;
      this.#isWakeDue = true;
      if (!this.isFrozen) this.#wakeIfDue();
    });
  }
}
