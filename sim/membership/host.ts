/**
 * A simulated host that runs the membership machine as a daemon would: a clock of its own that goes a little too
 * fast or too slow, a timer that is a little late, a receive buffer that fills while the process is frozen.
 */
import type { Prng } from "../../src/base/prng.ts";
import { type Instant, instant } from "../../src/base/time.ts";
import { Membership } from "../../src/core/membership/membership.ts";
import type {
  MembershipEffect,
  MembershipEvent,
  MembershipState,
  MembershipTimings,
} from "../../src/core/membership/types.ts";
import type { Keyring } from "../../src/formats/cluster-packet/keyring.ts";
import type { Frame, Lan } from "./lan.ts";
import type { Timeline } from "./timeline.ts";

/** What a receive buffer holds, in datagrams; what comes after is dropped. */
const bufferedMax = 400;

export type HostOptions = {
  readonly name: string;
  /** What the network calls it; another than its name when two hosts have the same name. */
  readonly station: string;
  readonly nodes: readonly string[];
  readonly timings: MembershipTimings;
  readonly keyring: Keyring;
  readonly uuid: string;
  readonly timeline: Timeline;
  readonly lan: Lan;
  readonly prng: Prng;
  /** Local milliseconds in one millisecond of the world. */
  readonly clockRate: number;
  onEffect(host: Host, effect: MembershipEffect): void;
  /** Before and after each turn of the machine. */
  onTurn?(host: Host, event: MembershipEvent, when: "before" | "after"): void;
};

export class Host {
  readonly name: string;
  readonly station: string;
  readonly clockRate: number;
  readonly #options: HostOptions;
  readonly #clockOffset: number;
  #machine: Membership | undefined;
  #bootId: bigint;
  #buffered: Frame[] = [];
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
    options.lan.attach(options.station, (frame) => this.#onFrame(frame));
  }

  get isRunning(): boolean {
    return this.#machine !== undefined;
  }

  get isFrozen(): boolean {
    return this.#frozenUntilMs !== undefined;
  }

  /** Datagrams that have arrived and were not read yet. */
  get unread(): readonly Uint8Array[] {
    return this.#buffered.map((frame) => frame.bytes);
  }

  get now(): Instant {
    return instant(this.#clockOffset + this.#options.timeline.nowMs * this.clockRate);
  }

  /** A new start of the daemon. */
  start(): void {
    this.startWith(this.#options.nodes);
  }

  /** A start with another idea of who the nodes are. */
  startWith(nodes: readonly string[]): void {
    const { name, uuid, timings, keyring, prng } = this.#options;
    const self = { name, uuid, bootId: this.#bootId };
    this.#buffered = [];
    this.#machine = new Membership({ self, nodes, timings, keyring }, prng.fork(), this.now);
    this.#setTimer();
  }

  /** The daemon is gone at once, without a word. */
  kill(): void {
    this.#machine = undefined;
    this.#frozenUntilMs = undefined;
    this.#timer++;
  }

  powerCut(): void {
    this.kill();
    this.#bootId = this.#options.prng.u64();
  }

  freeze(durationMs: number): void {
    const { timeline } = this.#options;
    const untilMs = timeline.nowMs + durationMs;
    if (this.#machine === undefined || (this.#frozenUntilMs ?? 0) >= untilMs) return;
    this.#frozenUntilMs = untilMs;
    timeline.in(durationMs, () => {
      if (this.#frozenUntilMs === untilMs) this.#thaw();
    });
  }

  give(event: MembershipEvent): void {
    this.#turn(event);
  }

  state(): MembershipState | undefined {
    return this.#machine?.state(this.now);
  }

  #thaw(): void {
    this.#frozenUntilMs = undefined;
    // A runtime looks at its timers first, or at its sockets.
    const timersFirst = this.#options.prng.chance(0.5);
    if (timersFirst) this.#wakeIfDue();
    for (let frame = this.#buffered.shift(); frame !== undefined; frame = this.#buffered.shift()) {
      this.#receive(frame);
    }
    if (!timersFirst) this.#wakeIfDue();
  }

  #onFrame(frame: Frame): void {
    if (this.#machine === undefined) return;
    if (this.isFrozen) {
      if (this.#buffered.length < bufferedMax) this.#buffered.push(frame);
    } else {
      this.#receive(frame);
    }
  }

  #receive({ path, address, bytes }: Frame): void {
    this.#turn({ kind: "datagram", path, address, bytes });
  }

  #wakeIfDue(): void {
    if (!this.#isWakeDue) return;
    this.#isWakeDue = false;
    this.#turn({ kind: "wake" });
  }

  #turn(event: MembershipEvent): void {
    const machine = this.#machine;
    if (machine === undefined) return;
    this.#options.onTurn?.(this, event, "before");
    const effects = machine.handle(event, this.now);
    for (const effect of effects) this.#perform(effect);
    this.#options.onTurn?.(this, event, "after");
    this.#setTimer();
  }

  #perform(effect: MembershipEffect): void {
    this.#options.onEffect(this, effect);
    if (effect.kind === "send-datagram")
      this.#options.lan.broadcast(this.#options.station, effect.bytes);
    if (effect.kind === "gone") this.kill();
  }

  #setTimer(): void {
    const deadline = this.#machine?.nextDeadline();
    if (deadline === undefined) return;
    const timer = ++this.#timer;
    const { timeline, prng } = this.#options;
    const atMs = (deadline - this.#clockOffset) / this.clockRate;
    const lateMs = prng.below(1000) / 500;
    timeline.at(Math.max(timeline.nowMs, atMs + lateMs), () => {
      if (timer !== this.#timer) return;
      this.#isWakeDue = true;
      if (!this.isFrozen) this.#wakeIfDue();
    });
  }
}
