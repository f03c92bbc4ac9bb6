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

const guest = primitive(
  "guest",
  { "allow-migrate": "true" },
  operations("guest", 'name="monitor" interval="10s"'),
);
const toN2 = `<rsc_location id="l" rsc="guest" node="n2" score="INFINITY"/>`;
const runs = ["guest n1 start 0", "guest n1 monitor/10 0"];
const disk = primitive("disk");
const onDisk = `<rsc_order id="o" first="disk" then="guest"/><rsc_colocation id="k" rsc="guest" with-rsc="disk" score="INFINITY"/>`;

const rows: readonly (readonly [
  sentence: string,
  spec: SmallCluster,
  changes: readonly string[],
])[] = [
  [
    "a guest that may migrate migrates",
    { resources: guest, constraints: toN2, history: runs },
    ["Migrate guest ( n1 -> n2 )"],
  ],
  [
    "one that may not is moved",
    { resources: primitive("guest"), constraints: toN2, history: runs },
    ["Move guest ( n1 -> n2 )"],
  ],
  [
    "one that failed is moved",
    { resources: guest, constraints: toN2, history: [...runs, "guest n1 monitor/10 7 error"] },
    ["Recover guest ( n1 -> n2 )"],
  ],
  [
    "from a node in standby it migrates",
    { resources: guest, nodes: { n1: "standby", n2: "online" }, history: runs },
    ["Migrate guest ( n1 -> n2 )"],
  ],
  [
    "from a node that leaves it migrates",
    { resources: guest, nodes: { n1: "leaving", n2: "online" }, history: runs },
    ["Migrate guest ( n1 -> n2 )"],
  ],
  [
    "with what it stands on moving too it is moved",
    { resources: disk + guest, constraints: toN2 + onDisk, history: ["disk n1 start 0", ...runs] },
    ["Move disk ( n1 -> n2 )", "Move guest ( n1 -> n2 ) due to unmigrateable disk stop"],
  ],
];

for (const [sentence, spec, changes] of rows) {
  test(sentence, () => assert.deepEqual(decide(spec).changes, changes));
}

test("a migration is migrate_to, migrate_from, stop on the source, and then the start that is none", () => {
  const { order, transition } = decide({ resources: guest, constraints: toN2, history: runs });
  assert.deepEqual([...order].sort(), [
    "guest_migrate_from_0@n2 -> guest_start_0",
    "guest_migrate_from_0@n2 -> guest_stop_0@n1",
    "guest_migrate_to_0@n1 -> guest_migrate_from_0@n2",
    "guest_start_0 -> guest_monitor_10000@n2",
    "guest_stop_0@n1 -> guest_start_0",
  ]);
  const start = transition.graph.synapses.find(({ action }) => action.key === "guest_start_0");
  assert.equal(start?.action.kind, "pseudo");
});

const move = "from=n1 to=n2";
const broken: readonly (readonly [
  sentence: string,
  spec: SmallCluster,
  changes: readonly string[],
])[] = [
  [
    "a migration that was begun and not ended goes on",
    { resources: guest, constraints: toN2, history: [...runs, `guest n1 migrate_to 0 ${move}`] },
    ["Migrate guest ( n1 -> n2 )"],
  ],
  [
    "migrated, but not stopped on the source: it is stopped there",
    {
      resources: guest,
      constraints: toN2,
      history: [...runs, `guest n1 migrate_to 0 ${move}`, `guest n2 migrate_from 0 ${move}`],
    },
    [],
  ],
  [
    "migrate_from failed: it is stopped on both and started anew",
    {
      resources: guest,
      constraints: toN2,
      history: [...runs, `guest n1 migrate_to 0 ${move}`, `guest n2 migrate_from 1 error ${move}`],
    },
    ["Recover guest ( n2 )"],
  ],
  [
    "migrate_to failed: it is stopped on both and started anew",
    {
      resources: guest,
      constraints: toN2,
      history: [...runs, `guest n1 migrate_to 1 error ${move}`],
    },
    ["Recover guest ( n2 )"],
  ],
];

for (const [sentence, spec, changes] of broken) {
  test(sentence, () => {
    const found = decide(spec);
    assert.deepEqual(found.changes, changes);
    assert.ok(
      found.actions.includes("guest_stop_0@n1") ||
        found.actions.includes("guest_migrate_from_0@n2"),
      found.actions.join("\n"),
    );
  });
}

test("the target of a migration is lost: it may run there, so it waits for the fencing", () => {
  const { changes, order } = decide({
    nodes: { n1: "online", n2: "lost", n3: "online" },
    options: { "fencing-enabled": "true" },
    resources: guest + fenceDevice,
    history: [
      ...runs,
      `guest n1 migrate_to 0 ${move}`,
      ...fenceDeviceRuns.map((line) => line.replace("n2", "n3")),
    ],
  });
  assert.ok(changes.includes("Fence (reboot) n2 'peer is no longer part of the cluster'"));
  assert.ok(
    order.includes("stonith-n2-reboot@n2 -> guest_start_0@n1") ||
      order.includes("stonith-n2-reboot@n2 -> guest_start_0@n3"),
    order.join("\n"),
  );
});
