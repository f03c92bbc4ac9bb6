/** ports/peer-agents.ts over the node's links: an agent here asks its like on another node. */

import type { PeerAgentEffect } from "../../core/node/effects.ts";
import type { NodeEvent } from "../../core/node/events.ts";
import type { PeerAgentReply, PeerAgents } from "../../ports/peer-agents.ts";

type Outcome = Extract<PeerAgentEffect, { kind: "peer-agent-reply" }>["outcome"];

export class PeerAgentDesk implements PeerAgents {
  readonly #post: (event: NodeEvent) => void;
  readonly #waiting = new Map<number, (outcome: Outcome) => void>();
  #lastId = 0;

  constructor(post: (event: NodeEvent) => void) {
    this.#post = post;
  }

  async request(
    node: string,
    request: Parameters<PeerAgents["request"]>[1],
    timeoutMs: number,
  ): Promise<PeerAgentReply> {
    const id = ++this.#lastId;
    const outcome = await new Promise<Outcome>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#post({ kind: "peer-agent-request", id, to: node, request, timeoutMs });
    });
    if ("reply" in outcome) return outcome.reply;
    throw new Error(`${node} did not answer: ${outcome.failure}`);
  }

  onReply(id: number, outcome: Outcome): void {
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiter?.(outcome);
  }
}
