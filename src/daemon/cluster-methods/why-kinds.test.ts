/** Each kind of reason once: the clause that a person reads, and the command below it. */
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  cibOf,
  metaOf,
  nowS,
  primitive,
  type SmallCluster,
} from "../../../test/scheduler/small-cluster.ts";
import { wallTime } from "../../base/time.ts";
import { whyText } from "../../view/cluster/why-text.ts";
import { whyReport } from "./why-report.ts";

const vm = primitive("vm");
const quiet = { "fencing-enabled": "false" };
const runs = ["vm n1 start 0"];
const ticket = (policy: string): string =>
  `<rsc_ticket id="t" rsc="vm" ticket="office" loss-policy="${policy}"/>`;
const location = (inner: string): string =>
  `<rsc_location id="where" rsc="vm"><rule id="when" score="-INFINITY">${inner}</rule></rsc_location>`;

const rows: readonly (readonly [about: string, lines: readonly string[], spec: SmallCluster])[] = [
  [
    "vm",
    [
      "-INFINITY: health of n1: #health-cpu=red (node-health-strategy=migrate-on-red)",
      "→ Look what ails n1; when it is well: crm_attribute --node n1 --lifetime reboot --name '#health-cpu' --delete",
    ],
    {
      options: { "node-health-strategy": "migrate-on-red" },
      resources: vm,
      history: runs,
      attributes: { n1: { "#health-cpu": "red" } },
    },
  ],
  [
    "vm",
    [
      "-INFINITY: ticket office was lost",
      "→ If no other site runs it: crm_ticket --ticket office --grant --force",
    ],
    { resources: vm, constraints: ticket("stop"), history: runs },
  ],
  [
    "vm",
    [
      "why: ticket office was lost, and it is left as it is (loss-policy=freeze)",
      "→ If no other site runs it: crm_ticket --ticket office --grant --force",
    ],
    { resources: vm, constraints: ticket("freeze"), history: runs },
  ],
  [
    "vm",
    [
      "why: it is blocked until somebody has looked: it runs on n1 and n2 at once",
      "→ Stop it by hand on all nodes but one, then: crm_resource --refresh --resource vm",
    ],
    {
      resources: primitive("vm", { "multiple-active": "block" }),
      history: [...runs, "vm n2 start 0"],
    },
  ],
  [
    "vm",
    ["-INFINITY: location constraint where, its rule when holds: pingd not_defined"],
    {
      resources: vm,
      constraints: location(`<expression id="e" attribute="pingd" operation="not_defined"/>`),
      history: runs,
    },
  ],
  [
    "vm",
    ["-INFINITY: location constraint where, its rule when holds: at hours 0-23"],
    {
      resources: vm,
      constraints: location(
        `<date_expression id="e" operation="date_spec"><date_spec id="s" hours="0-23"/></date_expression>`,
      ),
    },
  ],
  [
    "vm",
    [
      "It failed there for good (vm_start_0, rc 1).",
      "→ Mend the cause, then: crm_resource --cleanup --resource vm --node n1",
    ],
    {
      resources: vm,
      history: ["vm n1 start 1"],
      attributes: { n1: { "fail-count-vm#start_0": "INFINITY" } },
    },
  ],
  [
    "guest1",
    ["guest1 is offline: it lives in vm, which does not run.", "→ holdfast why vm"],
    { resources: primitive("vm", { "remote-node": "guest1", "target-role": "Stopped" }) },
  ],
  [
    "far",
    ["far can run resources", "runs nothing", "far runs on n1, and stays there"],
    {
      resources: primitive("far").replace(`type="Dummy"`, `type="remote"`),
      history: ["far n1 start 0"],
    },
  ],
  [
    "web",
    ["-INFINITY: colocation c with vm, which gets no node", "→ holdfast why vm"],
    {
      resources: primitive("vm", { "target-role": "Stopped" }) + primitive("web"),
      constraints: `<rsc_colocation id="c" rsc="web" with-rsc="vm" score="INFINITY"/>`,
    },
  ],
  [
    "ms",
    ["its promotion score is -1: below 0 nothing is promoted"],
    { resources: `<clone id="ms">${metaOf("ms", { promotable: "true" })}${vm}</clone>` },
  ],
  [
    "old",
    [
      "why: it was removed from the configuration, and what was removed goes on (stop-orphan-resources=false)",
    ],
    {
      options: { "stop-removed-resources": "false" },
      resources: vm,
      history: ["old n1 start 0"],
    },
  ],
];

for (const [about, lines, spec] of rows) {
  test(`${about}: ${lines[0]}`, () => {
    const cib = cibOf({ ...spec, options: { ...quiet, ...spec.options } });
    const report = whyReport(cib, wallTime(nowS * 1000), { resource: about, node: undefined });
    const told = whyText(report)
      .split("\n")
      .map((line) => line.trim());
    for (const line of lines)
      assert.ok(
        told.some((each) => each.replace(/ \[HF\d+\]$/, "") === line),
        `${line}\n\n${told.join("\n")}`,
      );
  });
}
