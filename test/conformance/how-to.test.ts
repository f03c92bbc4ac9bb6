/** The how-to's cluster in the situations that matter, against the installed crm_simulate. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import fc from "fast-check";
import { graphToXml } from "../../src/core/scheduler/graph/graph-xml.ts";
import { simulateCib } from "../../src/daemon/simulate/simulate-cib.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import type { XmlElement } from "../../src/formats/xml/xml-element.ts";
import { simulationText } from "../../src/view/scheduler/simulation-text.ts";
import { crmSimulate, crmSimulateMissing } from "./crm-simulate.ts";
import { type HowToState, howToCib } from "./how-to-cib.ts";
import { type Judge, judgeMissing, loadJudge } from "./recorded-cases.ts";

const shared = path.resolve(import.meta.dirname, "../../../shared");
const missing = crmSimulateMissing || judgeMissing;

const both = { host1: "xen1", host2: "xen1" } as const;
const apart = { host1: "xen1", host2: "xen2" } as const;
const fencing = { "stonith-enabled": "true" };

const situations: readonly (readonly [situation: string, state: HowToState])[] = [
  ["nothing runs yet", {}],
  ["both guests on one node, nothing sticks", { running: both }],
  ["both guests on one node, stickiness 1", { running: both, stickiness: 1 }],
  ["one guest on each node", { running: apart }],
  ["one guest is moved, nothing sticks", { running: apart, moved: { guest: "host1", to: "xen2" } }],
  [
    "one guest is moved, stickiness 1",
    { running: apart, stickiness: 1, moved: { guest: "host1", to: "xen2" } },
  ],
  ["a node is set to standby", { running: apart, nodes: { xen1: "standby" } }],
  ["a node comes back, nothing sticks", { running: { host1: "xen2", host2: "xen2" } }],
  ["a node comes back, stickiness 1", { running: { host1: "xen2", host2: "xen2" }, stickiness: 1 }],
  ["a node is down as it should be", { running: { host2: "xen2" }, nodes: { xen1: "down" } }],
  ["a node is lost, fencing off", { running: apart, nodes: { xen1: "lost" } }],
  [
    "a node is lost, fencing off, no quorum",
    { running: apart, nodes: { xen1: "lost" }, quorum: false },
  ],
  ...(["ignore", "freeze", "demote", "suicide"] as const).map((policy): [string, HowToState] => [
    `a node is lost, fencing off, no quorum, policy ${policy}`,
    {
      running: apart,
      nodes: { xen1: "lost" },
      quorum: false,
      options: { "no-quorum-policy": policy },
    },
  ]),
  [
    "a node is lost, fencing on, no device",
    { running: apart, nodes: { xen1: "lost" }, options: fencing },
  ],
  [
    "a node is lost, fencing on",
    { running: apart, nodes: { xen1: "lost" }, options: fencing, fenceDevice: true },
  ],
  ...(["stop", "ignore", "freeze", "suicide"] as const).map((policy): [string, HowToState] => [
    `a node is lost, fencing on, no quorum, policy ${policy}`,
    {
      running: apart,
      nodes: { xen1: "lost" },
      quorum: false,
      fenceDevice: true,
      options: { ...fencing, "no-quorum-policy": policy },
    },
  ]),
  ["a stop failed, fencing off", { running: apart, failedStop: "host1" }],
  [
    "a stop failed, fencing on",
    { running: apart, failedStop: "host1", options: fencing, fenceDevice: true },
  ],
  [
    "a stop failed, fencing on, no device",
    { running: apart, failedStop: "host1", options: fencing },
  ],
];

for (const [situation, state] of situations) {
  test(`${situation}: decided as Pacemaker decides it`, { skip: missing }, async () => {
    assertAgrees(await loadJudge(), state);
  });
}

test("in random states: decided as Pacemaker decides it", { skip: missing }, async () => {
  const judge = await loadJudge();
  fc.assert(
    fc.property(howToStates(), (state) => assertAgrees(judge, state)),
    { numRuns: 60, seed: 20090401 },
  );
});

function howToStates(): fc.Arbitrary<HowToState> {
  const node = fc.constantFrom("xen1", "xen2");
  const guest = fc.constantFrom("host1", "host2");
  const nodeState = fc.constantFrom(undefined, undefined, "lost", "down", "standby");
  return fc
    .record({
      running: fc.record({ host1: node, host2: node }, { requiredKeys: [] }),
      nodes: fc.record({ xen1: nodeState, xen2: nodeState }),
      quorum: fc.boolean(),
      fencing: fc.boolean(),
      policy: fc.constantFrom("stop", "ignore", "freeze", "suicide"),
      stickiness: fc.constantFrom(0, 1, 100),
      fenceDevice: fc.boolean(),
      failedStop: fc.option(guest, { nil: undefined, freq: 3 }),
      moved: fc.option(fc.record({ guest, to: node }), { nil: undefined, freq: 3 }),
    })
    .map(({ fencing, policy, ...rest }) => ({
      ...rest,
      options: { "stonith-enabled": String(fencing), "no-quorum-policy": policy },
    })) as fc.Arbitrary<HowToState>;
}

function assertAgrees(judge: Judge, state: HowToState): void {
  const cib = howToCib(seed(), state);
  const theirs = crmSimulate(cib);
  const { report, graph } = simulateCib(cib, { now: Math.floor(Date.now() / 1000) });
  const summary = judge.compareSummaries(theirs.summary, simulationText(report));
  const graphs = judge.compareGraphs(theirs.exp, printXml(graphToXml(graph, 1)));
  const { L0, L1, L2, L2r, L2x } = summary;
  const agreed = { status: L0, revised: L1, actions: L2, reasons: L2r, executed: L2x };
  const all = { status: true, revised: true, actions: true, reasons: true, executed: true };
  assert.deepEqual(agreed, all, summary.notes.join("\n"));
  assert.ok(graphs.L3core, graphs.notes.join("\n"));
}

function seed(): XmlElement {
  const text = readFileSync(path.join(shared, "seed/upgraded/seed-3.9.xml"), "utf8");
  const parsed = parseXml(text);
  assert.ok(parsed.ok);
  return parsed.value;
}
