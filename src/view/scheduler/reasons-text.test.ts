import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  operations,
  primitive,
  type SmallCluster,
} from "../../../test/scheduler/small-cluster.ts";
import { idleLines, nodeLine, resourceLines } from "./reasons-text.ts";

const vm = primitive("vm");
const lost: SmallCluster = {
  resources: vm,
  options: { "fencing-enabled": "true" },
  nodes: { n1: "lost", n2: "online" },
  history: ["vm n1 start 0"],
};

const idle: readonly (readonly [spec: SmallCluster, lines: readonly string[]])[] = [
  [lost, ["HF4206 vm is not started: fencing is enabled and there is no fence device"]],
  [
    { resources: vm, quorum: false },
    ["HF4207 vm is not started without quorum (no-quorum-policy=stop)"],
  ],
  [
    { resources: vm, nodes: { n1: "standby", n2: "standby" } },
    ["HF4208 vm cannot run on any node"],
  ],
  [
    {
      resources: primitive("vm", {}, operations("vm", 'name="stop" interval="0" on-fail="block"')),
      history: ["vm n1 start 0", "vm n1 stop 1 error"],
    },
    ["HF4205 vm is blocked by vm_stop_0 on n1 (rc 1)"],
  ],
  [{ resources: vm, history: ["vm n1 start 0"] }, []],
];

for (const [spec, lines] of idle) {
  test(`what is down while nothing is done: ${lines[0] ?? "nothing"}`, () => {
    assert.deepEqual(idleLines(decide(spec).transition.reasons), lines);
  });
}

test("a resource is told with every node's score and what made it", () => {
  const { reasons } = decide({
    resources: primitive("vm", { "resource-stickiness": "5" }),
    constraints: `<rsc_location id="l" rsc="vm" node="n2" score="7"/>`,
    nodes: { n1: "online", n2: "standby" },
    history: ["vm n1 start 0"],
  }).transition;
  const lines = reasons.resources.flatMap((each) => resourceLines(each, reasons.nodes));
  assert.deepEqual(lines, [
    "vm runs on n1: no other node can take it",
    "  n1: 5 (5 resource-stickiness)",
    "  n2: 7 (the node is standby; 7 location constraint l)",
  ]);
});

test("a node is told with what is done about it", () => {
  const { reasons } = decide(lost).transition;
  assert.deepEqual(reasons.nodes.map(nodeLine), [
    "n1 is offline, unclean (peer is no longer part of the cluster); it cannot be fenced: there is no fence device",
    "n2 can run resources",
  ]);
});
