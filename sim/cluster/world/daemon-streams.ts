/** The streams between daemons, as a shell performs the effects of the links. */
import { assert } from "../../../src/base/assert.ts";
import { concatBytes } from "../../../src/base/bytes.ts";
import type { LinkEffect } from "../../../src/core/link/types.ts";
import type { NodeEvent } from "../../../src/core/node/events.ts";
import { linkVersion } from "../../../src/formats/cluster-packet/link-handshake.ts";
import type { SimStream } from "../../kernel/sim-stream.ts";
import { DaemonConnections, type DaemonPlace } from "./daemon-connections.ts";

const port = 694;
const versionAt = 5;

type StreamEffect = Extract<LinkEffect, { kind: "dial" | "write" | "close" }>;

export type DaemonStreamsOptions = DaemonPlace & {
  give(event: NodeEvent): void;
  speaksOtherVersion(): boolean;
};

export class DaemonStreams {
  readonly #options: DaemonStreamsOptions;
  readonly #connections: DaemonConnections;
  /** Connections whose greeting was sent. */
  readonly #greeted = new Set<number>();
  #lastAccepted = 0;

  constructor(options: DaemonStreamsOptions) {
    this.#options = options;
    this.#connections = new DaemonConnections(options, {
      connected: (connection) => options.give({ kind: "connected", connection }),
      bytes: (connection, bytes) => options.give({ kind: "bytes", connection, bytes }),
      closed: (connection, why) => options.give({ kind: "closed", connection, why }),
    });
  }

  listen(): void {
    const { world, address, deliver } = this.#options;
    world.network.listen(address, port, (stream) => deliver(() => this.#accept(stream)));
  }

  perform(effect: StreamEffect): void {
    switch (effect.kind) {
      case "dial":
        this.#connections.dial(effect.connection, { address: effect.address, port });
        return;
      case "write":
        this.#write(effect.connection, effect.parts);
        return;
      case "close":
        this.#connections.close(effect.connection);
        return;
    }
  }

  #write(connection: number, parts: readonly Uint8Array[]): void {
    const isGreeting = !this.#greeted.has(connection);
    this.#greeted.add(connection);
    const isOther = isGreeting && this.#options.speaksOtherVersion();
    this.#connections.write(connection, isOther ? [ofOtherVersion(parts)] : parts);
  }

  #accept(stream: SimStream): void {
    this.#lastAccepted += 2;
    const connection = this.#lastAccepted;
    const { give } = this.#options;
    this.#connections.use(connection, stream, () =>
      give({ kind: "accepted", connection, address: stream.to }),
    );
  }
}

/** A greeting begins with its version, behind the head of its frame. */
function ofOtherVersion(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = concatBytes(parts);
  assert(bytes[versionAt] === linkVersion, "a greeting is sent first");
  bytes[versionAt] = linkVersion + 1;
  return bytes;
}
