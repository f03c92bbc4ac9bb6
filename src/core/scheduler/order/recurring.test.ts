import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, operations, primitive } from "../../../../test/scheduler/small-cluster.ts";

const monitored = (interval: string, more = ""): string =>
  primitive("vm", {}, operations("vm", `name="monitor" interval="${interval}" ${more}`));

test("a monitor follows the start", () => {
  const { order } = decide({ resources: monitored("10s") });
  assert.ok(order.includes("vm_start_0@n1 -> vm_monitor_10000@n1"), order.join("\n"));
});

test("a monitor that runs already is left alone", () => {
  const { actions } = decide({
    resources: monitored("10s"),
    history: ["vm n1 start 0", "vm n1 monitor/10 0"],
  });
  assert.deepEqual(actions, []);
});

test("a changed interval cancels the old monitor and begins the new one", () => {
  const { actions } = decide({
    resources: monitored("20s"),
    history: ["vm n1 start 0", "vm n1 monitor/10 0"],
  });
  assert.deepEqual([...actions].sort(), ["vm_monitor_10000@n1", "vm_monitor_20000@n1"]);
});

test("a monitor that is switched off is cancelled", () => {
  const { transition } = decide({
    resources: monitored("10s", 'enabled="false"'),
    history: ["vm n1 start 0", "vm n1 monitor/10 0"],
  });
  assert.deepEqual(
    transition.graph.synapses.map(({ action }) => action.operation),
    ["cancel"],
  );
});

test("a monitor for role=Stopped runs on the other node", () => {
  const { actions } = decide({
    resources: primitive(
      "vm",
      {},
      operations("vm", 'name="monitor" interval="20s" role="Stopped"'),
    ),
  });
  assert.ok(actions.includes("vm_monitor_20000@n2"), actions.join("\n"));
  assert.ok(!actions.includes("vm_monitor_20000@n1"));
});

test("an unmanaged resource is still monitored, and nothing else", () => {
  const { actions } = decide({
    resources: primitive(
      "vm",
      { "is-managed": "false" },
      operations("vm", 'name="monitor" interval="10s"'),
    ),
    history: ["vm n1 start 0"],
    nodes: { n1: "standby", n2: "online" },
  });
  assert.deepEqual(actions, ["vm_monitor_10000@n1"]);
});

test("in maintenance monitors are cancelled too", () => {
  const { transition } = decide({
    options: { "maintenance-mode": "true" },
    resources: monitored("10s"),
    history: ["vm n1 start 0", "vm n1 monitor/10 0"],
  });
  assert.deepEqual(
    transition.graph.synapses.map(({ action }) => `${action.operation} ${action.key}`),
    ["cancel vm_monitor_10000"],
  );
});
