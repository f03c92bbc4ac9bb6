import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, primitive, type SmallCluster } from "../../../../test/scheduler/small-cluster.ts";

const group = (...members: string[]): string => `<group id="g">${members.join("")}</group>`;
const three = group(primitive("ip"), primitive("fs"), primitive("db"));
const onN1 = ["ip n1 start 0", "fs n1 start 0", "db n1 start 0"];

const rows: readonly (readonly [
  sentence: string,
  spec: SmallCluster,
  changes: readonly string[],
])[] = [
  [
    "a group starts on one node",
    { resources: three },
    ["Start ip ( n1 )", "Start fs ( n1 )", "Start db ( n1 )"],
  ],
  [
    "a location of the group counts once, for its first member",
    { resources: three, constraints: `<rsc_location id="l" rsc="g" node="n2" score="5"/>` },
    ["Start ip ( n2 )", "Start fs ( n2 )", "Start db ( n2 )"],
  ],
  [
    "the stickiness of its members adds up",
    {
      resources: three,
      defaults: { "resource-stickiness": "2" },
      constraints: `<rsc_location id="l" rsc="g" node="n2" score="5"/>`,
      history: onN1,
    },
    [],
  ],
  [
    "members behind a stopped one are down",
    {
      resources: group(
        primitive("ip"),
        primitive("fs", { "target-role": "Stopped" }),
        primitive("db"),
      ),
      history: onN1,
    },
    ["Stop fs ( n1 ) due to node availability", "Stop db ( n1 ) due to node availability"],
  ],
  [
    "a ban on a member moves them all",
    {
      resources: three,
      constraints: `<rsc_location id="l" rsc="db" node="n1" score="-INFINITY"/>`,
      history: onN1,
    },
    ["Move ip ( n1 -> n2 )", "Move fs ( n1 -> n2 )", "Move db ( n1 -> n2 )"],
  ],
];

for (const [sentence, spec, changes] of rows) {
  test(sentence, () => assert.deepEqual(decide(spec).changes, changes));
}

test("members start one after the other and stop in reverse", () => {
  const { order } = decide({
    resources: three,
    history: onN1,
    nodes: { n1: "standby", n2: "online" },
  });
  for (const edge of [
    "ip_start_0@n2 -> fs_start_0@n2",
    "fs_start_0@n2 -> db_start_0@n2",
    "db_stop_0@n1 -> fs_stop_0@n1",
    "fs_stop_0@n1 -> ip_stop_0@n1",
    "g_stopped_0 -> g_start_0",
  ]) {
    assert.ok(order.includes(edge), `${edge} of\n${order.join("\n")}`);
  }
});

test("what fails in the middle is recovered with what stands on it", () => {
  const { changes, order } = decide({
    resources: group(
      primitive("ip"),
      primitive("fs", {}, `<operations><op id="m" name="monitor" interval="10s"/></operations>`),
      primitive("db"),
    ),
    history: [...onN1, "fs n1 monitor/10 7 error"],
  });
  assert.deepEqual(changes, ["Recover fs ( n1 )", "Restart db ( n1 ) due to required fs start"]);
  assert.ok(order.includes("db_stop_0@n1 -> fs_stop_0@n1"));
});
