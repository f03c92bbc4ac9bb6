import assert from "node:assert/strict";
import { test } from "node:test";
import { LentMemory } from "../../host/stream/lent-memory.ts";
import type { Store, StoreDone } from "../../ports/store.ts";
import { BackingDevices } from "./backing-devices.ts";
import { Turn } from "./turn.ts";

test("whoever has a device closed that is being closed already is told when it is", () => {
  const devices = new BackingDevices(
    new Turn(),
    () => {},
    () => {},
    new LentMemory(),
  );
  const closings: StoreDone[] = [];
  const store = { sizeBytes: 4096, close: (done: StoreDone) => closings.push(done) };
  devices.open(0, { data: store as unknown as Store, meta: store as unknown as Store });
  const told: string[] = [];
  devices.close(0, () => told.push("the machine"));
  devices.close(0, () => told.push("who had it detached"));
  assert.equal(devices.has(0), false);
  assert.deepEqual([closings.length, told], [1, []]);
  closings[0]?.();
  assert.deepEqual(told, ["the machine", "who had it detached"]);
  devices.close(0, () => told.push("who comes later"));
  assert.equal(told.length, 3);
});

test("what is read for the peer lies in memory that is used again, once it is given back", () => {
  const memory = new LentMemory();
  const turn = new Turn();
  const came: Uint8Array[] = [];
  const devices = new BackingDevices(
    turn,
    (event) => {
      if (event.kind === "disk-done" && event.bytes !== undefined) came.push(event.bytes);
    },
    () => {},
    memory,
  );
  const store = { read: (_offset: number, _into: Uint8Array, done: StoreDone) => done() };
  devices.open(0, { data: store as unknown as Store, meta: store as unknown as Store });
  const read = (token: number, more: { readonly forPeer?: true }): void =>
    turn.run(() =>
      devices.perform({
        ...{ kind: "disk-read", token, volume: 0, device: "data", offset: 0, length: 4096 },
        ...more,
      }),
    );
  read(1, { forPeer: true });
  read(2, { forPeer: true });
  read(3, {});
  const [one, two, own] = came;
  assert.ok(one !== undefined && two !== undefined && own !== undefined);
  assert.notEqual(one.buffer, two.buffer, "the first has not left yet");
  assert.deepEqual([memory.hasLent(one), memory.hasLent(own)], [true, false]);
  memory.giveBack(one);
  read(4, { forPeer: true });
  assert.equal(came[3]?.buffer, one.buffer);
});
