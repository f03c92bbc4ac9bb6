/** Agents that ask their likes on other nodes, over the links. An answer that cannot come any more is a failure at once. */
import { after, earliest, type Instant } from "../../base/time.ts";
import type { PeerAgentEffect } from "./effects.ts";
import type { PeerAgentEvent } from "./events.ts";
import type { Message } from "./messages.ts";
import type { PeerAgentReply } from "./peer-agents.ts";

/** Requests of agents in one daemon that wait for answers; a migration has one at a time. */
export const requestsMax = 256;

export type PeerAgentStep =
  | PeerAgentEffect
  | { readonly kind: "send"; readonly to: string; readonly message: Message };

type Asked = { readonly id: number; readonly to: string; readonly until: Instant };

export class PeerAgentDesk {
  /** By the number that the request has on the link. */
  readonly #asked = new Map<number, Asked>();
  readonly #answering = new Map<number, { readonly from: string; readonly id: number }>();
  #lastNumber = 0;

  ask(
    event: Extract<PeerAgentEvent, { kind: "peer-agent-request" }>,
    isLinkUp: boolean,
    now: Instant,
  ): readonly PeerAgentStep[] {
    const { id, to, request, timeoutMs } = event;
    if (!isLinkUp) return [failure(id, `there is no link to ${to}`)];
    if (this.#asked.size >= requestsMax) return [failure(id, "too many requests wait for answers")];
    const number = ++this.#lastNumber;
    this.#asked.set(number, { id, to, until: after(now, timeoutMs) });
    return [
      { kind: "send", to, message: { kind: "peer-agent-request", id: number, request, timeoutMs } },
    ];
  }

  /** @param token of the effect that has the local agent answer. */
  onRequest(
    from: string,
    message: Extract<Message, { kind: "peer-agent-request" }>,
    token: number,
  ): readonly PeerAgentStep[] {
    this.#answering.set(token, { from, id: message.id });
    return [{ kind: "answer-peer-agent", token, from, request: message.request }];
  }

  onAnswer(token: number, reply: PeerAgentReply): readonly PeerAgentStep[] {
    const asked = this.#answering.get(token);
    if (asked === undefined) return [];
    this.#answering.delete(token);
    const message = { kind: "peer-agent-reply" as const, id: asked.id, reply };
    return [{ kind: "send", to: asked.from, message }];
  }

  onReply(from: string, id: number, reply: PeerAgentReply): readonly PeerAgentStep[] {
    const asked = this.#asked.get(id);
    if (asked === undefined || asked.to !== from) return [];
    this.#asked.delete(id);
    return [{ kind: "peer-agent-reply", id: asked.id, outcome: { reply } }];
  }

  onLinkDown(peer: string): readonly PeerAgentStep[] {
    // Who asked over that link hears no answer over another.
    for (const [token, { from }] of this.#answering)
      if (from === peer) this.#answering.delete(token);
    return this.#fail((asked) => asked.to === peer, `the link to ${peer} was lost`);
  }

  onTime(now: Instant): readonly PeerAgentStep[] {
    return this.#fail((asked) => now >= asked.until, "no answer came in time");
  }

  nextDeadline(): Instant | undefined {
    return earliest(...[...this.#asked.values()].map((asked) => asked.until));
  }

  #fail(isOver: (asked: Asked) => boolean, why: string): readonly PeerAgentStep[] {
    const over = [...this.#asked].filter(([, asked]) => isOver(asked));
    for (const [number] of over) this.#asked.delete(number);
    return over.map(([, { id }]) => failure(id, why));
  }
}

function failure(id: number, why: string): PeerAgentStep {
  return { kind: "peer-agent-reply", id, outcome: { failure: why } };
}
