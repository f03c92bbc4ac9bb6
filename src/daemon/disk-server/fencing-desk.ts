/**
 * Who answers when the machine wants the peer fenced: the client that serves fencing (holdfastd), else the handler
 * fence-peer of drbd.conf, else nobody until one of them comes or the peer is back. Nobody's answer is no answer.
 */
import type { DiskFenceRequest } from "../../api/disk-protocol.ts";
import type { FencePeer } from "../../core/replication/effects.ts";
import type { DrbdEvent } from "../../core/replication/events.ts";
import type { ControlClient } from "../../host/control/control-server.ts";
import type { DiskLog } from "./disk-log.ts";
import type { Handlers } from "./handlers.ts";

/** Fence requests without an answer: the machine has one at a time, older ones are of no interest. */
const waitingMax = 8;

export class FencingDesk {
  readonly #peer: string;
  readonly #post: (event: DrbdEvent) => void;
  readonly #handlers: Handlers;
  readonly #log: DiskLog;
  readonly #waiting = new Map<number, DiskFenceRequest>();
  #client: ControlClient | undefined;

  constructor(options: {
    readonly peer: string;
    readonly post: (event: DrbdEvent) => void;
    readonly handlers: Handlers;
    readonly log: DiskLog;
  }) {
    this.#peer = options.peer;
    this.#post = options.post;
    this.#handlers = options.handlers;
    this.#log = options.log;
  }

  onEffect(effect: FencePeer): void {
    const { request, resource, reason, frozen } = effect;
    this.#waiting.set(request, { request, resource, peer: this.#peer, reason, frozen });
    for (const old of this.#waiting.keys()) {
      if (this.#waiting.size > waitingMax) this.#waiting.delete(old);
    }
    if (this.#client !== undefined) this.#tell(this.#client, request);
    else if (this.#handlers.has("fence-peer")) void this.#runHandler(request);
    else
      this.#log.warn("fence-peer: nobody is there to fence the peer; waiting", {
        reason,
        frozen,
      });
  }

  serve(client: ControlClient): void {
    this.#client = client;
    client.onClose(() => {
      if (this.#client === client) this.#client = undefined;
    });
    for (const request of this.#waiting.keys()) this.#tell(client, request);
  }

  /** The answer, from whoever gives it first; later ones are not looked at. */
  onVerdict(request: number, exitCode: number): void {
    if (!this.#waiting.delete(request)) return;
    this.#post({ kind: "fence-verdict", request, exitCode });
  }

  #tell(client: ControlClient, request: number): void {
    client.sendEvent("fence-peer", this.#waiting.get(request));
  }

  async #runHandler(request: number): Promise<void> {
    this.onVerdict(request, await this.#handlers.run("fence-peer"));
  }
}
