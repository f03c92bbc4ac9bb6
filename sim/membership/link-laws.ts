/**
 * What must hold of links whatever happens: a link is only to a member, in the incarnation that the membership
 * knows; a message comes over a link that is up, from the start of the daemon that the link is to, to its addressee,
 * at most once and in the order of sending. And when all faults have ended there is a link between any two nodes.
 */
import { decodeUtf8 } from "../../src/base/utf8.ts";
import type { LinkEffect } from "../../src/core/link/types.ts";
import type { Cluster } from "./cluster.ts";
import type { Host } from "./host.ts";

export class LinkLaws {
  readonly violations: string[] = [];
  messages = 0;
  readonly #cluster: Cluster;
  /** By "incarnation of the host, peer": the incarnation of the peer to which a link is up. */
  readonly #up = new Map<string, bigint>();
  /** By "incarnation of the receiver, of the sender": the number of the last message. */
  readonly #last = new Map<string, number>();

  constructor(cluster: Cluster) {
    this.#cluster = cluster;
  }

  onLink(host: Host, effect: LinkEffect): void {
    const state = host.state();
    if (state === undefined) return;
    if (effect.kind === "link-up") {
      const peer = state.peers.find((each) => each.name === effect.peer);
      const isMember = peer?.standing === "member" || peer?.standing === "restarting";
      if (!isMember || peer.incarnation !== effect.incarnation) {
        this.#violate(host, `a link to ${effect.peer}, which is ${peer?.standing}`);
      }
      const key = `${state.incarnation} ${effect.peer}`;
      if (this.#up.has(key)) this.#violate(host, `a second link to ${effect.peer}`);
      this.#up.set(key, effect.incarnation);
    }
    if (effect.kind === "link-down" && !this.#up.delete(`${state.incarnation} ${effect.peer}`)) {
      this.#violate(host, `the link to ${effect.peer} goes down and was not up`);
    }
    if (effect.kind === "message") this.#onMessage(host, state.incarnation, effect);
  }

  /** All faults have ended some time ago. */
  checkHealed(): void {
    for (const host of this.#cluster.hosts.values()) {
      for (const link of host.linkStates()) {
        if (!link.up) this.#violate(host, `after healing there is no link to ${link.peer}`);
      }
    }
  }

  #onMessage(
    host: Host,
    incarnation: bigint,
    message: Extract<LinkEffect, { kind: "message" }>,
  ): void {
    this.messages++;
    const [sender, to, number] = decodeUtf8(message.bytes).split(" ");
    const expected = this.#up.get(`${incarnation} ${message.from}`)?.toString(16);
    if (sender !== expected) {
      this.#violate(host, `a message of ${sender} over a link to ${expected}`);
    }
    if (to !== host.name) this.#violate(host, `a message for ${to}`);
    const key = `${incarnation} ${sender}`;
    if (Number(number) <= (this.#last.get(key) ?? 0)) {
      this.#violate(host, `message ${number} after ${this.#last.get(key)}`);
    }
    this.#last.set(key, Number(number));
  }

  #violate(host: Host, what: string): void {
    this.violations.push(`${this.#cluster.nowMs.toFixed(1)} ms ${host.name}: ${what}`);
  }
}
