import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterStatus } from "../../decision/cluster-status.ts";
import type { Reasons } from "../../decision/reasons.ts";
import type { SimulationReport } from "../../decision/transition.ts";
import { foresightText } from "./foresight-text.ts";

const empty: ClusterStatus = {
  ...{ maintenance: false, nodes: [], resources: [] },
  ...{ disabled: 0, blocked: 0, instances: 0 },
} as unknown as ClusterStatus;

const quiet: SimulationReport = {
  ...{ clock: { kind: "real" }, before: empty, after: empty },
  ...{ suppositions: [], changes: [], steps: [], times: [], outcome: "complete" },
};

const none: Reasons = { nodes: [], resources: [], idle: [] };

test("where nothing would be done, it says so", () => {
  assert.equal(foresightText(quiet, none), "The cluster would:\n  do nothing\n\nThen:\n");
});

test("points in the order and probes are left out; what is to be seen has its time", () => {
  const text = told({
    ...quiet,
    suppositions: [{ kind: "node", event: "fail", node: "xen1" }],
    changes: [
      {
        ...{ kind: "node", change: "fence", how: "reboot", node: "xen1" },
        ...{ guestOf: undefined, reason: "peer is gone" },
      },
    ],
    steps: [
      { kind: "resource", resource: "host1", task: "monitor", intervalMs: 0, node: "xen2" },
      { kind: "fence", node: "xen1", how: "reboot" },
      { kind: "pseudo", key: "host1_stop_0", node: undefined },
      { kind: "resource", resource: "host1", task: "start", intervalMs: 0, node: "xen2" },
      { kind: "resource", resource: "host1", task: "monitor", intervalMs: 10_000, node: "xen2" },
    ],
    times: [
      { beginMs: 0, tookMs: 40, isLeast: false },
      { beginMs: 0, tookMs: undefined, isLeast: false },
      undefined,
      { beginMs: 0, tookMs: 1200, isLeast: true },
      { beginMs: 1200, tookMs: 0, isLeast: true },
    ],
  });
  assert.match(text, /^Suppose:\n {2}xen1 fails\n\n/);
  assert.match(text, /\n {2}xen1: fence \(reboot\), since peer is gone\n/);
  assert.match(
    text,
    /seen last:\n {7}0\.0 s {2}fence xen1 \(reboot\), for an unknown time\n {5}≥ 0\.0 s {2}start host1 on xen2, 1\.2 s\n {5}≥ 1\.2 s {2}watch host1/,
  );
});

test("a failure is told where it happens, and that the cluster decides anew behind it", () => {
  const text = told({
    ...quiet,
    steps: [
      { kind: "resource", resource: "host1", task: "stop", intervalMs: 0, node: "xen1" },
      { kind: "failed", actionId: 4, rc: 1 },
    ],
    times: [{ beginMs: 0, tookMs: undefined, isLeast: false }, undefined],
  });
  assert.match(
    text,
    / 0\.0 s {2}stop host1 on xen1, for an unknown time\n {14}… which fails \(1\)\n\nIt ends at the failure/,
  );
});

test("actions that wait for each other are named as what they are", () => {
  assert.match(foresightText({ ...quiet, outcome: "stuck" }, none), /It gets stuck/);
});

test("what stays down is told with its cause", () => {
  const down = {
    ...{ resource: "host2", role: "Stopped", nextRole: "Stopped", activeOn: [], scores: [] },
    ...{ node: undefined, choice: undefined, untouched: undefined, promotionScore: undefined },
  };
  const text = foresightText(quiet, {
    ...none,
    resources: [
      { ...down, down: { kind: "no-node" } },
      { ...down, resource: "host3", down: { kind: "disabled", by: "host3" } },
    ],
  });
  assert.match(text, /These stay down:\n {2}host2: no node can take it \[HF4208\]\n$/);
});

test("where no node can take it, each node's reason stands with it, and nodes that are alike together", () => {
  const scored = { score: undefined, parts: [] };
  const node = { unclean: undefined, within: undefined, fencing: "not-needed" } as const;
  const ban = { score: -1_000_000, why: "ticket office was lost" };
  const text = foresightText(quiet, {
    ...none,
    nodes: [{ ...node, node: "xen1", obstacles: ["offline"] }],
    resources: [
      {
        ...{ resource: "host2", role: "Stopped", nextRole: "Stopped", activeOn: [] },
        ...{ node: undefined, choice: undefined, untouched: undefined, promotionScore: undefined },
        down: { kind: "no-node" },
        scores: [
          { ...scored, node: "xen1", verdict: "obstacle" },
          { ...scored, node: "xen2", verdict: "banned", parts: [ban, { score: 50, why: "home" }] },
          { ...scored, node: "xen3", verdict: "banned", parts: [ban] },
        ],
      },
    ],
  });
  assert.match(
    text,
    /host2: no node can take it \(xen1: offline; xen2, xen3: ticket office was lost\) \[HF4208\]/,
  );
});

function told(report: SimulationReport): string {
  return foresightText(report, none);
}
