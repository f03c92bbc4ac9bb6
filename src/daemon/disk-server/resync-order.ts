/**
 * resync-after: a volume does not sync while the one it names does, or waits itself. That one is mostly another
 * resource's, in another disk server on this host: its status is watched. One that is not served, or has just ended, is
 * nothing to wait for. Specification section 12.7.
 */
import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { ControlConnection } from "../../host/control/control-client.ts";

/** A disk server that does not answer is asked again after so long, in ms. */
const retryMs = 5000;
/** States in which a volume counts as syncing. */
const syncing: ReadonlySet<string> = new Set([
  "SyncSource",
  "SyncTarget",
  "PausedSyncS",
  "PausedSyncT",
]);

export type ResyncOrderOptions = {
  readonly config: () => DrbdResourceConfig;
  /** Whether a volume waits now: a machine without disk and connection forgets it. */
  readonly waits: (volume: number) => boolean;
  /** Tells the machine whether a volume has to wait. */
  readonly order: (volume: number, waits: boolean) => void;
  /** @throws when nobody serves the resource. */
  readonly connect: (resource: string) => Promise<ControlConnection>;
};

export class ResyncOrder {
  readonly #options: ResyncOrderOptions;
  readonly #connections = new Map<string, ControlConnection | "connecting">();
  readonly #statuses = new Map<string, DiskResourceStatus>();
  #timer: NodeJS.Timeout | undefined;

  constructor(options: ResyncOrderOptions) {
    this.#options = options;
  }

  /** Also takes notice of a configuration that was changed meanwhile. */
  start(): void {
    this.#look();
    this.#timer = setInterval(() => this.#look(), retryMs);
    this.#timer.unref();
  }

  stop(): void {
    clearInterval(this.#timer);
    for (const connection of this.#connections.values())
      if (connection !== "connecting") connection.close();
    this.#connections.clear();
  }

  #look(): void {
    for (const { options } of this.#options.config().volumes) {
      const resource = options.resyncAfter?.resource;
      if (resource !== undefined && !this.#connections.has(resource)) void this.#watch(resource);
    }
    this.#tell();
  }

  async #watch(resource: string): Promise<void> {
    this.#connections.set(resource, "connecting");
    try {
      const connection = await this.#options.connect(resource);
      if (!this.#connections.has(resource)) {
        connection.close();
        return;
      }
      this.#connections.set(resource, connection);
      connection.onClose(() => this.#onGone(resource));
      connection.onEvent((event, data) => {
        if (event === "status") this.#onStatus(resource, data as DiskResourceStatus);
      });
      this.#onStatus(resource, (await connection.request("watch")) as DiskResourceStatus);
    } catch {
      // Nobody serves it: there is nothing to wait for, and the next look tries again.
      this.#onGone(resource);
    }
  }

  #onStatus(resource: string, status: DiskResourceStatus): void {
    this.#statuses.set(resource, status);
    this.#tell();
  }

  #onGone(resource: string): void {
    this.#connections.delete(resource);
    this.#statuses.delete(resource);
    this.#tell();
  }

  #tell(): void {
    for (const { number, options } of this.#options.config().volumes) {
      const after = options.resyncAfter;
      const other =
        after === undefined
          ? undefined
          : this.#statuses.get(after.resource)?.volumes.find((v) => v.volume === after.volume);
      const waits = other !== undefined && mustBeWaitedFor(other);
      if (waits !== this.#options.waits(number)) this.#options.order(number, waits);
    }
  }
}

/** It syncs, or would if it were not told to wait itself. */
function mustBeWaitedFor(volume: DiskVolumeStatus): boolean {
  const { user, peer, dependency } = volume.resyncSuspended;
  return syncing.has(volume.connectionState) || user || peer || dependency;
}
