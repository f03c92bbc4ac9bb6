import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, metaOf, type SmallCluster } from "../../../../test/scheduler/small-cluster.ts";

const drbd = (meta: Record<string, string> = {}): string =>
  `<clone id="ms">${metaOf("ms", { promotable: "true", ...meta })}<primitive id="disk" class="ocf" provider="pacemaker" type="Stateful"/></clone>`;
const scores = (n1: string, n2: string): NonNullable<SmallCluster["attributes"]> => ({
  n1: { "master-disk": n1 },
  n2: { "master-disk": n2 },
});
const unpromoted = ["disk n1 start 0", "disk n2 start 0"];
const promotedOnN1 = [...unpromoted, "disk n1 promote 0"];

const rows: readonly (readonly [
  sentence: string,
  spec: SmallCluster,
  changes: readonly string[],
])[] = [
  [
    "the best promotion score is promoted",
    { resources: drbd(), history: unpromoted, attributes: scores("5", "10") },
    ["Promote disk:1 ( Unpromoted -> Promoted n2 )"],
  ],
  ["without promotion scores nothing is promoted", { resources: drbd(), history: unpromoted }, []],
  [
    "a negative score is not promoted",
    { resources: drbd(), history: unpromoted, attributes: scores("-1", "-1") },
    [],
  ],
  [
    "promoted-max 2 promotes both",
    {
      resources: drbd({ "promoted-max": "2" }),
      history: unpromoted,
      attributes: scores("5", "10"),
    },
    [
      "Promote disk:0 ( Unpromoted -> Promoted n1 )",
      "Promote disk:1 ( Unpromoted -> Promoted n2 )",
    ],
  ],
  [
    "with equal scores it stays where it is",
    { resources: drbd(), history: promotedOnN1, attributes: scores("10", "10") },
    [],
  ],
  [
    "a location for the promoted role decides",
    {
      resources: drbd(),
      history: promotedOnN1,
      attributes: scores("10", "10"),
      constraints: `<rsc_location id="l" rsc="ms"><rule id="r" role="Promoted" score="100"><expression id="e" attribute="#uname" operation="eq" value="n2"/></rule></rsc_location>`,
    },
    ["Demote disk:0 ( Promoted -> Unpromoted n1 )", "Promote disk:1 ( Unpromoted -> Promoted n2 )"],
  ],
  [
    "target-role=Unpromoted demotes",
    {
      resources: drbd({ "target-role": "Unpromoted" }),
      history: promotedOnN1,
      attributes: scores("10", "5"),
    },
    ["Demote disk:0 ( Promoted -> Unpromoted n1 )"],
  ],
  [
    "a lost node's promotion goes over",
    {
      resources: drbd(),
      nodes: { n1: "lost", n2: "online" },
      history: promotedOnN1,
      attributes: scores("10", "5"),
    },
    ["Promote disk:0 ( Unpromoted -> Promoted n2 )"],
  ],
  [
    "without quorum and no-quorum-policy=demote it is demoted",
    {
      resources: drbd(),
      quorum: false,
      options: { "no-quorum-policy": "demote" },
      history: promotedOnN1,
      attributes: scores("10", "5"),
    },
    ["Demote disk:0 ( Promoted -> Unpromoted n1 )"],
  ],
];

for (const [sentence, spec, changes] of rows) {
  test(sentence, () => assert.deepEqual(decide(spec).changes, changes));
}

test("what is ordered after the promotion starts where it was promoted, and stops before it is demoted", () => {
  const spec: SmallCluster = {
    resources: `${drbd()}<primitive id="fs" class="ocf" provider="pacemaker" type="Dummy"/>`,
    constraints: `<rsc_order id="o" first="ms" first-action="promote" then="fs" then-action="start"/>
      <rsc_colocation id="k" rsc="fs" with-rsc="ms" with-rsc-role="Promoted" score="INFINITY"/>`,
    attributes: scores("10", "5"),
  };
  const up = decide({ ...spec, history: unpromoted });
  assert.deepEqual(up.changes, ["Promote disk:0 ( Unpromoted -> Promoted n1 )", "Start fs ( n1 )"]);
  assert.ok(up.order.includes("ms_promoted_0 -> fs_start_0@n1"), up.order.join("\n"));
  const away = decide({
    ...spec,
    history: [...promotedOnN1, "fs n1 start 0"],
    nodes: { n1: "standby", n2: "online" },
  });
  assert.ok(away.order.includes("fs_stop_0@n1 -> ms_demote_0"), away.order.join("\n"));
});
