import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  metaOf,
  primitive,
  type SmallCluster,
} from "../../../../test/scheduler/small-cluster.ts";

const clone = (meta: Record<string, string> = {}, id = "c", of = "a"): string =>
  `<clone id="${id}">${metaOf(id, meta)}${primitive(of)}</clone>`;
const three: SmallCluster["nodes"] = { n1: "online", n2: "online", n3: "online" };

const rows: readonly (readonly [
  sentence: string,
  spec: SmallCluster,
  changes: readonly string[],
])[] = [
  ["a clone runs on every node", { resources: clone() }, ["Start a:0 ( n1 )", "Start a:1 ( n2 )"]],
  ["clone-max limits it", { resources: clone({ "clone-max": "1" }) }, ["Start a:0 ( n1 )"]],
  [
    "instances that run keep their places",
    {
      nodes: three,
      resources: clone({ "clone-max": "2" }),
      history: ["a n2 start 0", "a n3 start 0"],
    },
    [],
  ],
  [
    "one instance too many is stopped",
    {
      nodes: three,
      resources: clone({ "clone-max": "2" }),
      history: ["a n1 start 0", "a n2 start 0", "a n3 start 0"],
    },
    ["Stop a:2 ( n3 ) due to node availability"],
  ],
  [
    "a new node gets its instance, the others stay",
    { nodes: three, resources: clone(), history: ["a n1 start 0", "a n2 start 0"] },
    ["Start a:2 ( n3 )"],
  ],
  [
    "clone-node-max lets instances share a node",
    {
      resources: clone({ "clone-max": "2", "clone-node-max": "2", "globally-unique": "true" }),
      nodes: { n1: "online", n2: "down" },
    },
    ["Start a:0 ( n1 )", "Start a:1 ( n1 )"],
  ],
  [
    "target-role=Stopped stops all",
    { resources: clone({ "target-role": "Stopped" }), history: ["a n1 start 0", "a n2 start 0"] },
    ["Stop a:0 ( n1 ) due to node availability", "Stop a:1 ( n2 ) due to node availability"],
  ],
  [
    "what is colocated with a clone goes where an instance is",
    {
      resources: clone({ "clone-max": "1" }) + primitive("b"),
      constraints: `<rsc_colocation id="k" rsc="b" with-rsc="c" score="INFINITY"/>`,
      history: ["a n2 start 0"],
    },
    ["Start b ( n2 )"],
  ],
];

for (const [sentence, spec, changes] of rows) {
  test(sentence, () => assert.deepEqual(decide(spec).changes, changes));
}

const pair = (interleave: string): SmallCluster => ({
  resources: clone({ interleave }, "c", "a") + clone({ interleave }, "d", "b"),
  constraints: `<rsc_order id="o" first="c" then="d"/>`,
});

test("without interleave an instance waits for the whole other clone, with it for its own node's only", () => {
  const all = decide(pair("false")).order;
  assert.ok(all.includes("c_running_0 -> d_start_0"), all.join("\n"));
  assert.ok(!all.includes("a_start_0@n1 -> b_start_0@n1"));
  const own = decide(pair("true")).order;
  assert.ok(own.includes("a_start_0@n1 -> b_start_0@n1"), own.join("\n"));
  assert.ok(!own.includes("a_start_0@n1 -> b_start_0@n2"));
});

test("a clone-max beyond all use makes as many instances as may be, and an error", () => {
  const meta = metaOf("c", { "clone-max": "100000000" });
  const { transition } = decide({ resources: `<clone id="c">${meta}${primitive("r")}</clone>` });
  assert.ok(transition.issues.some(({ message }) => message.includes("1000 are made")));
});
