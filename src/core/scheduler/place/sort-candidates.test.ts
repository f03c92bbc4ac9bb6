import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, primitive, type SmallCluster } from "../../../../test/scheduler/small-cluster.ts";

const utilization = (id: string, memory: number): string =>
  `<utilization id="${id}-u"><nvpair id="${id}-u-m" name="memory" value="${memory}"/></utilization>`;
const vm = primitive("vm");
const onBoth = (score: string): string =>
  ["n1", "n2"]
    .map((node) => `<rsc_location id="l${node}" rsc="vm" node="${node}" score="${score}"/>`)
    .join("");

const rows: readonly (readonly [
  sentence: string,
  spec: SmallCluster,
  node: string,
  choice: string,
])[] = [
  [
    "the best score",
    { resources: vm, constraints: `<rsc_location id="l" rsc="vm" node="n2" score="1"/>` },
    "n2",
    "score",
  ],
  [
    "only one node is up",
    { resources: vm, nodes: { n1: "down", n2: "online" } },
    "n2",
    "only-node",
  ],
  [
    "fewest resources",
    { resources: primitive("a", { priority: "1" }) + vm },
    "n2",
    "fewer-resources",
  ],
  [
    "the present node, when the others have as many",
    { resources: vm, history: ["vm n2 start 0"] },
    "n2",
    "stays",
  ],
  [
    "fewest resources before the present node, at score 0",
    {
      resources: primitive("a", { priority: "1" }) + vm,
      history: ["a n1 start 0", "vm n1 start 0"],
    },
    "n2",
    "fewer-resources",
  ],
  [
    "the present node before fewest resources, above 0",
    {
      resources: primitive("a", { priority: "1" }) + vm,
      constraints: onBoth("1"),
      history: ["a n1 start 0", "vm n1 start 0"],
    },
    "n1",
    "stays",
  ],
  ["the first by name", { resources: vm }, "n1", "name"],
];

for (const [sentence, spec, node, choice] of rows) {
  test(`a node is chosen by: ${sentence}`, () => {
    const { reasons } = decide(spec).transition;
    const found = reasons.resources.find(({ resource }) => resource === "vm");
    assert.deepEqual([found?.node, found?.choice], [node, choice]);
  });
}

const strategies: readonly (readonly [strategy: string, node: string, choice: string])[] = [
  // n1 has 30 of 100 left after a, n2 all of its 60.
  ["balanced", "n2", "free-capacity"],
  ["minimal", "n1", "name"],
  ["utilization", "n2", "fewer-resources"],
];

for (const [strategy, node, choice] of strategies) {
  test(`placement-strategy=${strategy} chooses by ${choice}`, () => {
    const { reasons } = decide({
      options: { "placement-strategy": strategy },
      capacity: { n1: { memory: "100" }, n2: { memory: "60" } },
      resources:
        primitive("a", { priority: "1" }, utilization("a", 70)) +
        primitive("vm", {}, utilization("vm", 10)),
      constraints: `<rsc_location id="la" rsc="a" node="n1" score="INFINITY"/>`,
    }).transition;
    const found = reasons.resources.find(({ resource }) => resource === "vm");
    assert.deepEqual([found?.node, found?.choice], [node, choice]);
  });
}

test("what needs more than any node has left stays down", () => {
  const { changes, transition } = decide({
    options: { "placement-strategy": "utilization" },
    capacity: { n1: { memory: "50" }, n2: { memory: "50" } },
    resources: primitive("vm", {}, utilization("vm", 60)),
  });
  assert.deepEqual(changes, []);
  assert.equal(transition.reasons.resources[0]?.down?.kind, "no-node");
});

test("the more important guest gets the room that is left after a node's loss", () => {
  const { changes } = decide({
    nodes: { n1: "online", n2: "down" },
    options: { "placement-strategy": "utilization" },
    capacity: { n1: { memory: "100" }, n2: { memory: "100" } },
    resources:
      primitive("small", { priority: "1" }, utilization("small", 60)) +
      primitive("vital", { priority: "10" }, utilization("vital", 60)),
    history: ["small n1 start 0"],
  });
  assert.deepEqual(changes, ["Start vital ( n1 )", "Stop small ( n1 ) due to node availability"]);
});
