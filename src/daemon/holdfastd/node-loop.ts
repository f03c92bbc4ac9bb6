/**
 * The loop around the node's machine: one event at a time, its effects performed in their order, one timer. An event
 * that comes up while effects are being performed waits for its turn.
 */
import { Queue } from "../../base/queue.ts";
import { type Instant, instant, type WallTime, wallTime } from "../../base/time.ts";
import type { NodeEffect } from "../../core/node/effects.ts";
import type { NodeEvent } from "../../core/node/events.ts";
import type { NodeStatus } from "../../core/node/node-status.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";

/** core/node's Node, as its shell sees it. */
export type NodeMachine = {
  handle(event: NodeEvent, now: Instant, wallNow: WallTime): readonly NodeEffect[];
  nextDeadline(): Instant | undefined;
  status(now: Instant, wallNow: WallTime): NodeStatus;
  /** With its status section. */
  readonly cib: XmlElement;
};

/** Timers longer than this are set again on the way. */
const timerMsMax = 60_000;

export class NodeLoop {
  readonly #machine: NodeMachine;
  readonly #perform: (effect: NodeEffect) => void;
  readonly #queue = new Queue<NodeEvent>();
  #timer: NodeJS.Timeout | undefined;
  #isBusy = false;
  #isEnded = false;

  constructor(machine: NodeMachine, perform: (effect: NodeEffect) => void) {
    this.#machine = machine;
    this.#perform = perform;
  }

  get cib(): XmlElement {
    return this.#machine.cib;
  }

  status(): NodeStatus {
    return this.#machine.status(now(), wallNow());
  }

  post(event: NodeEvent): void {
    if (this.#isEnded) return;
    this.#queue.push(event);
    if (this.#isBusy) return;
    this.#isBusy = true;
    for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
      for (const effect of this.#machine.handle(next, now(), wallNow())) this.#perform(effect);
    }
    this.#isBusy = false;
    this.#setTimer();
  }

  /** The machine is done: nothing is handled any more. */
  end(): void {
    this.#isEnded = true;
    this.#queue.clear();
    clearTimeout(this.#timer);
  }

  #setTimer(): void {
    clearTimeout(this.#timer);
    if (this.#isEnded) return;
    const at = now();
    const deadline = this.#machine.nextDeadline();
    if (deadline === undefined) return;
    const waitMs = Math.min(timerMsMax, Math.max(0, Math.ceil(deadline - at)));
    this.#timer = setTimeout(() => this.post({ kind: "wake" }), waitMs);
  }
}

function now(): Instant {
  return instant(performance.now());
}

function wallNow(): WallTime {
  return wallTime(Date.now());
}
