/**
 * What core's ResyncOrder (resync-after) wants done: the status of other resources' disk servers on this host is
 * watched over their control sockets, and this resource's machine is told when it has to wait.
 */
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import { unreachable } from "../../base/assert.ts";
import {
  ResyncOrder,
  type ResyncOrderEffect,
  type ResyncOrderEvent,
} from "../../core/replication/resync/resync-order.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { ControlConnection } from "../../host/control/control-client.ts";

/** A disk server that does not answer is asked again after so long, in ms. */
const retryMs = 5000;

export type ResyncWatchOptions = {
  readonly config: () => DrbdResourceConfig;
  /** Whether a volume waits now. */
  readonly waits: (volume: number) => boolean;
  /** Tells the machine whether a volume has to wait. */
  readonly order: (volume: number, waits: boolean) => void;
  /** @throws when nobody serves the resource. */
  readonly connect: (resource: string) => Promise<ControlConnection>;
};

export class ResyncWatch {
  readonly #options: ResyncWatchOptions;
  readonly #machine = new ResyncOrder();
  readonly #connections = new Set<ControlConnection>();
  #timer: NodeJS.Timeout | undefined;
  #isStopped = false;

  constructor(options: ResyncWatchOptions) {
    this.#options = options;
  }

  /** Also takes notice of a configuration that was changed meanwhile. */
  start(): void {
    this.#tell({ kind: "look" });
    this.#timer = setInterval(() => this.#tell({ kind: "look" }), retryMs);
    this.#timer.unref();
  }

  stop(): void {
    this.#isStopped = true;
    clearInterval(this.#timer);
    for (const connection of this.#connections) connection.close();
  }

  #tell(event: ResyncOrderEvent): void {
    if (this.#isStopped) return;
    const { config, waits } = this.#options;
    const volumes = config().volumes.map(({ number, options }) => ({
      volume: number,
      after: options.resyncAfter,
      waits: waits(number),
    }));
    for (const effect of this.#machine.handle(event, volumes)) this.#perform(effect);
  }

  #perform(effect: ResyncOrderEffect): void {
    switch (effect.kind) {
      case "watch":
        void this.#watch(effect.resource);
        return;
      case "order":
        this.#options.order(effect.volume, effect.waits);
        return;
      default:
        unreachable(effect);
    }
  }

  async #watch(resource: string): Promise<void> {
    const onStatus = ({ volumes }: DiskResourceStatus): void =>
      this.#tell({ kind: "status", resource, volumes });
    try {
      const connection = await this.#options.connect(resource);
      if (this.#isStopped) {
        connection.close();
        return;
      }
      this.#connections.add(connection);
      connection.onClose(() => {
        this.#connections.delete(connection);
        this.#tell({ kind: "gone", resource });
      });
      connection.onEvent((event, data) => {
        if (event === "status") onStatus(data as DiskResourceStatus);
      });
      onStatus((await connection.request("watch")) as DiskResourceStatus);
    } catch {
      // Nobody serves it: there is nothing to wait for, and the next look tries again.
      this.#tell({ kind: "gone", resource });
    }
  }
}
