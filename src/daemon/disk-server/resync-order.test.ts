import assert from "node:assert/strict";
import { test } from "node:test";
import type { DiskResourceStatus, DiskVolumeStatus } from "../../api/disk-status.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import type { ControlConnection } from "../../host/control/control-client.ts";
import { ResyncOrder } from "./resync-order.ts";

const idle = { user: false, peer: false, dependency: false };

/** The other resource's disk server, as far as one that waits for it can see. */
class Other {
  readonly orders: string[] = [];
  waits = false;
  #onEvent: (event: string, data: unknown) => void = () => {};
  #onClose: () => void = () => {};
  readonly #first: DiskResourceStatus;
  readonly order: ResyncOrder;

  constructor(first: DiskResourceStatus) {
    this.#first = first;
    this.order = new ResyncOrder({
      config: () => config,
      waits: (volume) => volume === 0 && this.waits,
      order: (volume, waits) => {
        this.waits = waits;
        this.orders.push(`${volume} ${waits ? "waits" : "goes on"}`);
      },
      connect: async (resource) => {
        assert.equal(resource, "first");
        return this.#connection();
      },
    });
  }

  async start(): Promise<void> {
    this.order.start();
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
      close: () => {},
    };
  }
}

const config = {
  volumes: [
    { number: 0, options: { resyncAfter: { resource: "first", volume: 1, minor: 1 } } },
    { number: 1, options: { resyncAfter: undefined } },
  ],
} as unknown as DrbdResourceConfig;

test("a volume waits while the one before it syncs, and no longer", async () => {
  const other = new Other(statusOf("SyncTarget"));
  await other.start();
  other.says(statusOf("PausedSyncT"));
  other.says(statusOf("Connected"));
  other.order.stop();
  assert.deepEqual(other.orders, ["0 waits", "0 goes on"]);
});

test("one that waits for a third is waited for, too", async () => {
  const other = new Other(statusOf("Connected", { ...idle, dependency: true }));
  await other.start();
  other.order.stop();
  assert.deepEqual(other.orders, ["0 waits"]);
});

test("a disk server that ends in the middle is not waited for", async () => {
  const other = new Other(statusOf("SyncSource"));
  await other.start();
  other.ends();
  other.order.stop();
  assert.deepEqual(other.orders, ["0 waits", "0 goes on"]);
});

test("a machine that has forgotten that it waits is told again", async () => {
  const other = new Other(statusOf("SyncSource"));
  await other.start();
  other.waits = false;
  other.says(statusOf("SyncSource"));
  other.order.stop();
  assert.deepEqual(other.orders, ["0 waits", "0 waits"]);
});

function statusOf(
  connectionState: DiskVolumeStatus["connectionState"],
  resyncSuspended: DiskVolumeStatus["resyncSuspended"] = idle,
): DiskResourceStatus {
  const volumes = [
    { volume: 0, connectionState: "SyncTarget", resyncSuspended: idle },
    { volume: 1, connectionState, resyncSuspended },
  ];
  return { volumes } as unknown as DiskResourceStatus;
}
