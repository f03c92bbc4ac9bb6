import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, primitive, type SmallCluster } from "../../../../test/scheduler/small-cluster.ts";

const colocation = (score: string, more = ""): string =>
  `<rsc_colocation id="together" rsc="guest" with-rsc="disk" score="${score}" ${more}/>`;
const diskOn = (node: string): string =>
  `<rsc_location id="where" rsc="disk" node="${node}" score="INFINITY"/>`;
const resources = primitive("guest") + primitive("disk");

const rows: readonly (readonly [
  sentence: string,
  spec: Partial<SmallCluster>,
  changes: readonly string[],
])[] = [
  [
    "the dependent goes where the primary is",
    { constraints: colocation("INFINITY") + diskOn("n2") },
    ["Start guest ( n2 )", "Start disk ( n2 )"],
  ],
  [
    "apart, it goes elsewhere",
    { constraints: colocation("-INFINITY") + diskOn("n2") },
    ["Start guest ( n1 )", "Start disk ( n2 )"],
  ],
  [
    "without its primary it does not run",
    {
      constraints: colocation("INFINITY"),
      resources: primitive("guest") + primitive("disk", { "target-role": "Stopped" }),
    },
    [],
  ],
  [
    "a wish alone lets it run without the primary",
    {
      constraints: colocation("100"),
      resources: primitive("guest") + primitive("disk", { "target-role": "Stopped" }),
    },
    ["Start guest ( n1 )"],
  ],
  [
    "a wish apart is given up when one node is left",
    { constraints: colocation("-100"), nodes: { n1: "down", n2: "online" } },
    ["Start guest ( n2 )", "Start disk ( n2 )"],
  ],
  [
    "a ban apart is not",
    { constraints: colocation("-INFINITY"), nodes: { n1: "down", n2: "online" } },
    ["Start disk ( n2 )"],
  ],
  [
    "the dependent's wish draws the primary",
    {
      constraints: `${colocation("INFINITY")}<rsc_location id="wish" rsc="guest" node="n2" score="10"/>`,
    },
    ["Start guest ( n2 )", "Start disk ( n2 )"],
  ],
  [
    "with influence=false it does not draw a primary that runs",
    {
      constraints: `${colocation("INFINITY", 'influence="false"')}<rsc_location id="wish" rsc="guest" node="n2" score="10"/>`,
      history: ["disk n1 start 0"],
    },
    ["Start guest ( n1 )"],
  ],
  [
    "with influence it does",
    {
      constraints: `${colocation("INFINITY")}<rsc_location id="wish" rsc="guest" node="n2" score="10"/>`,
      history: ["disk n1 start 0"],
    },
    ["Start guest ( n2 )", "Move disk ( n1 -> n2 )"],
  ],
  [
    "a node attribute can take the node's place",
    {
      permanent: { n1: { site: "a" }, n2: { site: "b" }, n3: { site: "a" } },
      nodes: { n1: "online", n2: "online", n3: "online" },
      constraints: `${colocation("INFINITY", 'node-attribute="site"')}${diskOn("n1")}<rsc_location id="not" rsc="guest" node="n1" score="-INFINITY"/>`,
    },
    ["Start guest ( n3 )", "Start disk ( n1 )"],
  ],
];

for (const [sentence, spec, changes] of rows) {
  test(sentence, () => {
    assert.deepEqual(decide({ resources, ...spec }).changes, changes);
  });
}

test("a colocation in a circle is settled by the first that is asked", () => {
  const constraints = `${colocation("INFINITY")}<rsc_colocation id="back" rsc="disk" with-rsc="guest" score="INFINITY"/>`;
  assert.deepEqual(decide({ resources, constraints }).changes, [
    "Start guest ( n1 )",
    "Start disk ( n1 )",
  ]);
});

test("the score tells which colocation made it", () => {
  const { reasons } = decide({
    resources,
    constraints: colocation("INFINITY") + diskOn("n2"),
  }).transition;
  const guest = reasons.resources.find(({ resource }) => resource === "guest");
  assert.deepEqual(
    guest?.scores[0]?.parts.map(({ why }) => why),
    ["colocation together with disk, which goes to n2"],
  );
});
