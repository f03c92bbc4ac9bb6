/**
 * Runs the machine of one DRBD resource: gives it events one at a time, performs the effects in their order, and wakes
 * it at its deadline. An effect that ends at once is an event behind those that wait, never one inside another.
 */
import { Queue } from "../../base/queue.ts";
import { type Instant, instant } from "../../base/time.ts";
import type { DrbdEffect } from "../../core/replication/effects.ts";
import type { DrbdEvent } from "../../core/replication/events.ts";
import type { Turn } from "./turn.ts";

export type ResourceMachine = {
  handle(event: DrbdEvent, now: Instant): readonly DrbdEffect[];
  nextDeadline(): Instant | undefined;
  /** Whether the range may be read from the data device without asking further. */
  readsLocally(volume: number, offset: number, length: number): boolean;
};

export type EffectPerformer = (effect: DrbdEffect) => void;

/** A Node timer cannot wait longer. */
const timerMsMax = 2 ** 31 - 1;

export class MachineLoop {
  readonly #machine: ResourceMachine;
  readonly #turn: Turn;
  readonly #perform: EffectPerformer;
  readonly #events: Queue<DrbdEvent> = new Queue();
  #isHandling = false;
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is due; it is only set anew when that is too late. */
  #timerAt = Number.POSITIVE_INFINITY;

  constructor(machine: ResourceMachine, turn: Turn, perform: EffectPerformer) {
    this.#machine = machine;
    this.#turn = turn;
    this.#perform = perform;
  }

  post(event: DrbdEvent): void {
    this.#events.push(event);
    if (!this.#isHandling) this.#turn.run(() => this.#drain());
  }

  stop(): void {
    clearTimeout(this.#timer);
    this.#events.clear();
  }

  #drain(): void {
    this.#isHandling = true;
    for (let event = this.#events.shift(); event !== undefined; event = this.#events.shift()) {
      const effects = this.#machine.handle(event, instant(performance.now()));
      for (const effect of effects) this.#perform(effect);
    }
    this.#isHandling = false;
    this.#setTimer();
  }

  #setTimer(): void {
    const deadline = this.#machine.nextDeadline();
    if (deadline === undefined || deadline >= this.#timerAt) return;
    clearTimeout(this.#timer);
    this.#timerAt = deadline;
    const waitMs = Math.min(Math.max(0, deadline - performance.now()), timerMsMax);
    this.#timer = setTimeout(() => this.#onTimer(), Math.ceil(waitMs));
  }

  #onTimer(): void {
    this.#timerAt = Number.POSITIVE_INFINITY;
    const deadline = this.#machine.nextDeadline();
    if (deadline !== undefined && deadline <= performance.now()) this.post({ kind: "wake" });
    else this.#setTimer();
  }
}
