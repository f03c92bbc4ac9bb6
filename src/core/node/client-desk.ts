/**
 * Requests of people's commands, and of other nodes on their behalf: who waits for which answer, and where it goes. A
 * request that was passed on and whose node is lost is answered as of unknown outcome.
 */
import type { ClientError, ClientReply, ClientRequest } from "./client-requests.ts";
import type { Message } from "./messages.ts";

/** Requests without an answer, of all clients together. */
export const requestsMax = 1000;

export type ClientOrigin =
  | { readonly kind: "here"; readonly id: number }
  | { readonly kind: "peer"; readonly from: string; readonly id: number };

export type ClientStep =
  | { readonly kind: "client-reply"; readonly id: number; readonly reply: ClientReply }
  | { readonly kind: "send"; readonly to: string; readonly message: Message };

type Waiting = {
  readonly origin: ClientOrigin;
  readonly request: ClientRequest;
  /** The node that it was passed on to. */
  readonly passedTo: string | undefined;
};

export class ClientDesk {
  readonly #waiting = new Map<number, Waiting>();
  #lastNumber = 0;

  get isFull(): boolean {
    return this.#waiting.size >= requestsMax;
  }

  /** It is dealt with here, under this number. */
  keep(origin: ClientOrigin, request: ClientRequest): number {
    const number = ++this.#lastNumber;
    this.#waiting.set(number, { origin, request, passedTo: undefined });
    return number;
  }

  passOn(origin: ClientOrigin, request: ClientRequest, to: string): readonly ClientStep[] {
    const id = ++this.#lastNumber;
    this.#waiting.set(id, { origin, request, passedTo: to });
    return [{ kind: "send", to, message: { kind: "client-request", id, request } }];
  }

  /** Numbers of those of that kind that are dealt with here. */
  waitingFor(kind: ClientRequest["kind"]): readonly number[] {
    return [...this.#waiting]
      .filter(([, { request, passedTo }]) => request.kind === kind && passedTo === undefined)
      .map(([number]) => number);
  }

  /** What was kept here is dealt with there from now on. */
  moveOn(number: number, to: string): readonly ClientStep[] {
    const waiting = this.#waiting.get(number);
    if (waiting === undefined) return [];
    const { request } = waiting;
    this.#waiting.set(number, { ...waiting, passedTo: to });
    return [{ kind: "send", to, message: { kind: "client-request", id: number, request } }];
  }

  answer(number: number, reply: ClientReply): readonly ClientStep[] {
    const waiting = this.#waiting.get(number);
    if (waiting === undefined) return [];
    this.#waiting.delete(number);
    return answerTo(waiting.origin, reply);
  }

  onReply(from: string, number: number, reply: ClientReply): readonly ClientStep[] {
    return this.#waiting.get(number)?.passedTo === from ? this.answer(number, reply) : [];
  }

  /** What was passed on there will not be answered; what came from there has nobody who waits. */
  onLinkDown(peer: string): readonly ClientStep[] {
    for (const [number, { origin }] of this.#waiting) {
      if (origin.kind === "peer" && origin.from === peer) this.#waiting.delete(number);
    }
    const passed = [...this.#waiting].filter(([, { passedTo }]) => passedTo === peer);
    return passed.flatMap(([number, { request }]) =>
      this.answer(number, { ok: false, error: lost(request, peer) }),
    );
  }
}

export function answerTo(origin: ClientOrigin, reply: ClientReply): readonly ClientStep[] {
  if (origin.kind === "here") return [{ kind: "client-reply", id: origin.id, reply }];
  const { from, id } = origin;
  return [{ kind: "send", to: from, message: { kind: "client-reply", id, reply } }];
}

export function refused(code: string, message: string, remedy: string, exit?: number): ClientReply {
  return { ok: false, error: { code, message, remedy, ...(exit !== undefined && { exit }) } };
}

function lost({ kind }: ClientRequest, peer: string): ClientError {
  if (kind === "change-cib") {
    return {
      code: "HF4502",
      message: `${peer}, which orders changes, was lost while the change was under way.`,
      remedy: "Look whether the change is there (cibadmin --query) before asking again.",
      exit: 112,
    };
  }
  const message = `The link to ${peer} was lost before it answered.`;
  return { code: "HF4422", message, remedy: "Look at holdfast status, and try again.", exit: 102 };
}
