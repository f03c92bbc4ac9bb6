import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  operations,
  primitive,
  type SmallCluster,
} from "../../../../test/scheduler/small-cluster.ts";

const order = (more = ""): string => `<rsc_order id="o" first="disk" then="guest" ${more}/>`;
const monitored = primitive("disk", {}, operations("disk", 'name="monitor" interval="10s"'));
const resources = monitored + primitive("guest");
const bothRun = ["disk n1 start 0", "guest n1 start 0"];
const diskFailed = [...bothRun, "disk n1 monitor/10 7 error"];
const stopped = (id: string): string => primitive(id, { "target-role": "Stopped" });

const rows: readonly (readonly [
  sentence: string,
  spec: SmallCluster,
  changes: readonly string[],
])[] = [
  [
    "what the other waits for restarts: it restarts too",
    { resources, constraints: order(), history: diskFailed },
    ["Recover disk ( n1 )", "Restart guest ( n1 ) due to required disk start"],
  ],
  [
    "an optional order restarts nothing",
    { resources, constraints: order('kind="Optional"'), history: diskFailed },
    ["Recover disk ( n1 )"],
  ],
  [
    "what the other waits for is to stop: it stops too",
    { resources: stopped("disk") + primitive("guest"), constraints: order(), history: bothRun },
    ["Stop disk ( n1 ) due to node availability", "Stop guest ( n1 ) due to required disk start"],
  ],
  [
    "it cannot start before what it waits for can",
    { resources: stopped("disk") + primitive("guest"), constraints: order() },
    ["Start guest ( n1 ) due to unrunnable disk start (blocked)"],
  ],
  [
    "the first does not need the second",
    { resources: monitored + stopped("guest"), constraints: order(), history: bothRun },
    ["Stop guest ( n1 ) due to node availability"],
  ],
];

for (const [sentence, spec, changes] of rows) {
  test(sentence, () =>
    assert.deepEqual(
      decide({ defaults: { "resource-stickiness": "1" }, ...spec }).changes,
      changes,
    ),
  );
}

test("mandatory: start after start, stop before stop", () => {
  assert.ok(
    decide({ resources, constraints: order() }).order.includes(
      "disk_start_0@n1 -> guest_start_0@n2",
    ),
  );
  const down = decide({
    resources: stopped("disk") + stopped("guest"),
    constraints: order(),
    history: bothRun,
  }).order;
  assert.ok(down.includes("guest_stop_0@n1 -> disk_stop_0@n1"), down.join("\n"));
});

test("symmetrical=false says nothing of the stops", () => {
  const down = decide({
    resources: stopped("disk") + stopped("guest"),
    constraints: order('symmetrical="false"'),
    history: bothRun,
  }).order;
  assert.deepEqual(
    down.filter((edge) => edge.includes("_stop_0@n1 -> ")),
    [],
  );
});

test("Serialize keeps two starts apart without either needing the other", () => {
  const { order: edges, changes } = decide({ resources, constraints: order('kind="Serialize"') });
  assert.deepEqual(changes, ["Start disk ( n1 )", "Start guest ( n2 )"]);
  assert.ok(edges.includes("disk_start_0@n1 -> guest_start_0@n2"), edges.join("\n"));
});

test("a set of resources is a chain; sequential=false makes its members equal", () => {
  const set = (id: string, sequential: boolean, ...ids: string[]): string =>
    `<resource_set id="${id}" sequential="${sequential}">${ids.map((each) => `<resource_ref id="${each}"/>`).join("")}</resource_set>`;
  const all = ["a", "b", "c"].map((id) => primitive(id)).join("");
  const chain = decide({
    resources: all,
    constraints: `<rsc_order id="o">${set("s", true, "a", "b", "c")}</rsc_order>`,
  });
  assert.deepEqual(
    chain.order.filter((edge) => /_start_0.*_start_0/.test(edge)),
    ["a_start_0@n1 -> b_start_0@n2", "b_start_0@n2 -> c_start_0@n1"],
  );
  const fan = decide({
    resources: all,
    constraints: `<rsc_order id="o">${set("s", false, "a", "b")}${set("t", true, "c")}</rsc_order>`,
  });
  assert.deepEqual(
    fan.order.filter((edge) => /_start_0.*_start_0/.test(edge)),
    ["a_start_0@n1 -> c_start_0@n1", "b_start_0@n2 -> c_start_0@n1"],
  );
});
