import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, primitive } from "../../../../test/scheduler/small-cluster.ts";

test("before anything starts, every node is asked whether it runs there", () => {
  const { actions, order } = decide({ probed: false, resources: primitive("vm") });
  assert.deepEqual([...actions].sort(), ["vm_monitor_0@n1", "vm_monitor_0@n2", "vm_start_0@n1"]);
  assert.ok(
    order.includes("vm_monitor_0@n1 -> vm_start_0@n1") &&
      order.includes("vm_monitor_0@n2 -> vm_start_0@n1"),
  );
});

test("a node that came back is probed, and what runs elsewhere stays", () => {
  const { changes, actions } = decide({
    probed: false,
    resources: primitive("vm", { "resource-stickiness": "1" }),
    history: ["vm n2 start 0"],
  });
  assert.deepEqual([changes, actions], [[], ["vm_monitor_0@n1"]]);
});

test("resource-discovery=never spares a node the question", () => {
  const { actions } = decide({
    probed: false,
    resources: primitive("vm"),
    constraints: `<rsc_location id="l" rsc="vm" node="n2" score="-INFINITY" resource-discovery="never"/>`,
  });
  assert.deepEqual([...actions].sort(), ["vm_monitor_0@n1", "vm_start_0@n1"]);
});

test("what a probe finds running on two nodes is stopped on both and started on one", () => {
  const { changes, actions } = decide({
    resources: primitive("vm"),
    history: ["vm n1 probe 0", "vm n2 probe 0"],
  });
  assert.deepEqual(changes, ["Restart vm ( n1 )"]);
  assert.deepEqual([...actions].sort(), ["vm_start_0@n1", "vm_stop_0@n1", "vm_stop_0@n2"]);
});

test("with multiple-active=block it is left alone", () => {
  const { actions } = decide({
    resources: primitive("vm", { "multiple-active": "block" }),
    history: ["vm n1 probe 0", "vm n2 probe 0"],
  });
  assert.deepEqual(actions, []);
});
