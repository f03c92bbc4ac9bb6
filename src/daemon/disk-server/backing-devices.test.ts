import assert from "node:assert/strict";
import { test } from "node:test";
import type { Store, StoreDone } from "../../ports/store.ts";
import { BackingDevices } from "./backing-devices.ts";
import { Turn } from "./turn.ts";

test("whoever has a device closed that is being closed already is told when it is", () => {
  const devices = new BackingDevices(
    new Turn(),
    () => {},
    () => {},
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
