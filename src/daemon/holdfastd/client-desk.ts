/** Requests of commands that the node's machine answers: each becomes an event, and its answer a value or a refusal. */
import { UserError } from "../../api/user-error.ts";
import { unreachable } from "../../base/assert.ts";
import type { ClientReply, ClientRequest, ClientValue } from "../../core/node/client-requests.ts";
import type { NodeEvent } from "../../core/node/events.ts";
import { knownCode } from "../cluster-methods/cib-desk.ts";

type ValueOf = {
  "change-cib": Extract<ClientValue, { kind: "changed" }>;
  fence: Extract<ClientValue, { kind: "noted" }>;
  "confirm-off": Extract<ClientValue, { kind: "noted" }>;
  "use-copy": Extract<ClientValue, { kind: "noted" }>;
  "fail-resource": Extract<ClientValue, { kind: "noted" }>;
  leave: ClientValue;
  restart: ClientValue;
  "wait-idle": ClientValue;
};

export class ClientDesk {
  readonly #post: (event: NodeEvent) => void;
  readonly #waiting = new Map<number, (reply: ClientReply) => void>();
  #lastId = 0;

  constructor(post: (event: NodeEvent) => void) {
    this.#post = post;
  }

  /** @throws UserError as the cluster refuses. */
  async ask<K extends ClientRequest["kind"]>(
    request: Extract<ClientRequest, { kind: K }>,
  ): Promise<ValueOf[K]> {
    const id = ++this.#lastId;
    const reply = await new Promise<ClientReply>((resolve) => {
      this.#waiting.set(id, resolve);
      this.#post({ kind: "client-request", id, request });
    });
    if (reply.ok) return reply.value as ValueOf[K];
    const { code, message, remedy, exit } = reply.error;
    throw new UserError(knownCode(code), message, {
      ...(remedy !== undefined && { remedy }),
      ...(exit !== undefined && { exit }),
    });
  }

  onReply(id: number, reply: ClientReply): void {
    const waiter = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiter?.(reply);
  }
}

/** What a value says to a person. */
export function valueText(value: ClientValue): string {
  switch (value.kind) {
    case "changed":
      return `The CIB is at version ${value.version.adminEpoch}.${value.version.epoch}.${value.version.numUpdates}.`;
    case "noted":
      return value.message;
    case "idle":
      return "";
    default:
      return unreachable(value);
  }
}
