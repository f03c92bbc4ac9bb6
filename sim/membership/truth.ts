/**
 * What really happened between the hosts, noted beside the machines: which packet of whom was read by whom, and
 * what its sender had read before. The laws compare what the machines say with it.
 */
import { present } from "../../src/base/assert.ts";
import type { Cluster } from "./cluster.ts";
import type { Host } from "./host.ts";

type Sent = {
  readonly incarnation: bigint;
  readonly atMs: number;
  /** By incarnation: when the newest packet was sent that the sender had read of it. */
  readonly read: ReadonlyMap<bigint, number>;
};

type Freeze = { readonly fromMs: number; readonly untilMs: number };

export class Truth {
  readonly #cluster: Cluster;
  readonly #sent = new WeakMap<Uint8Array, Sent>();
  /** "reader sender" -> when the newest packet was sent that the reader has read. */
  readonly #read = new Map<bigint, Map<bigint, number>>();
  /** "reader sender" -> when the reader's newest packet was sent that had an answer which it has read. */
  readonly #answered = new Map<bigint, Map<bigint, number>>();
  readonly #freezes = new Map<string, Freeze[]>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
    cluster.lan.tap((frame, from) => this.#onSent(frame.bytes, cluster.host(from)));
  }

  onRead(host: Host, bytes: Uint8Array): void {
    const sent = this.#sent.get(bytes);
    const reader = host.state()?.incarnation;
    if (sent === undefined || reader === undefined) return;
    raise(row(this.#read, reader), sent.incarnation, sent.atMs);
    const answered = sent.read.get(reader);
    if (answered !== undefined) raise(row(this.#answered, reader), sent.incarnation, answered);
  }

  onFreeze(host: string, fromMs: number, untilMs: number): void {
    const freezes = this.#freezes.get(host) ?? [];
    this.#freezes.set(host, freezes);
    freezes.push({ fromMs, untilMs });
  }

  /** Since when there was no packet there and back between the two, for sure; undefined when there never was one. */
  roundTripAtMs(reader: bigint, sender: bigint): number | undefined {
    return this.#answered.get(reader)?.get(sender);
  }

  /** Whose start the packet shows, if a host sent it. */
  senderOf(bytes: Uint8Array): bigint | undefined {
    return this.#sent.get(bytes)?.incarnation;
  }

  /** What this host's own freezes excuse: their length since then, and a keepalive of grace for each. */
  excuseMs(host: string, sinceMs: number): number {
    const { keepaliveMs } = this.#cluster.timings;
    const recent = (this.#freezes.get(host) ?? []).filter((freeze) => freeze.untilMs >= sinceMs);
    return recent.reduce(
      (sum, freeze) => sum + (freeze.untilMs - freeze.fromMs) + 2 * keepaliveMs,
      0,
    );
  }

  #onSent(bytes: Uint8Array, host: Host): void {
    if (this.#sent.has(bytes)) return;
    const incarnation = present(host.state(), "the state of a host that sends").incarnation;
    const read = new Map(this.#read.get(incarnation) ?? []);
    this.#sent.set(bytes, { incarnation, atMs: this.#cluster.nowMs, read });
  }
}

function row(of: Map<bigint, Map<bigint, number>>, key: bigint): Map<bigint, number> {
  const found = of.get(key) ?? new Map<bigint, number>();
  of.set(key, found);
  return found;
}

function raise(times: Map<bigint, number>, key: bigint, atMs: number): void {
  times.set(key, Math.max(times.get(key) ?? Number.NEGATIVE_INFINITY, atMs));
}
