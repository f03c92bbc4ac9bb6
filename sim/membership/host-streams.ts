/** The streams of one simulated host's daemon: what a shell does with the links' effects. */
import { concatBytes } from "../../src/base/bytes.ts";
import type { LinkEffect, LinkEvent } from "../../src/core/link/types.ts";
import type { SimNetwork } from "../kernel/sim-network.ts";
import type { SimStream } from "../kernel/sim-stream.ts";
import { clusterPort } from "./lan.ts";

const dialTimeoutMs = 5000;

export class HostStreams {
  readonly #network: SimNetwork;
  readonly #addresses: readonly string[];
  readonly #give: (event: LinkEvent) => void;
  readonly #streams = new Map<number, SimStream>();
  readonly #dialling = new Map<number, () => void>();
  #nextAccepted = 2;

  /** @param addresses the host's own, one a path. */
  constructor(network: SimNetwork, addresses: readonly string[], give: (event: LinkEvent) => void) {
    this.#network = network;
    this.#addresses = addresses;
    this.#give = give;
    for (const address of addresses) {
      network.listen(address, clusterPort, (stream) => this.#accept(stream));
    }
  }

  perform(effect: LinkEffect): void {
    if (effect.kind === "dial") this.#dial(effect.connection, effect.address);
    if (effect.kind === "write") {
      this.#streams.get(effect.connection)?.send(concatBytes(effect.parts));
    }
    if (effect.kind === "close") this.#close(effect.connection);
  }

  #accept(stream: SimStream): void {
    const connection = this.#nextAccepted;
    this.#nextAccepted += 2;
    this.#streams.set(connection, stream);
    this.#give({ kind: "accepted", connection, address: stream.to });
    this.#use(connection, stream);
  }

  #dial(connection: number, address: string): void {
    const network = address.split(".").slice(0, 3).join(".");
    const from = this.#addresses.find((own) => own.startsWith(`${network}.`)) ?? "";
    const giveUp = this.#network.connect(
      from,
      { address, port: clusterPort },
      dialTimeoutMs,
      (stream, why) => {
        this.#dialling.delete(connection);
        if (stream === undefined) {
          this.#give({ kind: "closed", connection, why });
          return;
        }
        this.#streams.set(connection, stream);
        this.#give({ kind: "connected", connection });
        this.#use(connection, stream);
      },
    );
    this.#dialling.set(connection, giveUp);
  }

  #use(connection: number, stream: SimStream): void {
    // Hearing of it may have closed it.
    if (this.#streams.get(connection) !== stream) return;
    stream.use({
      onData: (bytes) => this.#give({ kind: "bytes", connection, bytes }),
      onClosed: (why) => {
        this.#streams.delete(connection);
        this.#give({ kind: "closed", connection, why });
      },
    });
  }

  #close(connection: number): void {
    this.#dialling.get(connection)?.();
    this.#dialling.delete(connection);
    this.#streams.get(connection)?.close();
    this.#streams.delete(connection);
  }
}
