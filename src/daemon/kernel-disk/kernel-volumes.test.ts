import assert from "node:assert/strict";
import { closeSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { after, beforeEach, test } from "node:test";
import type { DiskResourceStatus } from "../../api/disk-status.ts";
import type { IoReply, IoRequest } from "../../core/replication/io.ts";
import type { DrbdResourceConfig } from "../../formats/drbd-conf/resource-config.ts";
import { openDevice } from "../../host/store/open-device.ts";
import { Turn } from "../disk-server/turn.ts";
import { KernelVolumes } from "./kernel-volumes.ts";

const sizeBytes = 1 << 20;
const directory = mkdtempSync(path.join(tmpdir(), "holdfast-kernel-volumes-"));
let devices = 0;
let device = "";

// Each test has its own: what the last one has released may not be closed yet.
beforeEach(() => {
  device = path.join(directory, `drbd${devices++}`);
  writeFileSync(device, "");
  truncateSync(device, sizeBytes);
});
after(() => rmSync(directory, { recursive: true }));

test("a Primary's volume is read and written on its device, and closed by its last user", async () => {
  const service = new Service("Primary");
  const { volumes } = service;
  volumes.opened(0);
  const bytes = Buffer.alloc(4096, 7);
  const write = { kind: "write", id: 1, volume: 0, offset: 8192, bytes, fua: true } as const;
  assert.deepEqual(await service.ask(write), { kind: "io-reply", id: 1 });
  assert.deepEqual(await service.ask({ kind: "flush", id: 2, volume: 0 }), {
    kind: "io-reply",
    id: 2,
  });
  assert.ok(readFileSync(device).subarray(8192, 12_288).equals(bytes));
  const range = { volume: 0, offset: 8192, length: 4096, mayUnmap: false, fua: false };
  await service.ask({ kind: "write-zeroes", id: 3, ...range });
  assert.ok(
    readFileSync(device)
      .subarray(8192, 12_288)
      .every((byte) => byte === 0),
  );
  assert.equal(volumes.isOpen(0), true);
  volumes.released(0);
  assert.equal(volumes.isOpen(0), false);
});

test("on a Secondary only the standby export opens, and its I/O fails until the promotion", async () => {
  const service = new Service("Secondary");
  const { volumes } = service;
  assert.equal(volumes.findExport("0", 0).ok, false);
  assert.equal(volumes.findExport("standby-0", 0).ok, true);
  assert.equal(volumes.findExport("7", 0).ok, false);
  volumes.opened(0);
  const flush = { kind: "flush", id: 4, volume: 0 } as const;
  assert.equal((await service.ask(flush)).error, "not-primary");
  service.role = "Primary";
  assert.equal((await service.ask({ ...flush, id: 5 })).error, undefined);
  volumes.released(0);
});

test("who comes while the device is being closed waits for that; who has gone again does not open it", async () => {
  const service = new Service("Primary");
  const { volumes } = service;
  volumes.opened(0);
  const bytes = Buffer.alloc(4096, 9);
  await service.ask({ kind: "write", id: 1, volume: 0, offset: 4096, bytes, fua: false });
  volumes.released(0);
  volumes.opened(0);
  assert.deepEqual([volumes.localStore(0), volumes.isClosing], [undefined, true]);
  const read = { kind: "read", id: 2, volume: 0, offset: 4096, length: 4096 } as const;
  assert.deepEqual(await service.ask(read), {
    kind: "io-reply",
    id: 2,
    bytes: new Uint8Array(bytes),
  });
  assert.equal((await service.ask({ ...read, id: 3, localReadFailed: true })).error, "io-error");
  volumes.released(0);
  volumes.opened(0);
  const left = service.ask({ kind: "flush", id: 4, volume: 0 });
  volumes.released(0);
  assert.equal((await left).error, "not-primary");
  assert.equal(volumes.isClosing, false);
  const again = openDevice(device);
  assert.ok(again.ok);
  closeSync(again.value.fd);
});

/** The volumes with their answers by the requests' ids. */
class Service {
  role: "Primary" | "Secondary";
  readonly volumes: KernelVolumes;
  readonly #waiting = new Map<number, (reply: IoReply) => void>();

  constructor(role: "Primary" | "Secondary") {
    this.role = role;
    const volume = { number: 0, volume: 0, device, sizeKib: sizeBytes / 1024 };
    this.volumes = new KernelVolumes({
      config: () => ({ name: "r0", volumes: [volume] }) as unknown as DrbdResourceConfig,
      status: () => ({ role: this.role, volumes: [volume] }) as unknown as DiskResourceStatus,
      answer: (reply) => this.#waiting.get(reply.id)?.(reply),
      turn: new Turn(),
      onUse: () => {},
    });
  }

  ask(request: IoRequest): Promise<IoReply> {
    const reply = new Promise<IoReply>((resolve) => this.#waiting.set(request.id, resolve));
    this.volumes.submit(request);
    return reply;
  }
}
