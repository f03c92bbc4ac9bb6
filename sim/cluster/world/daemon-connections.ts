/** The streams of a daemon by the numbers of their connections: dialled, accepted, written to and closed, as its shell does. */
import type { SimStream } from "../../kernel/sim-stream.ts";
import type { World } from "./sim-world.ts";

const dialLimitMs = 5000;

export type DaemonPlace = {
  readonly world: World;
  readonly address: string;
  /** Runs in the process, if it still lives. */
  deliver(run: () => void): void;
};

/** What the process is told of its connections. */
export type ConnectionNews = {
  connected(connection: number): void;
  bytes(connection: number, bytes: Uint8Array): void;
  /** By the other side, or a dial that came to nothing; not by `close`. */
  closed(connection: number, why: string): void;
};

export class DaemonConnections {
  readonly #place: DaemonPlace;
  readonly #news: ConnectionNews;
  readonly #streams = new Map<number, SimStream>();
  /** How each dial under way is given up. */
  readonly #dialing = new Map<number, () => void>();

  constructor(place: DaemonPlace, news: ConnectionNews) {
    this.#place = place;
    this.#news = news;
  }

  dial(connection: number, to: { readonly address: string; readonly port: number }): void {
    const { world, address } = this.#place;
    const giveUp = world.network.connect(address, to, dialLimitMs, (stream, reason) =>
      this.#place.deliver(() => this.#onDialEnd(connection, stream, reason)),
    );
    this.#dialing.set(connection, giveUp);
  }

  /** @param tell the process, which may write on it at once. */
  use(connection: number, stream: SimStream, tell: () => void): void {
    this.#streams.set(connection, stream);
    tell();
    stream.use({
      onData: (bytes) =>
        this.#place.deliver(() => {
          if (this.#streams.has(connection)) this.#news.bytes(connection, bytes);
        }),
      onClosed: (why) =>
        this.#place.deliver(() => {
          if (this.#streams.delete(connection)) this.#news.closed(connection, why);
        }),
    });
  }

  write(connection: number, parts: readonly Uint8Array[]): void {
    for (const part of parts) this.#streams.get(connection)?.send(part.slice());
  }

  close(connection: number): void {
    this.#dialing.get(connection)?.();
    this.#dialing.delete(connection);
    this.#streams.get(connection)?.close();
    this.#streams.delete(connection);
  }

  #onDialEnd(connection: number, stream: SimStream | undefined, reason: string): void {
    if (!this.#dialing.delete(connection)) {
      stream?.close();
      return;
    }
    if (stream === undefined) {
      this.#news.closed(connection, reason);
      return;
    }
    this.use(connection, stream, () => this.#news.connected(connection));
  }
}
