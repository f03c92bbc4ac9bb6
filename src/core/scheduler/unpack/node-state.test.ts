import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  fenceDevice,
  fenceDeviceRuns,
  type NodeWord,
  primitive,
} from "../../../../test/scheduler/small-cluster.ts";

const monitored = ["vm n1 start 0", "other n2 start 0"];
const resources = primitive("vm") + primitive("other");

const withoutFencing: readonly (readonly [NodeWord, readonly string[]])[] = [
  ["online", []],
  ["lost", ["Start vm ( n2 )"]],
  ["down", ["Start vm ( n2 )"]],
  ["standby", ["Move vm ( n1 -> n2 )"]],
  ["maintenance", []],
  ["leaving", ["Move vm ( n1 -> n2 )"]],
  ["pending", ["Start vm ( n2 )"]],
];

for (const [word, changes] of withoutFencing) {
  test(`without fencing, a node that is ${word}: ${changes.join(", ") || "nothing changes"}`, () => {
    const found = decide({
      nodes: { n1: word, n2: "online" },
      resources,
      history: monitored,
      defaults: { "resource-stickiness": "1" },
    });
    assert.deepEqual(found.changes, changes);
  });
}

const withFencing: readonly (readonly [NodeWord, readonly string[]])[] = [
  ["online", []],
  ["lost", ["Fence (reboot) n1 'peer is no longer part of the cluster'", "Move vm ( n1 -> n2 )"]],
  // It left properly, and yet its history has it running something: that is settled by fencing.
  ["down", ["Fence (reboot) n1 'vm is thought to be active there'", "Move vm ( n1 -> n2 )"]],
  ["standby", ["Move vm ( n1 -> n2 )"]],
  ["maintenance", []],
  ["leaving", ["Move vm ( n1 -> n2 )"]],
  // It is up, so it is not fenced, and it cannot be told to do anything yet.
  ["pending", ["Stop vm ( n1 ) blocked"]],
];

for (const [word, changes] of withFencing) {
  test(`with fencing, a node that is ${word}: ${changes.join(", ") || "nothing changes"}`, () => {
    const found = decide({
      nodes: { n1: word, n2: "online" },
      options: { "fencing-enabled": "true" },
      resources: resources + fenceDevice,
      history: [...monitored, ...fenceDeviceRuns],
      defaults: { "resource-stickiness": "1" },
    });
    assert.deepEqual(found.changes, changes);
  });
}

test("a node that leaves is shut down when nothing runs there any more", () => {
  const { order } = decide({
    nodes: { n1: "leaving", n2: "online" },
    resources,
    history: monitored,
  });
  assert.ok(order.includes("vm_stop_0@n1 -> do_shutdown-n1@n1"), order.join("\n"));
});
