/** Every host sends numbered messages to the others all the time; each says from which start and to whom it goes. */
import type { Prng } from "../../src/base/prng.ts";
import { encodeUtf8 } from "../../src/base/utf8.ts";
import type { Cluster } from "./cluster.ts";
import type { Host } from "./host.ts";

export class Chatter {
  readonly #cluster: Cluster;
  readonly #prng: Prng;
  #count = 0;

  constructor(cluster: Cluster, prng: Prng) {
    this.#cluster = cluster;
    this.#prng = prng;
  }

  start(): void {
    this.#cluster.clock.after(this.#prng.between(20, 400), () => {
      const host = this.#cluster.host(this.#prng.pick(this.#cluster.nodes));
      const to = this.#prng.pick(this.#cluster.nodes);
      const padding = "x".repeat(this.#prng.below(this.#prng.pick([10, 5000])));
      if (to !== host.name && !host.isFrozen) this.send(host, to, padding);
      this.start();
    });
  }

  send(host: Host, to: string, padding: string): void {
    const incarnation = host.state()?.incarnation.toString(16);
    const text = `${incarnation} ${to} ${++this.#count} ${padding}`;
    host.giveLink({ kind: "send-message", to, bytes: encodeUtf8(text) });
  }
}
