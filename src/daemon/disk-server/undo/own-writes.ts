/** Writes that the disk server itself makes on a volume, as a user of it would: replicated, acknowledged by both. */
import { UserError } from "../../../api/user-error.ts";
import { requestsMax } from "../../../core/nbd/nbd-transmission.ts";
import type { DrbdEvent } from "../../../core/replication/events.ts";
import type { IoReply } from "../../../core/replication/io.ts";
import { connectionsMax } from "../nbd/nbd-server.ts";

/** The requests of NBD clients have lower numbers. */
const firstId = connectionsMax * requestsMax;
/** Unanswered at the same time. */
const depth = 16;

export class OwnWrites {
  readonly #post: (event: DrbdEvent) => void;
  readonly #waiting = new Map<number, (reply: IoReply) => void>();
  #lastId = firstId;

  constructor(post: (event: DrbdEvent) => void) {
    this.#post = post;
  }

  /** @returns whether the answer was for one of these. */
  onIoReply(reply: IoReply): boolean {
    const resolve = this.#waiting.get(reply.id);
    this.#waiting.delete(reply.id);
    resolve?.(reply);
    return resolve !== undefined;
  }

  /** All of them, then a flush. @throws UserError HF2185 with the first error; what was begun has ended then. */
  async writeAll(
    volume: number,
    pieces: AsyncIterable<{ readonly offset: number; readonly bytes: Uint8Array }>,
  ): Promise<void> {
    const running = new Set<Promise<void>>();
    let failure: string | undefined;
    for await (const { offset, bytes } of pieces) {
      if (failure !== undefined) break;
      const write = this.#ask((id) => ({ kind: "write", id, volume, offset, bytes, fua: false }));
      const ended = write.then(({ error }) => {
        failure ??= error && `${error} at ${offset}`;
        running.delete(ended);
      });
      running.add(ended);
      if (running.size >= depth) await Promise.race(running);
    }
    await Promise.all(running);
    const flushed = await this.#ask((id) => ({ kind: "flush", id, volume }));
    failure ??= flushed.error;
    if (failure === undefined) return;
    throw new UserError("HF2185", `volume ${volume} could not be written: ${failure}`, {
      remedy: "Part of it may be written: see drbdadm status, then give the same command again.",
    });
  }

  #ask(request: (id: number) => DrbdEvent): Promise<IoReply> {
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#post(request(id));
    });
  }
}
