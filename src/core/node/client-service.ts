/** Requests of people's commands: where each is performed, by which part, and what the answer is. */
import { unreachable } from "../../base/assert.ts";
import type { ChangeOutcome } from "../cibsync/types.ts";
import type { FencerRefusal } from "../fencer/types.ts";
import {
  answerTo,
  ClientDesk,
  type ClientOrigin,
  type ClientStep,
  refused,
} from "./client-desk.ts";
import type { ClientReply, ClientRequest } from "./client-requests.ts";
import type { PartEvent } from "./part-event.ts";

export type ServiceStep = ClientStep | { readonly kind: "part"; readonly event: PartEvent };

export type ServiceWorld = {
  readonly self: string;
  /** Whom this node obeys; itself, when it is the DC. */
  dc(): string | undefined;
  isLinkUp(peer: string): boolean;
  /** Known by the DC only. */
  isClusterIdle(): boolean;
};

export class ClientService {
  readonly #world: ServiceWorld;
  readonly #desk = new ClientDesk();

  constructor(world: ServiceWorld) {
    this.#world = world;
  }

  onRequest(origin: ClientOrigin, request: ClientRequest): readonly ServiceStep[] {
    if (this.#desk.isFull) {
      return answerTo(origin, refused("HF4503", "Too many requests wait.", "Try again.", 75));
    }
    const { self } = this.#world;
    const place = this.#placeOf(request);
    if (place === self || (place === undefined && request.kind === "wait-idle")) {
      return this.#perform(this.#desk.keep(origin, request), request);
    }
    if (place !== undefined && origin.kind === "here" && this.#world.isLinkUp(place)) {
      return this.#desk.passOn(origin, request, place);
    }
    return answerTo(origin, this.#noWay(place));
  }

  onChangeEnded(id: number, outcome: ChangeOutcome): readonly ServiceStep[] {
    return this.#desk.answer(id, changeReply(outcome));
  }

  onFencerAnswer(
    id: number,
    outcome: { readonly message: string } | { readonly refusal: FencerRefusal },
  ): readonly ServiceStep[] {
    return this.#desk.answer(id, fencerReply(outcome));
  }

  onReply(from: string, number: number, reply: ClientReply): readonly ServiceStep[] {
    return this.#desk.onReply(from, number, reply);
  }

  onLinkDown(peer: string): readonly ServiceStep[] {
    return this.#desk.onLinkDown(peer);
  }

  /** The node has nothing more to do in this turn. */
  onSettled(): readonly ServiceStep[] {
    const waiting = this.#desk.waitingFor("wait-idle");
    if (waiting.length === 0) return [];
    const { self } = this.#world;
    const dc = this.#world.dc();
    if (dc === self) {
      if (!this.#world.isClusterIdle()) return [];
      const reply: ClientReply = { ok: true, value: { kind: "idle" } };
      return waiting.flatMap((id) => this.#desk.answer(id, reply));
    }
    if (dc === undefined || !this.#world.isLinkUp(dc)) return [];
    return waiting.flatMap((id) => this.#desk.moveOn(id, dc));
  }

  /** Undefined: nobody can do it at the moment. */
  #placeOf(request: ClientRequest): string | undefined {
    switch (request.kind) {
      case "change-cib":
      case "wait-idle":
        return this.#world.dc();
      case "fence": {
        const dc = this.#world.dc();
        // Who is switched off can't say that it is off; and without a DC whoever hears the order carries it out.
        return dc === undefined || dc === request.target ? this.#world.self : dc;
      }
      case "use-copy":
      case "fail-resource":
        return request.node;
      case "confirm-off":
      case "leave":
      case "restart":
        return this.#world.self;
      default:
        return unreachable(request);
    }
  }

  #noWay(place: string | undefined): ClientReply {
    if (place === undefined || place === this.#world.self) {
      const message = "The cluster has no DC at the moment.";
      return refused("HF4504", message, "Nothing was changed. Try again in a moment.", 102);
    }
    const message = `There is no link to ${place}, which would have to do it.`;
    return refused("HF4422", message, "Look at holdfast status, and try again.", 102);
  }

  #perform(id: number, request: ClientRequest): readonly ServiceStep[] {
    switch (request.kind) {
      case "change-cib": {
        const { kind: _, ...change } = request;
        return [part({ part: "cib", event: { kind: "request", id, ...change } })];
      }
      case "fence": {
        const { target, action, by } = request;
        const client = { id, by };
        return [part({ part: "fencer", event: { kind: "fence", target, action, client } })];
      }
      case "confirm-off":
        return [part({ part: "fencer", event: { ...request, id } })];
      case "use-copy": {
        const { kind, drbdResource, by } = request;
        return [part({ part: "fencer", event: { kind, id, drbdResource, by } })];
      }
      case "fail-resource": {
        const { kind: _, node, by, ...what } = request;
        const reason = `${by} said that it has failed`;
        const message = `${what.resource} counts as failed on ${what.remoteNode ?? node}.`;
        return [
          part({ part: "executor", event: { kind: "fail", ...what, reason } }),
          ...this.#noted(id, message),
        ];
      }
      case "leave": {
        const message = `${this.#world.self} leaves as soon as nothing runs on it.`;
        return [
          part({ part: "controller", event: { kind: "leave-here" } }),
          ...this.#noted(id, message),
        ];
      }
      case "restart": {
        const { holdMs } = request;
        const message = `${this.#world.self} is waited for until its daemon is back.`;
        return [
          part({ part: "membership", event: { kind: "announce-restart", holdMs } }),
          ...this.#noted(id, message),
        ];
      }
      case "wait-idle":
        return [];
      default:
        return unreachable(request);
    }
  }

  #noted(id: number, message: string): readonly ServiceStep[] {
    return this.#desk.answer(id, { ok: true, value: { kind: "noted", message } });
  }
}

function part(event: PartEvent): ServiceStep {
  return { kind: "part", event };
}

function changeReply(outcome: ChangeOutcome): ClientReply {
  if (outcome.ok) {
    const { version, touched } = outcome;
    return { ok: true, value: { kind: "changed", version, touched } };
  }
  const { code, message, remedy, exit } = outcome.failure;
  return { ok: false, error: { code, message, exit, ...(remedy !== undefined && { remedy }) } };
}

function fencerReply(
  outcome: { readonly message: string } | { readonly refusal: FencerRefusal },
): ClientReply {
  if ("message" in outcome) {
    return { ok: true, value: { kind: "noted", message: outcome.message } };
  }
  const { code, message, remedy } = outcome.refusal;
  return { ok: false, error: { code, message, ...(remedy !== "" && { remedy }) } };
}
