import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  metaOf,
  operations,
  primitive,
  type SmallCluster,
} from "../../../../test/scheduler/small-cluster.ts";

const vm = primitive("vm");

const rows: readonly (readonly [cause: string, spec: SmallCluster])[] = [
  ["disabled", { resources: primitive("vm", { "target-role": "Stopped" }) }],
  ["stop-all-resources", { resources: vm, options: { "stop-all-resources": "true" } }],
  ["maintenance", { resources: vm, options: { "maintenance-mode": "true" } }],
  ["unmanaged", { resources: primitive("vm", { "is-managed": "false" }) }],
  [
    "blocked",
    {
      resources: primitive(
        "vm",
        {},
        operations("vm", 'name="monitor" interval="10s" on-fail="block"'),
      ),
      history: ["vm n1 start 0", "vm n1 stop 1 error"],
    },
  ],
  ["no-fence-device", { resources: vm, options: { "fencing-enabled": "true" } }],
  ["no-quorum", { resources: vm, quorum: false }],
  [
    "no-node",
    {
      resources: vm,
      constraints: `<rsc_location id="a" rsc="vm" node="n1" score="-INFINITY"/><rsc_location id="b" rsc="vm" node="n2" score="-INFINITY"/>`,
    },
  ],
  ["no-node", { resources: vm, nodes: { n1: "standby", n2: "standby" } }],
  [
    "waits-for",
    {
      resources: primitive("disk", { "is-managed": "false" }) + vm,
      constraints: `<rsc_order id="o" first="disk" then="vm"/>`,
    },
  ],
  [
    "surplus-instance",
    { resources: `<clone id="c">${metaOf("c", { "clone-max": "3" })}${vm}</clone>` },
  ],
];

for (const [cause, spec] of rows) {
  test(`${cause}: ${JSON.stringify({ ...spec, resources: "" }).slice(0, 80)}`, () => {
    const { resources } = decide(spec).transition.reasons;
    const down = resources.filter(
      (each) => each.resource.startsWith("vm") && each.down !== undefined,
    );
    assert.deepEqual([...new Set(down.map((each) => each.down?.kind))], [cause]);
  });
}

test("when nothing is done although something is down, it is named with its cause", () => {
  const { reasons, graph } = decide({
    resources: vm,
    options: { "fencing-enabled": "true" },
    nodes: { n1: "lost", n2: "online" },
    history: ["vm n1 start 0"],
  }).transition;
  assert.deepEqual([graph.synapses, reasons.idle], [[], ["vm"]]);
  assert.deepEqual(reasons.nodes[0], {
    node: "n1",
    obstacles: ["offline", "unclean"],
    unclean: "peer is no longer part of the cluster",
    within: undefined,
    fencing: "no-device",
  });
});

test("what people stopped is not missed", () => {
  assert.deepEqual(
    decide({ resources: primitive("vm", { "target-role": "Stopped" }) }).transition.reasons.idle,
    [],
  );
});

test("a guest that was to stop and could not is missed: it may still run", () => {
  const { reasons, graph } = decide({
    resources: primitive("vm", { "target-role": "Stopped" }),
    history: ["vm n1 start 0", "vm n1 stop 1 error"],
  }).transition;
  assert.deepEqual([graph.synapses, reasons.idle], [[], ["vm"]]);
  const [vm] = reasons.resources;
  assert.deepEqual(vm?.down, {
    kind: "blocked",
    failures: [{ operation: "vm_stop_0", node: "n1", rc: 1, exitReason: "" }],
    activeOn: [],
  });
});
