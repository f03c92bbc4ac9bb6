/** What happens to packets by their names: held as by a firewall that drops them for a while, swallowed, sent twice. */

import type { SimNode } from "../sim-node.ts";
import type { PacketFate } from "../sim-sockets.ts";
import type { StageRecord } from "./stage-record.ts";

type Rule = {
  readonly node: SimNode;
  readonly packet: string;
  readonly fate: PacketFate;
  /** It applies only when this is so. */
  readonly when?: () => boolean;
  /** So many more packets it applies to. */
  left: number;
  hits: number;
};

export class PacketRules {
  /** Hears of every packet that is sent. */
  onSent: (() => void) | undefined;
  readonly #nodes: readonly SimNode[];
  #rules: Rule[] = [];

  constructor(record: StageRecord, nodes: readonly SimNode[]) {
    this.#nodes = nodes;
    for (const node of nodes) {
      node.tap = {
        onSend: (from, packet) => {
          record.onSent(from, packet.name);
          this.onSent?.();
          return this.#fateOf(from, packet.name);
        },
      };
    }
  }

  /** The next packet of this name that the node sends, and all behind it on its socket, waits until `release`. */
  hold(node: SimNode, packet: string): void {
    this.#rules.push({ node, packet, fate: "hold", left: 1, hits: 0 });
  }

  /** The same for the first packet of this name that the node sends when something is so. */
  holdWhen(node: SimNode, packet: string, when: () => boolean): void {
    this.#rules.push({ node, packet, fate: "hold", when, left: 1, hits: 0 });
  }

  /** The next `times` packets of this name that the node sends never arrive: a fault of the sender. */
  drop(node: SimNode, packet: string, times = 1): void {
    this.#rules.push({ node, packet, fate: "drop", left: times, hits: 0 });
  }

  /** The same for the first packet of this name that the node sends when something is so. */
  dropWhen(node: SimNode, packet: string, when: () => boolean): void {
    this.#rules.push({ node, packet, fate: "drop", when, left: 1, hits: 0 });
  }

  /** The next packet of this name is sent twice: a fault of the sender. */
  repeat(node: SimNode, packet: string): void {
    this.#rules.push({ node, packet, fate: "repeat", left: 1, hits: 0 });
  }

  /** Has the rule for this packet struck? */
  struck(node: SimNode, packet: string): boolean {
    return this.#rules.some(
      (rule) => rule.node === node && rule.packet === packet && rule.hits > 0,
    );
  }

  /** No rules any more; what was held goes on. */
  release(): void {
    this.#rules = [];
    for (const node of this.#nodes) for (const stream of node.streams()) stream.stall(false);
  }

  #fateOf(node: SimNode, packet: string): PacketFate {
    for (const rule of this.#rules) {
      if (rule.node !== node || rule.packet !== packet || rule.left === 0) continue;
      if (rule.when?.() === false) continue;
      rule.left--;
      rule.hits++;
      return rule.fate;
    }
    return "pass";
  }
}
