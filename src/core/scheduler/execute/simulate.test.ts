import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cibOf,
  fenceDevice,
  fenceDeviceRuns,
  nowS,
  operations,
  primitive,
  type SmallCluster,
} from "../../../../test/scheduler/small-cluster.ts";
import { wallTime } from "../../../base/time.ts";
import { attribute, descendants, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { schedule } from "../schedule.ts";
import { simulate } from "./simulate.ts";

const vm = primitive(
  "vm",
  { "allow-migrate": "true" },
  operations("vm", 'name="monitor" interval="10s"'),
);

const rows: readonly (readonly [sentence: string, spec: SmallCluster, where: readonly string[]])[] =
  [
    ["a start", { resources: vm }, ["n1"]],
    [
      "a move",
      {
        resources: primitive("vm"),
        nodes: { n1: "standby", n2: "online" },
        history: ["vm n1 start 0"],
      },
      ["n2"],
    ],
    [
      "a migration",
      { resources: vm, nodes: { n1: "standby", n2: "online" }, history: ["vm n1 start 0"] },
      ["n2"],
    ],
    [
      "a stop",
      { resources: primitive("vm", { "target-role": "Stopped" }), history: ["vm n1 start 0"] },
      [],
    ],
    [
      "a recovery",
      { resources: vm, history: ["vm n1 start 0", "vm n1 monitor/10 7 error"] },
      ["n1"],
    ],
    [
      "a fencing",
      {
        resources: vm + fenceDevice,
        options: { "fencing-enabled": "true" },
        nodes: { n1: "lost", n2: "online" },
        history: ["vm n1 start 0", ...fenceDeviceRuns],
      },
      ["n2"],
    ],
  ];

for (const [sentence, spec, where] of rows) {
  test(`${sentence} leads where it was to lead, and leaves nothing to do`, () => {
    const { after, cib } = play(cibOf(spec));
    assert.deepEqual(after, where);
    const again = schedule(cib, now);
    assert.deepEqual(again.before.find(({ resource }) => resource === "vm")?.nodes ?? [], where);
    assert.deepEqual(
      again.graph.synapses.map(({ action }) => action.key),
      [],
    );
  });
}

test("what is executed is recorded with its digest, so nothing restarts for it", () => {
  const own = `<instance_attributes id="vm-own"><nvpair id="vm-state" name="state" value="/run/vm"/></instance_attributes>`;
  const { cib } = play(cibOf({ resources: primitive("vm", {}, own) }));
  assert.deepEqual(schedule(cib, now).changes, []);
});

test("what is executed comes after all that is recorded anywhere, however late the clock says that was", () => {
  const given = cibOf({
    nodes: { n1: "online", n2: "standby" },
    resources: vm,
    history: ["vm n2 start 0 ago=-5000"],
  });
  const { cib } = play(given);
  const results = [...descendants(cib)].filter(({ name }) => name === "lrm_rsc_op");
  const simulated = results.filter((each) =>
    attribute(each, "transition-key")?.endsWith("xxxxxxxxxxxx"),
  );
  assert.ok(simulated.length > 0);
  for (const each of simulated) {
    assert.ok(Number(attribute(each, "last-rc-change")) > nowS + 5000);
  }
});

test("the CIB that was given stays as it was", () => {
  const cib = cibOf({ resources: vm });
  const before = JSON.stringify(cib);
  play(cib);
  assert.equal(JSON.stringify(cib), before);
});

const now = wallTime(nowS * 1000);

function play(given: XmlElement): { readonly after: readonly string[]; readonly cib: XmlElement } {
  const transition = schedule(given, now);
  const run = simulate({ cib: given, graph: transition.graph, now: nowS, isKnown: () => true });
  assert.equal(run.outcome, "complete");
  const after = transition.after.find(({ resource }) => resource === "vm")?.nodes ?? [];
  return { after, cib: run.cib };
}
