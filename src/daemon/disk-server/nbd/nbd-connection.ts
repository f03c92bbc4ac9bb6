/**
 * One NBD client: its socket, its session machine, and its requests on their way to the volume and back. When the
 * client goes away, what it asked for is finished first; only then the volume counts as released, as with a block
 * device, and the request ids may be another client's.
 */
import { assert } from "../../../base/assert.ts";
import { Queue } from "../../../base/queue.ts";
import { NbdSession } from "../../../core/nbd/nbd-session.ts";
import type { NbdEffect, NbdEvent, NbdIo } from "../../../core/nbd/types.ts";
import type { IoReply } from "../../../core/replication/io.ts";
import type { StreamOwner } from "../../../host/stream/byte-stream.ts";
import type { StreamSocket } from "../../../host/stream/stream-socket.ts";
import type { Store, StoreError } from "../../../ports/store.ts";
import type { Turn } from "../turn.ts";
import type { ReadBuffers } from "./read-buffers.ts";
import type { VolumeService } from "./volume-service.ts";

/** A client that does not take its answers is not listened to while so many bytes of them wait. */
const queuedBytesMax = 8 * 1024 * 1024;

export type NbdConnectionOptions = {
  readonly firstId: number;
  /** The volume that the empty export name means. */
  readonly socketVolume: number;
  readonly service: VolumeService;
  readonly turn: Turn;
  readonly buffers: ReadBuffers;
  /** The connection is gone and everything it asked for is answered. */
  readonly onGone: (reason: string) => void;
};

type ReadIo = Omit<Extract<NbdIo, { kind: "read" }>, "kind">;

/** An event for the session, and memory that is free once its effects are performed and sent. */
type Told = { readonly event: NbdEvent; readonly memory?: Uint8Array };

export class NbdConnection implements StreamOwner {
  readonly #options: NbdConnectionOptions;
  readonly #session: NbdSession;
  readonly #told: Queue<Told> = new Queue();
  #isTelling = false;
  #stream: StreamSocket | undefined;
  #openVolume: number | undefined;
  #willFlush = false;
  #sessionPauses = false;
  /** Some bytes sent by the present event's effects have to stay as they are. */
  #keepsSent = false;
  #goneReason: string | undefined;

