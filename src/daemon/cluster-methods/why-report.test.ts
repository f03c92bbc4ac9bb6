/** What a person reads, for what happens most: the words, and the command that helps. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cibOf,
  nowS,
  operations,
  primitive,
  type SmallCluster,
} from "../../../test/scheduler/small-cluster.ts";
import { UserError } from "../../api/user-error.ts";
import { wallTime } from "../../base/time.ts";
import { whyOverview, whyText } from "../../view/cluster/why-text.ts";
import { type WhyQuestion, whyReport } from "./why-report.ts";

const vm = primitive("vm");
const quiet = { options: { "fencing-enabled": "true" } };
const device = primitive("power").replace(
  /class="ocf" provider="pacemaker" type="Dummy"/,
  'class="stonith" type="fence_x"',
);

type Row = readonly [what: string, spec: SmallCluster, about: string, lines: readonly string[]];

const rows: readonly Row[] = [
  [
    "a guest where it is, by its stickiness",
    {
      ...quiet,
      resources: device + primitive("vm", { "resource-stickiness": "1" }),
      history: ["vm n1 start 0", "power n2 start 0"],
    },
    "vm",
    [
      "vm runs on n1, and stays there",
      "  why: that node has the best score",
      "  n1: here, score 1",
      "    +1: resource-stickiness",
      "  n2: could run here, but n1 has 1, score 0",
    ],
  ],
  [
    "a guest that a forgotten move keeps on one node",
    {
      ...quiet,
      resources: device + vm,
      constraints: `<rsc_location id="cli-ban-vm-on-n1" rsc="vm" node="n1" score="-INFINITY"/>`,
      history: ["vm n2 start 0", "power n2 start 0"],
    },
    "vm",
    [
      "vm runs on n2, and stays there",
      "  why: no other node can take it",
      "  n1: may not run here, score -INFINITY",
      "    -INFINITY: location constraint cli-ban-vm-on-n1",
      "      → crm_resource --clear --resource vm",
      "  n2: here, score 0",
    ],
  ],
  [
    "a guest that failed where it may run",
    {
      ...quiet,
      nodes: { n1: "online", n2: "standby" },
      resources: device + primitive("vm", { "migration-threshold": "1" }),
      attributes: { n1: { "fail-count-vm#start_0": "1", "last-failure-vm#start_0": String(nowS) } },
      history: ["power n1 start 0"],
    },
    "vm",
    [
      "vm is stopped, and stays so",
      "  why: no node can take it [HF4208]",
      "  n1: may not run here, score -INFINITY",
      "    It failed there once, and after 1 it may not run there (migration-threshold).",
      "      → Mend the cause, then: crm_resource --cleanup --resource vm --node n1",
      "  n2: not now: the node cannot run it",
      "    n2 is in standby.",
      "      → holdfast node online n2",
    ],
  ],
  [
    "a guest that somebody has stopped",
    {
      ...quiet,
      resources: device + primitive("vm", { "target-role": "Stopped" }),
      history: ["power n1 start 0"],
    },
    "vm",
    [
      "vm is stopped, and stays so",
      "  why: it shall be stopped: target-role of vm is Stopped [HF4201]",
      "    → crm_resource --resource vm --meta --set-parameter target-role --parameter-value Started",
    ],
  ],
  [
    "a guest whose stop failed",
    {
      resources: primitive("vm", {}, operations("vm", 'name="stop" interval="0" on-fail="block"')),
      history: ["vm n1 start 0", "vm n1 stop 1 error"],
      options: { "fencing-enabled": "false" },
    },
    "vm",
    [
      "Fencing is off: silence counts as death, and two guests may run.",
      "  → Add a fence device, then: crm_attribute --name stonith-enabled --update true",
      "",
      "vm may still run on n1, and is left as it is",
      "  why: it is blocked until somebody has looked: vm_stop_0 on n1 failed (rc 1) [HF4205]",
      "    → Look on the nodes what runs, then: crm_resource --cleanup --resource vm",
      "  n1: here, but may not be, score -INFINITY",
      "    -INFINITY: its stop failed there",
      "      → crm_resource --cleanup --resource vm --node n1",
      "  n2: not looked at, score 0",
    ],
  ],
  [
    "a node that was lost, and nobody can fence",
    {
      ...quiet,
      nodes: { n1: "lost", n2: "online" },
      resources: vm,
      history: ["vm n1 start 0"],
    },
    "n1",
    [
      "Nothing is started: fencing is enabled and there is no fence device.",
      "  → Add one (class stonith), or switch fencing off and accept that two guests may run: crm_attribute --name stonith-enabled --update false",
      "n1 is unclean and nothing fences it: what ran there is not started elsewhere.",
      "  → If it is off: holdfast node confirm-off n1 --i-have-looked",
      "",
      "n1 is offline, unclean",
      "  n1 is unclean: peer is no longer part of the cluster; it cannot be fenced: there is no fence device.",
      "    → If it is off: holdfast node confirm-off n1 --i-have-looked",
      "  runs: vm",
    ],
  ],
  [
    "a node in standby with a guest that leaves it",
    {
      ...quiet,
      nodes: { n1: "standby", n2: "online" },
      resources: device + vm,
      history: ["vm n1 start 0", "power n2 start 0"],
    },
    "n1",
    [
      "n1 is in standby",
      "  n1 is in standby.",
      "    → holdfast node online n1",
      "  runs: vm",
      "  next to leave: vm",
    ],
  ],
];

for (const [what, spec, about, lines] of rows) {
  test(what, () => {
    assert.deepEqual(told(spec, { resource: about }), lines);
  });
}

test("one node's part of the answer can be asked for", () => {
  const spec = { ...quiet, resources: device + vm, history: ["vm n1 start 0", "power n2 start 0"] };
  assert.deepEqual(
    told(spec, { resource: "vm", node: "n2" }).filter((line) => line.startsWith("  n")),
    ["  n2: as good, score 0"],
  );
});

test("an overview begins with what is not as it should be, and ends with what is well", () => {
  const spec: SmallCluster = {
    ...quiet,
    resources: device + vm + primitive("lost"),
    constraints: `<rsc_location id="no1" rsc="lost" node="n1" score="-INFINITY"/><rsc_location id="no2" rsc="lost" node="n2" score="-INFINITY"/>`,
    history: ["vm n1 start 0", "power n2 start 0"],
  };
  const asked = { resource: undefined, node: undefined };
  const lines = whyOverview(whyReport(cibOf(spec), wallTime(nowS * 1000), asked)).split("\n");
  assert.equal(lines[0], "lost is stopped, and stays so");
  assert.deepEqual(
    lines.slice(-4).filter((line) => line !== ""),
    [
      "power runs on n2, and stays there: of equally good nodes the one where it is",
      "vm runs on n1, and stays there: of equally good nodes the one with fewest resources",
    ],
  );
});

test("a name that nobody has is refused with the names that there are", () => {
  assert.throws(
    () => told({ resources: vm }, { resource: "host9" }),
    (error) =>
      error instanceof UserError && /resources are vm; the nodes n1, n2/.test(error.remedy ?? ""),
  );
});

function told(spec: SmallCluster, question: Partial<WhyQuestion>): readonly string[] {
  const asked = { resource: undefined, node: undefined, ...question };
  const report = whyReport(cibOf(spec), wallTime(nowS * 1000), asked);
  return whyText(report).trimEnd().split("\n");
}
