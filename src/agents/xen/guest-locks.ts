/** One thing at a time for each guest: what starts, stops or moves it never overlaps. First come, first served. */
import type { StopSignal } from "../../ports/clock.ts";
import { abandoned } from "../outcome.ts";
import type { AgentOutcome } from "../resource-agent.ts";

export class GuestLocks {
  readonly #last = new Map<string, Promise<void>>();

  /** Runs the body when all before it are done. */
  async hold<T>(guest: string, body: () => Promise<T>): Promise<T> {
    const before = this.#last.get(guest) ?? Promise.resolve();
    let release: () => void = () => undefined;
    const own = new Promise<void>((resolve) => {
      release = resolve;
    });
    const chain = before.then(() => own);
    this.#last.set(guest, chain);
    await before;
    try {
      return await body();
    } finally {
      release();
      if (this.#last.get(guest) === chain) this.#last.delete(guest);
    }
  }

  /** The same for an action: one whose time is over when its turn comes does nothing. */
  async act(
    guest: string,
    stop: StopSignal,
    body: () => Promise<AgentOutcome>,
  ): Promise<AgentOutcome> {
    return await this.hold(guest, async () => (stop.aborted ? abandoned : await body()));
  }
}
