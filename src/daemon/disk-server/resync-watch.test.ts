import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { ControlConnection } from "../../host/control/control-client.ts";
import { ResyncWatch } from "./resync-watch.ts";

test("what another disk server says, and its end, become orders to the machine", async () => {
  const other = new OtherServer(statusOf("SyncTarget"));
  await other.watched();
  other.says(statusOf("PausedSyncT"));
  other.says(statusOf("Connected"));
  other.says(statusOf("SyncSource"));
  other.ends();
  other.watch.stop();
  assert.deepEqual(other.orders, ["0 waits", "0 goes on", "0 waits", "0 goes on"]);
});

test("a watch that has ended hears nothing more, and holds no connection", async () => {
  const other = new OtherServer(statusOf("Connected"));
  await other.watched();
  other.watch.stop();
  other.says(statusOf("SyncTarget"));
  assert.deepEqual(other.orders, []);
  assert.equal(other.closed, 1);
});

test("a resource that nobody serves is nothing to wait for", async () => {
  const other = new OtherServer(statusOf("SyncTarget"));
  other.served = false;
  await other.watched();
  other.watch.stop();
  assert.deepEqual(other.orders, []);
});

/** The other resource's disk server, as far as one that waits for it can see. */
class OtherServer {
  readonly orders: string[] = [];
  served = true;
  closed = 0;
  readonly watch: ResyncWatch;
  readonly #first: DiskResourceStatus;
  #waits = false;
  #onEvent: (event: string, data: unknown) => void = () => {};
  #onClose: () => void = () => {};

  constructor(first: DiskResourceStatus) {
    this.#first = first;
    this.watch = new ResyncWatch({
      config: () => config,
      waits: (volume) => volume === 0 && this.#waits,
      order: (volume, waits) => {
        this.#waits = waits;
        this.orders.push(`${volume} ${waits ? "waits" : "goes on"}`);
      },
      connect: async (resource) => {
        assert.equal(resource, "first");
        if (!this.served) throw new Error("nobody listens");
        return this.#connection();
      },
    });
  }

  async watched(): Promise<void> {
    this.watch.start();
    await new Promise((resolve) => setImmediate(resolve));
  }

  says(status: DiskResourceStatus): void {
    this.#onEvent("status", status);
  }

  ends(): void {
    this.#onClose();
  }

  #connection(): ControlConnection {
    return {
      request: async () => this.#first,
      onEvent: (listener) => {
        this.#onEvent = listener;
      },
      onClose: (listener) => {
        this.#onClose = listener;
      },
      close: () => {
        this.closed++;
      },
    };
  }
}

const config = {
  volumes: [
    { number: 0, options: { resyncAfter: { resource: "first", volume: 1, minor: 1 } } },
    { number: 1, options: { resyncAfter: undefined } },
  ],
} as unknown as DrbdResourceConfig;

function statusOf(connectionState: DiskVolumeStatus["connectionState"]): DiskResourceStatus {
  const resyncSuspended = { user: false, peer: false, dependency: false };
  return {
    volumes: [{ volume: 1, connectionState, resyncSuspended }],
  } as unknown as DiskResourceStatus;
}
