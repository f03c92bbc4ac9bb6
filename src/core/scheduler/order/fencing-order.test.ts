import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  fenceDevice,
  fenceDeviceRuns,
  operations,
  primitive,
  type SmallCluster,
} from "../../../../test/scheduler/small-cluster.ts";

const guest = primitive("guest", {}, operations("guest", 'name="monitor" interval="10s"'));
const fenced: SmallCluster = {
  nodes: { n1: "lost", n2: "online" },
  options: { "fencing-enabled": "true" },
  resources: guest + fenceDevice,
  history: ["guest n1 start 0", ...fenceDeviceRuns],
};
const fence = "Fence (reboot) n1 'peer is no longer part of the cluster'";

test("the start elsewhere waits for the fencing and the stop that it implies", () => {
  const { order, transition } = decide(fenced);
  assert.ok(order.includes("stonith-n1-reboot@n1 -> guest_start_0@n2"), order.join("\n"));
  assert.ok(order.includes("stonith-n1-reboot@n1 -> guest_stop_0"));
  assert.ok(order.includes("guest_stop_0 -> guest_start_0@n2"));
  const fencing = transition.graph.synapses.find(({ action }) => action.operation === "stonith");
  assert.deepEqual(fencing?.action.downed, ["n1"]);
});

const rows: readonly (readonly [
  sentence: string,
  spec: Partial<SmallCluster>,
  changes: readonly string[],
])[] = [
  ["a lost node is fenced and what it ran goes over", {}, [fence, "Move guest ( n1 -> n2 )"]],
  [
    "it is fenced even if it ran nothing",
    { history: fenceDeviceRuns },
    [fence, "Start guest ( n2 )"],
  ],
  [
    "fencing-action=off",
    { options: { "fencing-enabled": "true", "fencing-action": "off" } },
    [fence.replace("reboot", "off"), "Move guest ( n1 -> n2 )"],
  ],
  [
    "without quorum nothing is fenced",
    { quorum: false },
    ["Stop guest ( n1 ) due to no quorum (blocked)", "Stop fencing ( n2 ) due to no quorum"],
  ],
  [
    "without quorum and no-quorum-policy=ignore it is",
    { quorum: false, options: { "fencing-enabled": "true", "no-quorum-policy": "ignore" } },
    [fence, "Move guest ( n1 -> n2 )"],
  ],
  ["without a device nothing is done", { resources: guest, history: ["guest n1 start 0"] }, []],
  [
    "a failed stop has the node fenced",
    {
      nodes: { n1: "online", n2: "online" },
      history: ["guest n1 start 0", "guest n1 stop 1 error", ...fenceDeviceRuns],
      attributes: { n1: { "fail-count-guest#stop_0": "INFINITY" } },
    },
    ["Fence (reboot) n1 'guest failed there'", "Recover guest ( n1 -> n2 )"],
  ],
  [
    "without fencing a failed stop blocks the resource",
    {
      nodes: { n1: "online", n2: "online" },
      options: {},
      resources: guest,
      history: ["guest n1 start 0", "guest n1 stop 1 error"],
      attributes: { n1: { "fail-count-guest#stop_0": "INFINITY" } },
    },
    [],
  ],
  [
    "on-fail=fence on a monitor has the node fenced",
    {
      nodes: { n1: "online", n2: "online" },
      resources:
        primitive(
          "guest",
          {},
          operations("guest", 'name="monitor" interval="10s" on-fail="fence"'),
        ) + fenceDevice,
      history: ["guest n1 start 0", "guest n1 monitor/10 1 error", ...fenceDeviceRuns],
    },
    ["Fence (reboot) n1 'guest failed there'", "Recover guest ( n1 -> n2 )"],
  ],
];

for (const [sentence, spec, changes] of rows) {
  test(sentence, () => assert.deepEqual(decide({ ...fenced, ...spec }).changes, changes));
}

test("what needs only quorum does not wait for the fencing of a node where it was not", () => {
  const { order } = decide({
    ...fenced,
    resources: primitive("light", { requires: "quorum" }) + fenceDevice,
    history: ["light n1 probe 7", ...fenceDeviceRuns],
  });
  assert.ok(!order.includes("stonith-n1-reboot@n1 -> light_start_0@n2"), order.join("\n"));
});

test("priority-fencing-delay holds back whoever would fence the node with the more important guest", () => {
  const { transition } = decide({
    ...fenced,
    options: { "fencing-enabled": "true", "priority-fencing-delay": "15s" },
    resources: primitive("guest", { priority: "10" }) + fenceDevice,
  });
  const fencing = transition.graph.synapses.find(({ action }) => action.operation === "stonith");
  const delay = fencing?.action.attributes.find(
    ([name]) => name === "CRM_meta_priority_fencing_delay",
  );
  assert.deepEqual(delay, ["CRM_meta_priority_fencing_delay", "15"]);
});
