/**
 * A network of hosts: directed links that are up or down, with delay and jitter; streams like TCP's, datagrams like
 * UDP's. A stream over a link that is down waits, as TCP does; one whose other host has lost power says nothing until
 * that host is back and answers with a reset.
 */
import { assert, present } from "../../src/base/assert.ts";
import type { Prng } from "../../src/base/prng.ts";
import type { SimClock } from "./sim-clock.ts";
import { SimStream } from "./sim-stream.ts";

export type SimLink = { up: boolean; delayMs: number; jitterMs: number; loss: number };

export type DatagramHandler = (from: string, bytes: Uint8Array) => void;

/** What a host's network is while it has power. */
type Host = {
  readonly address: string;
  powered: boolean;
  /** By port: who takes an accepted stream. */
  readonly listeners: Map<number, (stream: SimStream) => void>;
  readonly datagrams: Map<number, DatagramHandler>;
  readonly streams: Set<SimStream>;
};

export class SimNetwork {
  readonly #clock: SimClock;
  readonly #prng: Prng;
  readonly #hosts = new Map<string, Host>();
  readonly #links = new Map<string, SimLink>();

  constructor(clock: SimClock, prng: Prng) {
    this.#clock = clock;
    this.#prng = prng;
  }

  addHost(address: string): void {
    this.#hosts.set(address, {
      address,
      powered: true,
      listeners: new Map(),
      datagrams: new Map(),
      streams: new Set(),
    });
  }

  /** The link in one direction. */
  link(from: string, to: string): SimLink {
    const key = `${from}>${to}`;
    let link = this.#links.get(key);
    if (link === undefined) {
      link = { up: true, delayMs: 0.1, jitterMs: 0.1, loss: 0 };
      this.#links.set(key, link);
    }
    return link;
  }

  /** Changes a link and lets what waits for it go on. */
  setLink(from: string, to: string, change: Partial<SimLink>): void {
    Object.assign(this.link(from, to), change);
    for (const stream of [...this.#host(from).streams]) stream.resume();
    for (const stream of [...this.#host(to).streams]) stream.resume();
  }

  listen(address: string, port: number, accept: (stream: SimStream) => void): void {
    this.#host(address).listeners.set(port, accept);
  }

  stopListening(address: string, port: number): void {
    this.#host(address).listeners.delete(port);
  }

  /** A try to connect: ends with a stream, or with a reason. @returns what gives it up. */
  connect(
    from: string,
    to: { readonly address: string; readonly port: number },
    timeoutMs: number,
    done: (stream: SimStream | undefined, reason: string) => void,
  ): () => void {
    let ended = false;
    const end = (stream: SimStream | undefined, reason: string): void => {
      if (ended) {
        stream?.close();
        return;
      }
      ended = true;
      done(stream, reason);
    };
    this.#clock.after(timeoutMs, () => end(undefined, "timed out"));
    const there = this.delayMs(from, to.address);
    this.#clock.after(there, () => this.#onSyn(from, to, end, () => ended));
    return () => {
      ended = true;
    };
  }

  bindDatagrams(address: string, port: number, handler: DatagramHandler): void {
    this.#host(address).datagrams.set(port, handler);
  }

  sendDatagram(from: string, to: string, port: number, bytes: Uint8Array): void {
    const link = this.link(from, to);
    if (!link.up || !this.#host(from).powered || this.#prng.chance(link.loss)) return;
    this.#clock.after(this.delayMs(from, to), () => {
      const host = this.#host(to);
      if (host.powered && link.up) host.datagrams.get(port)?.(from, bytes);
    });
  }

  /** The process is gone: its kernel closes what was open; what was sent may still arrive, or not. */
  processDied(address: string): void {
    const host = this.#host(address);
    host.listeners.clear();
    host.datagrams.clear();
    for (const stream of [...host.streams]) stream.abandon(this.#prng.chance(0.5));
    host.streams.clear();
  }

  /** No packet leaves any more, not even a reset. */
  powerOff(address: string): void {
    const host = this.#host(address);
    host.powered = false;
    host.listeners.clear();
    host.datagrams.clear();
    for (const stream of [...host.streams]) stream.vanish();
    host.streams.clear();
  }

  powerOn(address: string): void {
    this.#host(address).powered = true;
  }

  isPowered(address: string): boolean {
    return this.#host(address).powered;
  }

  isUp(from: string, to: string): boolean {
    return this.link(from, to).up;
  }

  delayMs(from: string, to: string): number {
    const link = this.link(from, to);
    return link.delayMs + (link.jitterMs * this.#prng.below(1000)) / 1000;
  }

  /** Where a chunk is cut in two, for readers that must not rely on borders; 0: not at all. */
  cutAt(length: number): number {
    return length > 1 && this.#prng.chance(0.05) ? 1 + this.#prng.below(length - 1) : 0;
  }

  forget(address: string, stream: SimStream): void {
    this.#host(address).streams.delete(stream);
  }

  #onSyn(
    from: string,
    to: { readonly address: string; readonly port: number },
    end: (stream: SimStream | undefined, reason: string) => void,
    ended: () => boolean,
  ): void {
    const host = this.#host(to.address);
    const passes = this.isUp(from, to.address) && this.isUp(to.address, from);
    if (!passes || !host.powered || ended()) return;
    const accept = host.listeners.get(to.port);
    const back = this.delayMs(to.address, from);
    if (accept === undefined) {
      this.#clock.after(back, () => end(undefined, "refused"));
      return;
    }
    const mine = new SimStream(this.#clock, this, { from, to: to.address });
    const theirs = new SimStream(this.#clock, this, { from: to.address, to: from });
    mine.join(theirs);
    this.#host(from).streams.add(mine);
    host.streams.add(theirs);
    accept(theirs);
    this.#clock.after(back, () => {
      if (ended()) mine.close();
      else end(mine, "");
    });
  }

  #host(address: string): Host {
    const host = this.#hosts.get(address);
    assert(host !== undefined, `there is a host ${address}`);
    return present(host, "the host");
  }
}
