/** The streams between daemons, as a shell performs the effects of the links. */
import { assert } from "../../../src/base/assert.ts";
import { concatBytes } from "../../../src/base/bytes.ts";
import type { LinkEffect } from "../../../src/core/link/types.ts";
import type { NodeEvent } from "../../../src/core/node/events.ts";
import { linkVersion } from "../../../src/formats/cluster-packet/link-handshake.ts";
import type { SimStream } from "../../kernel/sim-stream.ts";
import type { World } from "./sim-world.ts";

const port = 694;
const dialLimitMs = 5000;
const versionAt = 5;

type StreamEffect = Extract<LinkEffect, { kind: "dial" | "write" | "close" }>;

export class DaemonStreams {
  readonly #world: World;
  readonly #address: string;
  /** Runs in the process, if it still lives. */
  readonly #deliver: (run: () => void) => void;
  readonly #give: (event: NodeEvent) => void;
  readonly #streams = new Map<number, SimStream>();
  readonly #dialing = new Map<number, () => void>();
  /** Connections whose greeting was sent. */
  readonly #greeted = new Set<number>();
  readonly #speaksOtherVersion: () => boolean;
  #lastAccepted = 0;

  constructor(options: {
    readonly world: World;
    readonly address: string;
    deliver(run: () => void): void;
    give(event: NodeEvent): void;
    speaksOtherVersion(): boolean;
  }) {
    this.#world = options.world;
    this.#address = options.address;
    this.#deliver = (run) => options.deliver(run);
    this.#give = (event) => options.give(event);
    this.#speaksOtherVersion = () => options.speaksOtherVersion();
  }

  listen(): void {
    this.#world.network.listen(this.#address, port, (stream) =>
      this.#deliver(() => this.#accept(stream)),
    );
  }

  perform(effect: StreamEffect): void {
    switch (effect.kind) {
      case "dial":
        this.#dial(effect.connection, effect.address);
        return;
      case "write":
        this.#write(effect.connection, effect.parts);
        return;
      case "close":
        this.#dialing.get(effect.connection)?.();
        this.#dialing.delete(effect.connection);
        this.#streams.get(effect.connection)?.close();
        this.#streams.delete(effect.connection);
        return;
    }
  }

  #write(connection: number, parts: readonly Uint8Array[]): void {
    const isGreeting = !this.#greeted.has(connection);
    this.#greeted.add(connection);
    const bytes = isGreeting && this.#speaksOtherVersion() ? [ofOtherVersion(parts)] : parts;
    for (const part of bytes) this.#streams.get(connection)?.send(part.slice());
  }

  #dial(connection: number, address: string): void {
    const giveUp = this.#world.network.connect(
      this.#address,
      { address, port },
      dialLimitMs,
      (stream, reason) => this.#deliver(() => this.#onDialEnd(connection, stream, reason)),
    );
    this.#dialing.set(connection, giveUp);
  }

  #onDialEnd(connection: number, stream: SimStream | undefined, reason: string): void {
    if (!this.#dialing.delete(connection)) {
      stream?.close();
      return;
    }
    if (stream === undefined) {
      this.#give({ kind: "closed", connection, why: reason });
      return;
    }
    this.#streams.set(connection, stream);
    this.#give({ kind: "connected", connection });
    this.#use(connection, stream);
  }

  #accept(stream: SimStream): void {
    this.#lastAccepted += 2;
    const connection = this.#lastAccepted;
    this.#streams.set(connection, stream);
    this.#give({ kind: "accepted", connection, address: stream.to });
    this.#use(connection, stream);
  }

  #use(connection: number, stream: SimStream): void {
    stream.use({
      onData: (bytes) =>
        this.#deliver(() => {
          if (this.#streams.has(connection)) this.#give({ kind: "bytes", connection, bytes });
        }),
      onClosed: (reason) =>
        this.#deliver(() => {
          if (this.#streams.delete(connection))
            this.#give({ kind: "closed", connection, why: reason });
        }),
    });
  }
}

/** A greeting begins with its version, behind the head of its frame. */
function ofOtherVersion(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = concatBytes(parts);
  assert(bytes[versionAt] === linkVersion, "a greeting is sent first");
  bytes[versionAt] = linkVersion + 1;
  return bytes;
}
