/** The network of a cluster in memory: datagrams and streams that take a millisecond, and wires that can be cut. */

import type { SimClock } from "../../sim/kernel/sim-clock.ts";
import { concatBytes } from "../../src/base/bytes.ts";
import type { LinkEffect, LinkEvent } from "../../src/core/link/types.ts";

const delayMs = 1;

type End = { readonly host: string; readonly connection: number };

export type Receiver = {
  datagram(from: string, bytes: Uint8Array): void;
  link(event: LinkEvent): void;
};

export class MemoryNetwork {
  readonly #clock: SimClock;
  readonly #receivers = new Map<string, Receiver>();
  readonly #cuts = new Set<string>();
  readonly #other = new Map<string, End>();
  #accepted = 0;

  constructor(clock: SimClock) {
    this.#clock = clock;
  }

  attach(host: string, receiver: Receiver): void {
    this.#receivers.set(host, receiver);
  }

  /** Its daemon is gone; open streams end at the other side when its kernel still answers. */
  detach(host: string, kernelAnswers: boolean): void {
    this.#receivers.delete(host);
    for (const [key, other] of [...this.#other]) {
      if (!key.startsWith(`${host} `)) continue;
      this.#other.delete(key);
      this.#other.delete(keyOf(other));
      if (kernelAnswers) this.#tell(host, other.host, closed(other));
    }
  }

  /** Streams end for this host at once; the other side hears nothing of it. */
  breakStreams(host: string): void {
    for (const key of [...this.#other.keys()].filter((each) => each.startsWith(`${host} `))) {
      const other = this.#other.get(key);
      this.#other.delete(key);
      if (other !== undefined) this.#other.delete(keyOf(other));
      const connection = Number(key.split(" ")[1]);
      this.#receivers.get(host)?.link({ kind: "closed", connection, why: "reset" });
    }
  }

  cut(a: string, b: string): void {
    this.#cuts.add(pair(a, b));
  }

  heal(): void {
    this.#cuts.clear();
  }

  broadcast(from: string, bytes: Uint8Array): void {
    for (const to of this.#receivers.keys()) {
      if (to === from) continue;
      this.#later(from, to, (receiver) => receiver.datagram(from, bytes));
    }
  }

  perform(host: string, effect: Extract<LinkEffect, { kind: "dial" | "write" | "close" }>): void {
    const end = { host, connection: effect.connection };
    const other = this.#other.get(keyOf(end));
    switch (effect.kind) {
      case "dial":
        this.#dial(end, effect.address);
        return;
      case "write": {
        if (other === undefined) return;
        const event = { kind: "bytes" as const, connection: other.connection };
        const bytes = concatBytes(effect.parts);
        this.#tell(host, other.host, { ...event, bytes });
        return;
      }
      case "close":
        if (other === undefined) return;
        this.#other.delete(keyOf(end));
        this.#other.delete(keyOf(other));
        this.#tell(host, other.host, closed(other));
    }
  }

  #dial(from: End, address: string): void {
    const host = address;
    this.#clock.after(delayMs, () => {
      const receiver = this.#receivers.get(host);
      const dialer = this.#receivers.get(from.host);
      if (dialer === undefined) return;
      if (receiver === undefined || this.#cuts.has(pair(from.host, host))) {
        dialer.link({ kind: "closed", connection: from.connection, why: "no answer" });
        return;
      }
      this.#accepted += 2;
      const to = { host, connection: this.#accepted };
      this.#other.set(keyOf(from), to);
      this.#other.set(keyOf(to), from);
      dialer.link({ kind: "connected", connection: from.connection });
      receiver.link({ kind: "accepted", connection: to.connection, address: from.host });
    });
  }

  #tell(from: string, to: string, event: LinkEvent): void {
    this.#later(from, to, (receiver) => receiver.link(event));
  }

  #later(from: string, to: string, deliver: (receiver: Receiver) => void): void {
    const before = this.#receivers.get(to);
    this.#clock.after(delayMs, () => {
      const receiver = this.#receivers.get(to);
      if (receiver !== undefined && receiver === before && !this.#cuts.has(pair(from, to))) {
        deliver(receiver);
      }
    });
  }
}

function closed({ connection }: End): LinkEvent {
  return { kind: "closed", connection, why: "ended by the other side" };
}

function keyOf({ host, connection }: End): string {
  return `${host} ${connection}`;
}

function pair(a: string, b: string): string {
  return a < b ? `${a} ${b}` : `${b} ${a}`;
}
