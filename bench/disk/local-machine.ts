/**
 * The floor of a disk server: a machine without replication, which only hands requests to the local disk. What this
 * costs is what NBD, the event loop and the store cost.
 */
import type { DrbdEffect } from "../../src/core/replication/effects.ts";
import type { DrbdEvent } from "../../src/core/replication/events.ts";
import type { ResourceMachine } from "../../src/daemon/disk-server/machine-loop.ts";

export class LocalMachine implements ResourceMachine {
  /** The id of the request that a storage effect is for, by token. */
  readonly #ids = new Map<number, number>();
  #token = 0;

  handle(event: DrbdEvent): readonly DrbdEffect[] {
    switch (event.kind) {
      case "write":
        return [
          {
            kind: "disk-write",
            token: this.#begin(event.id),
            volume: event.volume,
            device: "data",
            offset: event.offset,
            bytes: event.bytes,
            durable: event.fua,
          },
        ];
      case "flush":
        return [
          {
            kind: "disk-flush",
            token: this.#begin(event.id),
            volume: event.volume,
            device: "data",
          },
        ];
      case "discard":
      case "write-zeroes":
        return [
          {
            kind: "disk-zero",
            token: this.#begin(event.id),
            volume: event.volume,
            device: "data",
            offset: event.offset,
            length: event.length,
            mayUnmap: event.mayUnmap,
            durable: event.fua,
          },
        ];
      case "disk-done": {
        const id = this.#ids.get(event.token) ?? -1;
        this.#ids.delete(event.token);
        return event.error === undefined
          ? [{ kind: "io-reply", id }]
          : [{ kind: "io-reply", id, error: event.error === "ENOSPC" ? "no-space" : "io-error" }];
      }
      default:
        return [];
    }
  }

  nextDeadline(): undefined {
    return undefined;
  }

  readsLocally(): boolean {
    return true;
  }

  #begin(id: number): number {
    this.#ids.set(++this.#token, id);
    return this.#token;
  }
}
