import assert from "node:assert/strict";
import { test } from "node:test";
import { howtoSnapshot } from "../../../test/cluster/howto-snapshot.ts";
import type { ClusterSnapshot, OperationRecord } from "../../api/cluster-snapshot.ts";
import { guestRuns } from "./guest-runs.ts";

test("a guest ran where it was started last, until it was stopped or moved there", () => {
  const snapshot = lived([
    ["xen1", [operation("start", 100), operation("monitor", 150), operation("stop", 200)]],
    ["xen2", [operation("start", 50), operation("stop", 60), operation("migrate_from", 200)]],
  ]);
  assert.deepEqual(guestRuns(snapshot, "host1_root"), [
    { guest: "host1", node: "xen1", fromMs: 100_000, toMs: 200_000 },
    { guest: "host1", node: "xen2", fromMs: 200_000, toMs: undefined },
  ]);
});

test("what failed, and guests on other disks, did not run", () => {
  const snapshot = lived([["xen1", [operation("start", 100, 1)]]]);
  assert.deepEqual(guestRuns(snapshot, "host1_root"), []);
  const ran = lived([["xen1", [operation("start", 100)]]]);
  assert.deepEqual(guestRuns(ran, "host9_root"), []);
});

function operation(action: string, atS: number, rc = 0): OperationRecord {
  return {
    ...{ key: `host1_${action}_0`, action, intervalMs: 0, callId: "1", rc, opStatus: 0 },
    ...{ exitReason: "", lastRcChangeS: atS, execMs: "0", queueMs: "0" },
  };
}

function lived(
  nodes: readonly (readonly [node: string, operations: readonly OperationRecord[]])[],
): ClusterSnapshot {
  const history = nodes.map(([node, operations]) => ({
    node,
    resources: [
      {
        ...{ id: "host1", name: "host1", known: true, migrationThreshold: 0, failCount: 0 },
        ...{ lastFailureS: 0, operations },
      },
    ],
  }));
  const snapshot = howtoSnapshot();
  const { live } = snapshot;
  if (live === undefined) throw new Error("the snapshot is of a running cluster");
  const guests = [{ resource: "host1", drbdResources: ["host1_root"], readiness: [] }];
  return { ...snapshot, history, live: { ...live, guests } };
}
