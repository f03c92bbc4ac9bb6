import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  metaOf,
  primitive,
  type SmallCluster,
} from "../../../../test/scheduler/small-cluster.ts";

const prefer = (score: string, node = "n2"): string =>
  `<rsc_location id="l" rsc="vm" node="${node}" score="${score}"/>`;
const rule = (score: string, ...expressions: string[]): string =>
  `<rsc_location id="l" rsc="vm"><rule id="r" score="${score}">${expressions
    .map((each, index) => `<expression id="e${index}" ${each}/>`)
    .join("")}</rule></rsc_location>`;

const running: Pick<SmallCluster, "history"> = { history: ["vm n1 start 0"] };

const rows: readonly (readonly [
  sentence: string,
  spec: Partial<SmallCluster>,
  changes: readonly string[],
])[] = [
  [
    "stickiness holds against a smaller location",
    { resources: primitive("vm", { "resource-stickiness": "100" }), constraints: prefer("99") },
    [],
  ],
  [
    "a greater location moves it",
    { resources: primitive("vm", { "resource-stickiness": "100" }), constraints: prefer("101") },
    ["Move vm ( n1 -> n2 )"],
  ],
  [
    "with an equal one it stays",
    { resources: primitive("vm", { "resource-stickiness": "100" }), constraints: prefer("100") },
    [],
  ],
  [
    "stickiness INFINITY holds against any wish",
    {
      resources: primitive("vm", { "resource-stickiness": "INFINITY" }),
      constraints: prefer("1000"),
    },
    [],
  ],
  [
    "a ban moves it in spite of stickiness INFINITY",
    {
      resources: primitive("vm", { "resource-stickiness": "INFINITY" }),
      constraints: prefer("-INFINITY", "n1"),
    },
    ["Move vm ( n1 -> n2 )"],
  ],
  [
    "a score below 0 everywhere stops it",
    { constraints: prefer("-10", "n1") + prefer("-1").replace('id="l"', 'id="m"') },
    ["Stop vm ( n1 ) due to node availability"],
  ],
  [
    "in an opt-in cluster it goes only where a location allows it",
    { options: { "symmetric-cluster": "false" }, constraints: prefer("0") },
    ["Move vm ( n1 -> n2 )"],
  ],
  [
    "in an opt-in cluster without locations it stops",
    { options: { "symmetric-cluster": "false" } },
    ["Stop vm ( n1 ) due to node availability"],
  ],
  [
    "a rule on the node's name",
    { constraints: rule("INFINITY", 'attribute="#uname" operation="eq" value="n2"') },
    ["Move vm ( n1 -> n2 )"],
  ],
  [
    "a rule on a node attribute that is defined nowhere",
    { constraints: rule("-INFINITY", 'attribute="ssd" operation="not_defined"') },
    ["Stop vm ( n1 ) due to node availability"],
  ],
  [
    "a rule compares numbers as numbers",
    {
      permanent: { n1: { ram: "9" }, n2: { ram: "10" } },
      constraints: rule("INFINITY", 'attribute="ram" operation="gte" value="10" type="number"'),
    },
    ["Move vm ( n1 -> n2 )"],
  ],
  [
    "a rule compares text as text",
    {
      permanent: { n1: { ram: "9" }, n2: { ram: "10" } },
      constraints: rule("INFINITY", 'attribute="ram" operation="gte" value="10" type="string"'),
    },
    [],
  ],
  [
    "a score taken from a node attribute",
    {
      permanent: { n2: { weight: "50" } },
      constraints: `<rsc_location id="l" rsc="vm"><rule id="r" score-attribute="weight"><expression id="e" attribute="weight" operation="defined"/></rule></rsc_location>`,
    },
    ["Move vm ( n1 -> n2 )"],
  ],
  [
    "migration-threshold 1 and one failure ban the node",
    {
      resources: primitive("vm", { "migration-threshold": "1" }),
      attributes: { n1: { "fail-count-vm#monitor_10000": "1" } },
    },
    ["Move vm ( n1 -> n2 )"],
  ],
  [
    "migration-threshold 3 and one failure do not",
    {
      resources: primitive("vm", { "migration-threshold": "3" }),
      attributes: { n1: { "fail-count-vm#monitor_10000": "1" } },
    },
    [],
  ],
  [
    "a failed start counts as INFINITY",
    { resources: primitive("vm"), attributes: { n1: { "fail-count-vm#start_0": "INFINITY" } } },
    ["Move vm ( n1 -> n2 )"],
  ],
  [
    "a red node with migrate-on-red is left",
    {
      options: { "node-health-strategy": "migrate-on-red" },
      attributes: { n1: { "#health-disk": "red" } },
    },
    ["Move vm ( n1 -> n2 )"],
  ],
  [
    "a yellow node with migrate-on-red is kept",
    {
      options: { "node-health-strategy": "migrate-on-red" },
      attributes: { n1: { "#health-disk": "yellow" } },
    },
    [],
  ],
  [
    "a yellow node with only-green is left",
    {
      options: { "node-health-strategy": "only-green" },
      attributes: { n1: { "#health-disk": "yellow" } },
    },
    ["Move vm ( n1 -> n2 )"],
  ],
];

for (const [sentence, spec, changes] of rows) {
  test(sentence, () => {
    const found = decide({
      resources: primitive("vm", { "resource-stickiness": "1" }),
      ...running,
      ...spec,
    });
    assert.deepEqual(found.changes, changes);
  });
}

test("a fail count of a clone's instance bans the whole clone from the node", () => {
  const { changes } = decide({
    resources: `<clone id="c">${metaOf("c", { "migration-threshold": "1" })}${primitive("vm")}</clone>`,
    history: ["vm n1 start 0", "vm n2 start 0"],
    attributes: { n1: { "fail-count-vm#monitor_10000": "1" } },
  });
  assert.deepEqual(changes, ["Stop vm:0 ( n1 ) due to node availability"]);
});

test("every change of a score is kept with its rule", () => {
  const { transition } = decide({
    resources: primitive("vm", { "resource-stickiness": "5", "migration-threshold": "1" }),
    constraints: prefer("7"),
    ...running,
    attributes: { n1: { "fail-count-vm#monitor_10000": "1" } },
  });
  const [vm] = transition.reasons.resources;
  assert.deepEqual(vm?.scores, [
    {
      node: "n1",
      verdict: "banned",
      score: -1_000_000,
      parts: [
        { score: 5, why: "resource-stickiness" },
        { score: -1_000_000, why: "migration-threshold reached" },
      ],
    },
    {
      node: "n2",
      verdict: "chosen",
      score: 7,
      parts: [{ score: 7, why: "location constraint l" }],
    },
  ]);
});
