import assert from "node:assert/strict";
import { test } from "node:test";
import { applyChange } from "../cib/apply/apply-change.ts";
import { newClusterCib } from "../cib/empty-cib.ts";
import { opStatus, pendingRc } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";
import { activeNodes } from "./active-nodes.ts";
import { Inherited } from "./inherited.ts";
import { historiesIn, reportChange } from "./status-changes.ts";

const { done, pending, timeout } = opStatus;

test("where a resource may run, by its history (the last of each row decides; what is not known to be stopped may run)", () => {
  const rows: [string, [action: string, rc: number, status: number][], boolean][] = [
    ["a probe found nothing", [["monitor", 7, done]], false],
    ["a probe found it", [["monitor", 0, done]], true],
    ["its agent is not installed", [["monitor", 5, done]], false],
    ["a probe said nothing", [["monitor", 1, timeout]], true],
    [
      "it was started",
      [
        ["monitor", 7, done],
        ["start", 0, done],
      ],
      true,
    ],
    [
      "it is being started",
      [
        ["monitor", 7, done],
        ["start", pendingRc, pending],
      ],
      true,
    ],
    ["a start failed", [["start", 1, done]], true],
    [
      "it was stopped",
      [
        ["start", 0, done],
        ["stop", 0, done],
      ],
      false,
    ],
    [
      "it is being stopped",
      [
        ["start", 0, done],
        ["stop", pendingRc, pending],
      ],
      true,
    ],
    [
      "a stop failed",
      [
        ["start", 0, done],
        ["stop", 1, done],
      ],
      true,
    ],
    [
      "a stop ran out of time",
      [
        ["start", 0, done],
        ["stop", 1, timeout],
      ],
      true,
    ],
    [
      "it has left",
      [
        ["start", 0, done],
        ["migrate_to", 0, done],
      ],
      false,
    ],
    [
      "it is leaving",
      [
        ["start", 0, done],
        ["migrate_to", pendingRc, pending],
      ],
      true,
    ],
    [
      "it has arrived",
      [
        ["monitor", 7, done],
        ["migrate_from", 0, done],
      ],
      true,
    ],
    [
      "it has left and was stopped",
      [
        ["migrate_to", 0, done],
        ["stop", 0, done],
      ],
      false,
    ],
  ];
  for (const [what, operations, isActive] of rows) {
    const cib = operations.reduce((before, [action, rc, status], index) => {
      const callId = status === pending ? -1 : index + 1;
      const report = { ...result(action), rc, opStatus: status, callId };
      return applied(before, report);
    }, newClusterCib());
    assert.equal(activeNodes(cib).get("host1")?.has("xen1") === true, isActive, what);
  }
});

test("a start or a stop that ended well takes earlier migrations out of the node's history", () => {
  for (const [action, rc, remain] of [
    ["stop", 0, false],
    ["start", 0, false],
    ["stop", 1, true],
  ] as const) {
    let cib = newClusterCib();
    for (const each of ["migrate_from", "migrate_to"]) cib = applied(cib, result(each));
    cib = applied(cib, { ...result(action), rc });
    assert.equal(/migrate_/.test(JSON.stringify(cib)), remain, `${action} ${rc}`);
    assert.deepEqual([...historiesIn(cib)], ["xen1 host1"]);
  }
});

test("operations that were under way at the join are waited for until they end, or their node is gone", () => {
  const inherited = new Inherited();
  const under = { ...result("stop"), rc: pendingRc, opStatus: pending, callId: -1 };
  inherited.onJoined("xen1", [result("start"), { ...under, intervalMs: 10_000 }]);
  assert.equal(inherited.isEmpty, true);
  inherited.onJoined("xen1", [result("start"), under]);
  inherited.onReport("xen1", under);
  inherited.onReport("xen2", result("stop"));
  assert.equal(inherited.isEmpty, false);
  inherited.onReport("xen1", result("stop"));
  assert.equal(inherited.isEmpty, true);
  inherited.onJoined("xen1", [under]);
  inherited.forget("xen1");
  assert.equal(inherited.isEmpty, true);
});

function result(action: string): OperationReport {
  const migrates = action.startsWith("migrate");
  return {
    ...{ resource: "host1", agent: { class: "ocf", provider: "heartbeat", type: "Xen" } },
    ...{ action, intervalMs: 0, rc: 0, opStatus: done, callId: 1, parameters: {} },
    transitionKey: `1:1:0:01234567-89ab-4def-8123-456789abcde${action.length}`,
    ...(migrates && { migration: { source: "xen1", target: "xen2" } }),
  };
}

function applied(cib: ReturnType<typeof newClusterCib>, report: OperationReport): typeof cib {
  const change = reportChange(cib, { id: "xen1", uname: "xen1" }, report, 0);
  const outcome = applyChange(cib, change, undefined);
  assert.ok(outcome.ok);
  return outcome.value.cib;
}
