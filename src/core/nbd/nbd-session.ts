/**
 * One connection of an NBD client, as a machine: its bytes and the answers to its requests in, replies and I/O out.
 * Requests are answered in any order; at its limits the session stops looking at the client's bytes. A client that
 * breaks the protocol loses its connection and nothing else. What was begun is finished even if the client is gone.
 */
import { assert } from "../../base/assert.ts";
import { command } from "../../formats/nbd/nbd-constants.ts";
import { type NbdItem, NbdReader } from "../../formats/nbd/nbd-reader.ts";
import { encodeGreeting } from "../../formats/nbd/nbd-replies.ts";
import type { Allocate } from "../../formats/nbd/payload-memory.ts";
import { NbdNegotiation } from "./nbd-negotiation.ts";
import { NbdTransmission } from "./nbd-transmission.ts";
import type { NbdEffect, NbdEvent } from "./types.ts";

export class NbdSession {
  readonly #firstId: number;
  readonly #reader: NbdReader;
  readonly #negotiation: NbdNegotiation = new NbdNegotiation();
  #transmission: NbdTransmission | undefined;
  /** The client has said goodbye, is sent away, or broke the protocol: nothing more of it is looked at. */
  #ending = false;
  #ended = false;
  #paused = false;

  /**
   * @param options.firstId the session's requests have ids from here to below firstId + requestsMax.
   * @param options.allocate gives memory to receive into, whose content does not matter.
   */
  constructor(options: { readonly firstId?: number; readonly allocate?: Allocate } = {}) {
    this.#firstId = options.firstId ?? 0;
    this.#reader = new NbdReader(options.allocate);
  }

  /** What is sent before the client has said anything. */
  greet(): readonly NbdEffect[] {
    return [{ kind: "send", parts: [encodeGreeting()] }];
  }

  /** Where the client's next bytes go; never empty. */
  receiveInto(): Uint8Array {
    return this.#reader.space();
  }

  /** How many bytes of head precede a read's data in its reply. */
  get readHeadBytes(): number {
    return this.#transmission?.readHeadBytes ?? 0;
  }

  get unanswered(): number {
    return this.#transmission?.unanswered ?? 0;
  }

  handle(event: NbdEvent): readonly NbdEffect[] {
    const effects: NbdEffect[] = [];
    switch (event.kind) {
      case "received":
        this.#reader.received(event.lengthBytes);
        break;
      case "export":
        put(effects, this.#negotiation.onExport(event.details));
        this.#beginTransmission();
        break;
      case "export-refused":
        put(effects, this.#negotiation.onExportRefused(event.reason, event.message));
        break;
      case "exports":
        put(effects, this.#negotiation.onExports(event.names));
        break;
      case "io-reply":
        effects.push(this.#inTransmission().onIoReply(event));
        break;
      case "allocation-reply":
        effects.push(this.#inTransmission().onAllocation(event.id, event.extents));
        break;
      case "dismiss":
        this.#ending = true;
        break;
      case "gone":
        this.#ending = true;
        this.#ended = true;
        break;
    }
    this.#noteEnd(effects);
    this.#goOn(effects);
    return effects;
  }

  #beginTransmission(): void {
    const { agreed } = this.#negotiation;
    if (agreed === undefined) return;
    this.#transmission = new NbdTransmission(agreed, this.#firstId, (block) =>
      this.#reader.giveBack(block),
    );
    this.#reader.beginTransmission();
  }

  #inTransmission(): NbdTransmission {
    assert(this.#transmission !== undefined, "there is I/O only in the transmission phase");
    return this.#transmission;
  }

  /** Looks at what the client has sent, as far as the limits allow. */
  #goOn(effects: NbdEffect[]): void {
    while (!this.#ending && !this.#negotiation.waiting && this.#transmission?.full !== true) {
      const item = this.#reader.next();
      if (item === undefined) break;
      this.#onItem(item, effects);
      this.#noteEnd(effects);
    }
    const full = this.#negotiation.waiting || this.#transmission?.full === true;
    if (full !== this.#paused && !this.#ending) {
      this.#paused = full;
      effects.push({ kind: "reading", wanted: !full });
    }
    if (this.#ending && !this.#ended && this.unanswered === 0) {
      this.#ended = true;
      effects.push({ kind: "end" });
    }
  }

  #onItem(item: NbdItem, effects: NbdEffect[]): void {
    switch (item.kind) {
      case "client-flags":
        put(effects, this.#negotiation.onClientFlags(item.flags));
        break;
      case "option":
        put(effects, this.#negotiation.onOption(item.option, item.data));
        break;
      case "request":
        // The disconnect request has no reply; what is unfinished is answered before the end.
        if (item.command === command.disconnect) this.#ending = true;
        else effects.push(this.#inTransmission().onRequest(item));
        break;
      case "broken":
        effects.push({ kind: "end", reason: item.reason });
        break;
    }
  }

  #noteEnd(effects: readonly NbdEffect[]): void {
    if (effects.at(-1)?.kind !== "end") return;
    this.#ending = true;
    this.#ended = true;
  }
}

function put(effects: NbdEffect[], more: readonly NbdEffect[]): void {
  for (const effect of more) effects.push(effect);
}