  constructor(options: NbdConnectionOptions) {
    this.#options = options;
    this.#session = new NbdSession({
      firstId: options.firstId,
      allocate: (lengthBytes) => Buffer.allocUnsafeSlow(lengthBytes),
    });
  }

  start(stream: StreamSocket): void {
    this.#stream = stream;
    this.#options.turn.run(() => this.#perform(this.#session.greet()));
    stream.start();
  }

  /** The volume that this client has open, if any. */
  get openVolume(): number | undefined {
    return this.#openVolume;
  }

  receiveInto(): Uint8Array {
    return this.#session.receiveInto();
  }

  received(lengthBytes: number): void {
    this.#options.turn.run(() => this.#tell({ event: { kind: "received", lengthBytes } }));
  }

  progressed(): void {
    this.#updateReading();
  }

  closed(reason: string): void {
    this.#options.turn.run(() => {
      this.#goneReason = reason;
      this.#tell({ event: { kind: "gone" } });
    });
  }

  /** The answer of the replication to a request of this connection. */
  onIoReply(reply: IoReply): void {
    this.#tell({ event: reply });
  }

  /** The replication lets this read be answered from the local store. */
  onIoRead(request: ReadIo, store: Store): void {
    const { service, buffers, turn } = this.#options;
    const headBytes = this.#session.readHeadBytes;
    const memory = buffers.take(headBytes + request.length);
    const framed = memory.subarray(0, headBytes + request.length);
    const bytes = framed.subarray(headBytes);
    const ended = (error: StoreError | undefined): void => {
      if (error) service.submit({ ...request, kind: "read", localReadFailed: true });
      else this.#tell({ event: { kind: "io-reply", id: request.id, bytes, framed }, memory });
    };
    let isLater = false;
    store.read(request.offset, bytes, (error) => {
      if (isLater) turn.run(() => ended(error));
      else ended(error);
    });
    isLater = true;
  }

  /** Ends the connection as soon as everything is answered that was asked for until now. */
  dismiss(): void {
    this.#options.turn.run(() => this.#tell({ event: { kind: "dismiss" } }));
  }

  disconnect(reason: string): void {
    this.#stream?.destroy(reason);
  }

  /** Events are told one after the other: an effect that ends at once is not told inside another's. */
  #tell(told: Told): void {
    this.#told.push(told);
    if (this.#isTelling) return;
    this.#isTelling = true;
    for (let next = this.#told.shift(); next !== undefined; next = this.#told.shift()) {
      this.#keepsSent = false;
      this.#perform(this.#session.handle(next.event));
      if (next.memory !== undefined && !this.#keepsSent) this.#options.buffers.give(next.memory);
    }
    this.#isTelling = false;
    if (this.#goneReason !== undefined && this.#session.unanswered === 0) this.#leave();
  }

  #perform(effects: readonly NbdEffect[]): void {
    for (const effect of effects) this.#performOne(effect);
  }

  #performOne(effect: NbdEffect): void {
    const { service } = this.#options;
    switch (effect.kind) {
      case "send":
        this.#send(effect.parts);
        break;
      case "io":
        this.#begin(effect.request);
        break;
      case "ask-export":
        this.#answerExport(effect.name, effect.purpose);
        break;
      case "list-exports":
        this.#tell({ event: { kind: "exports", names: service.exportNames() } });
        break;
      case "allocation":
        this.#answerAllocation(effect);
        break;
      case "reading":
        this.#sessionPauses = !effect.wanted;
        this.#updateReading();
        break;
      case "end":
        if (effect.reason === undefined) this.#stream?.end();
        else this.#stream?.destroy(effect.reason);
        break;
    }
  }

  #send(parts: readonly Uint8Array[]): void {
    const stream = this.#stream;
    assert(stream !== undefined, "nothing is sent before the start");
    for (const part of parts) if (!stream.send(part)) this.#keepsSent = true;
    if (this.#willFlush) return;
    this.#willFlush = true;
    this.#options.turn.atEnd(() => {
      this.#willFlush = false;
      stream.flush();
      if (stream.queuedBytes > queuedBytesMax) this.#updateReading();
    });
  }

  #updateReading(): void {
    const stream = this.#stream;
    if (stream === undefined || !stream.isOpen) return;
    if (this.#sessionPauses || stream.queuedBytes > queuedBytesMax) stream.pauseReading();
    else stream.resumeReading();
  }

  #answerExport(name: string, purpose: "open" | "describe"): void {
    const { service, socketVolume } = this.#options;
    const answer = service.findExport(name, socketVolume);
    if (!answer.ok) {
      const { reason, message } = answer;
      this.#tell({ event: { kind: "export-refused", reason, message } });
      return;
    }
    if (purpose === "open") {
      assert(this.#openVolume === undefined, "a connection opens one export");
      this.#openVolume = answer.details.volume;
      service.opened(this.#openVolume);
    }
    this.#tell({ event: { kind: "export", details: answer.details } });
  }

  #begin(request: NbdIo): void {
    const { service } = this.#options;
    const store = request.kind === "read" ? service.localStore(request.volume, request) : undefined;
    if (request.kind === "read" && store !== undefined) this.onIoRead(request, store);
    else service.submit(request);
  }

  #answerAllocation(effect: Extract<NbdEffect, { kind: "allocation" }>): void {
    const { service, turn } = this.#options;
    const { id } = effect;
    service.allocation(effect.volume, effect, (extents) =>
      turn.run(() =>
        this.#tell({
          event: { kind: "allocation-reply", id, ...(extents === undefined ? {} : { extents }) },
        }),
      ),
    );
  }

  #leave(): void {
    const reason = this.#goneReason ?? "";
    this.#goneReason = undefined;
    if (this.#openVolume !== undefined) this.#options.service.released(this.#openVolume);
    this.#openVolume = undefined;
    this.#options.onGone(reason);
  }
}
