/** The streams from a daemon to remote nodes, as a shell performs the effects of their connections. */
import type { RemoteStreamEffect } from "../../../src/core/node/effects.ts";
import type { NodeEvent } from "../../../src/core/node/events.ts";
import type { SimStream } from "../../kernel/sim-stream.ts";
import type { World } from "./sim-world.ts";

const dialLimitMs = 5000;

export class DaemonRemotes {
  readonly #world: World;
  readonly #address: string;
  readonly #deliver: (run: () => void) => void;
  readonly #give: (event: NodeEvent) => void;
  readonly #streams = new Map<number, SimStream>();
  readonly #dialing = new Map<number, () => void>();

  constructor(options: {
    readonly world: World;
    readonly address: string;
    /** Runs in the process, if it still lives. */
    deliver(run: () => void): void;
    give(event: NodeEvent): void;
  }) {
    this.#world = options.world;
    this.#address = options.address;
    this.#deliver = (run) => options.deliver(run);
    this.#give = (event) => options.give(event);
  }

  perform(effect: RemoteStreamEffect): void {
    const { connection } = effect;
    switch (effect.kind) {
      case "remote-dial":
        this.#dial(effect);
        return;
      case "remote-write":
        for (const part of effect.parts) this.#streams.get(connection)?.send(part.slice());
        return;
      case "remote-close":
        this.#dialing.get(connection)?.();
        this.#dialing.delete(connection);
        this.#streams.get(connection)?.close();
        this.#streams.delete(connection);
        return;
    }
  }

  #dial(to: Extract<RemoteStreamEffect, { kind: "remote-dial" }>): void {
    const { connection } = to;
    const giveUp = this.#world.network.connect(this.#address, to, dialLimitMs, (stream, reason) =>
      this.#deliver(() => this.#onDialEnd(connection, stream, reason)),
    );
    this.#dialing.set(connection, giveUp);
  }

  #onDialEnd(connection: number, stream: SimStream | undefined, reason: string): void {
    if (!this.#dialing.delete(connection)) {
      stream?.close();
      return;
    }
    if (stream === undefined) {
      this.#tellClosed(connection, reason);
      return;
    }
    this.#streams.set(connection, stream);
    this.#give({ kind: "remote-connected", connection });
    stream.use({
      onData: (bytes) =>
        this.#deliver(() => {
          if (this.#streams.has(connection))
            this.#give({ kind: "remote-bytes", connection, bytes });
        }),
      onClosed: (why) =>
        this.#deliver(() => {
          if (this.#streams.delete(connection)) this.#tellClosed(connection, why);
        }),
    });
  }

  #tellClosed(connection: number, why: string): void {
    this.#give({ kind: "remote-closed", connection, why, isKeyWrong: false });
  }
}
