/** Tells those who watch when the status has changed: once a turn, however much has changed in it. */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import type { ControlClient } from "../../host/control/control-server.ts";
import type { Turn } from "./turn.ts";

export class StatusFeed {
  readonly #turn: Turn;
  readonly #status: () => DiskResourceStatus;
  readonly #clients = new Set<ControlClient>();
  readonly #listeners = new Set<() => void>();
  #isDue = false;

  constructor(turn: Turn, status: () => DiskResourceStatus) {
    this.#turn = turn;
    this.#status = status;
  }

  add(client: ControlClient): void {
    this.#clients.add(client);
    client.onClose(() => this.#clients.delete(client));
  }

  /** Something may have changed. */
  changed(): void {
    if (this.#isDue) return;
    this.#isDue = true;
    this.#turn.atEnd(() => {
      this.#isDue = false;
      for (const listener of [...this.#listeners]) listener();
      if (this.#clients.size === 0) return;
      const status = this.#status();
      for (const client of this.#clients) client.sendEvent("status", status);
    });
  }

  /** Resolves with true as soon as `condition` holds, with false when it does not within the time. */
  until(condition: () => boolean, waitMs: number): Promise<boolean> {
    if (condition()) return Promise.resolve(true);
    return new Promise((resolve) => {
      const end = (result: boolean): void => {
        clearTimeout(timer);
        this.#listeners.delete(look);
        resolve(result);
      };
      const look = (): void => {
        if (condition()) end(true);
      };
      const timer = setTimeout(() => end(false), waitMs);
      this.#listeners.add(look);
    });
  }
}
