import assert from "node:assert/strict";
import { test } from "node:test";
import type { ClusterStatus } from "../../decision/cluster-status.ts";
import type { SimulationReport } from "../../decision/transition.ts";
import { foresightText } from "./foresight-text.ts";

const empty: ClusterStatus = {
  ...{ maintenance: false, nodes: [], resources: [] },
  ...{ disabled: 0, blocked: 0, instances: 0 },
} as unknown as ClusterStatus;

const quiet: SimulationReport = {
  ...{ clock: { kind: "real" }, before: empty, after: empty },
  ...{ suppositions: [], changes: [], steps: [], outcome: "complete" },
};

test("where nothing would be done, it says so", () => {
  assert.equal(foresightText(quiet), "The cluster would:\n  do nothing\n\nThen:\n");
});

test("points in the order and probes are left out; what is to be seen is numbered", () => {
  const text = foresightText({
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
  });
  assert.match(text, /^Suppose:\n {2}xen1 fails\n\n/);
  assert.match(text, /\n {2}xen1: fence \(reboot\), since peer is gone\n/);
  assert.match(
    text,
    /In this order:\n {3}1 fence xen1 \(reboot\)\n {3}2 start host1 on xen2\n {3}3 watch host1 on xen2 every 10 s\n/,
  );
});

test("a failure is told where it happens, and that the cluster decides anew behind it", () => {
  const text = foresightText({
    ...quiet,
    steps: [
      { kind: "resource", resource: "host1", task: "stop", intervalMs: 0, node: "xen1" },
      { kind: "failed", actionId: 4, rc: 1 },
    ],
  });
  assert.match(text, /1 stop host1 on xen1\n {6}… which fails \(1\)\n\nIt ends at the failure/);
});

test("actions that wait for each other are named as what they are", () => {
  assert.match(foresightText({ ...quiet, outcome: "stuck" }), /It gets stuck/);
});
