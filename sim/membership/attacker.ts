/**
 * Somebody on the network without the key: he sees every packet, and sends what he likes, from any address: what he
 * recorded, now or later, whole, cut or changed; packets of his own making under another key; rubbish.
 */
import type { Prng } from "../../src/base/prng.ts";
import { encodeHeartbeat } from "../../src/formats/cluster-packet/heartbeat.ts";
import { sealPacket } from "../../src/formats/cluster-packet/sealed-packet.ts";
import { authkeysKeyring, type Cluster } from "./cluster.ts";
import type { Frame } from "./lan.ts";

const recordedMax = 2000;
const ownKeyring = authkeysKeyring("auth 1\n1 sha1 not-the-cluster's-key");

export class Attacker {
  readonly #cluster: Cluster;
  readonly #prng: Prng;
  readonly #recorded: Frame[] = [];
  sent = 0;

  constructor(cluster: Cluster, prng: Prng) {
    this.#cluster = cluster;
    this.#prng = prng;
    cluster.lan.tap((frame) => this.#record(frame));
  }

  start(): void {
    this.#cluster.clock.after(this.#prng.between(1, 60), () => {
      this.#attack();
      this.start();
    });
  }

  #record(frame: Frame): void {
    if (this.#recorded.length < recordedMax) this.#recorded.push(frame);
    else this.#recorded[this.#prng.below(recordedMax)] = frame;
  }

  #attack(): void {
    const { lan, nodes, clock } = this.#cluster;
    const to = this.#prng.pick(nodes);
    const path = this.#prng.pick(lan.paths);
    const address = this.#prng.pick(["203.0.113.7", "xen1@eth0", "xen2@eth0"]);
    const bytes = this.#bytes();
    this.sent++;
    const delayMs = this.#prng.chance(0.8) ? 0 : this.#prng.below(3000);
    clock.after(delayMs, () => lan.inject({ to, path, address, bytes }));
  }

  #bytes(): Uint8Array {
    const frame = this.#recorded.length === 0 ? undefined : this.#prng.pick(this.#recorded);
    const what = this.#prng.below(10);
    if (frame === undefined || what === 0) return this.#prng.bytes(this.#prng.below(1500));
    if (what === 1) return this.#forged();
    if (what === 2) return frame.bytes.slice(0, this.#prng.below(frame.bytes.length));
    if (what === 3) return this.#changed(frame.bytes);
    return frame.bytes;
  }

  #changed(bytes: Uint8Array): Uint8Array {
    const copy = bytes.slice();
    const at = this.#prng.below(copy.length);
    copy[at] = (copy[at] ?? 0) ^ (1 << this.#prng.below(8));
    return copy;
  }

  #forged(): Uint8Array {
    const sender = this.#prng.pick(this.#cluster.nodes);
    const heard = this.#cluster.nodes.map((name) => ({
      name,
      incarnation: this.#cluster.host(name).state()?.incarnation ?? 0n,
      sequence: this.#prng.below(1000),
      episode: this.#prng.below(5),
      hears: true,
    }));
    const body = encodeHeartbeat({
      uuid: "00000000-0000-4000-8000-0000000000ff",
      incarnation: this.#prng.u64(),
      bootId: this.#prng.u64(),
      sequence: this.#prng.below(1_000_000),
      intent: this.#prng.pick(["running", "restarting", "leaving"]),
      holdMs: 1000,
      answerAtOnce: true,
      addresses: ["203.0.113.7"],
      heard,
      announcement: {},
    });
    return sealPacket({ kind: 1, sender, body }, ownKeyring);
  }
}
