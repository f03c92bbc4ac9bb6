/** What results write into the status section. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { fence } from "../../../test/cluster/small-graph.ts";
import { descendants, type XmlElement } from "../../formats/xml/xml-element.ts";
import { applyChange } from "../cib/apply/apply-change.ts";
import type { CibChange } from "../cib/change.ts";
import { newClusterCib } from "../cib/empty-cib.ts";
import { failCounts } from "../cib/status/fail-counts.ts";
import { nodeStateChange } from "../cib/status/node-state.ts";
import { opStatus } from "../cib/status/operation-result.ts";
import { transientAttributes } from "../cib/status/transient-attributes.ts";
import { failureByWord } from "../executor/failure-by-word.ts";
import type { OperationReport } from "../executor/types.ts";
import { fencedChanges } from "./fenced-changes.ts";
import { describeReport } from "./report-notice.ts";
import { reportChange } from "./status-changes.ts";

const xen1 = { id: "n1", uname: "xen1" };
const nowS = 1_240_000_000;

const failed: OperationReport = {
  ...{ resource: "host1", agent: { class: "ocf", provider: "heartbeat", type: "Xen" } },
  ...{ action: "monitor", intervalMs: 10_000, rc: 1, opStatus: opStatus.done, callId: 3 },
  ...{ transitionKey: "1:1:0:01234567-89ab-4def-8123-456789abcdef", parameters: {} },
};

test("a failure is counted; with on-fail=ignore it is shown with its time, and not counted", () => {
  const counted = applied(newClusterCib(), reportChange(newClusterCib(), xen1, failed, nowS));
  assert.deepEqual(
    failCounts(counted, "n1").map(({ count, lastFailureS }) => [count, lastFailureS]),
    [[1, nowS]],
  );
  const ignored = { ...failed, isFailureIgnored: true };
  const cib = applied(newClusterCib(), reportChange(newClusterCib(), xen1, ignored, nowS));
  assert.deepEqual(failCounts(cib, "n1"), []);
  assert.deepEqual(
    [...transientAttributes(cib, "n1")],
    [["last-failure-host1#monitor_10000", String(nowS)]],
  );
  assert.equal(records(cib).length, 1);
});

test("what is said to have failed is recorded as Pacemaker does, and counted", () => {
  const reason = "anna said that it has failed";
  const { resource, agent } = failed;
  const said = failureByWord({ resource, agent, reason, callId: 7, lastRcChangeS: nowS });
  const cib = applied(newClusterCib(), reportChange(newClusterCib(), xen1, said, nowS));
  assert.deepEqual(failCounts(cib, "n1"), [
    { resource, action: "asyncmon", intervalMs: 0, count: 1, lastFailureS: nowS },
  ]);
  assert.deepEqual(
    records(cib).map(({ attributes }) => [attributes["id"], attributes["operation_key"]]),
    [
      ["host1_last_failure_0", "host1_asyncmon_0"],
      ["host1_last_0", "host1_asyncmon_0"],
    ],
  );
  const { attributes } = records(cib)[0] as XmlElement;
  const key = "7:-1:0:xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
  assert.equal(attributes["transition-magic"], `0:1;${key}`);
  assert.deepEqual([attributes["call-id"], attributes["exit-reason"]], ["7", reason]);
  const { news, notice } = describeReport("xen1", said);
  assert.equal(news, "host1 is said to have failed on xen1");
  assert.equal(notice?.message, "host1 on xen1: anna said that it has failed.");
});

test("a degraded result is recorded, told, and not counted as a failure", () => {
  const degraded = { ...failed, rc: 190 };
  const cib = applied(newClusterCib(), reportChange(newClusterCib(), xen1, degraded, nowS));
  assert.deepEqual(failCounts(cib, "n1"), []);
  assert.deepEqual(
    records(cib).map(({ attributes }) => [attributes["id"], attributes["rc-code"]]),
    [["host1_last_failure_0", "190"]],
  );
  const { notice } = describeReport("xen1", degraded);
  assert.deepEqual([notice?.level, notice?.code], ["warn", "HF4417"]);
});

test("a notification leaves the record of what was done to the resource as it is", () => {
  const start = { ...failed, action: "start", intervalMs: 0, rc: 0 };
  const cib = applied(newClusterCib(), reportChange(newClusterCib(), xen1, start, nowS));
  const notify = { ...start, action: "notify", callId: 4 };
  assert.equal(applied(cib, reportChange(cib, xen1, notify, nowS)), cib);
});

test("who was fenced is down with nothing known of it, also where it was recorded as down; and what it hosted", () => {
  const down = {
    inCluster: false,
    controllerOnline: false,
    join: "down",
    expected: "down",
  } as const;
  let cib = applied(newClusterCib(), nodeStateChange({ ...xen1, ...down }));
  cib = applied(cib, reportChange(cib, xen1, failed, nowS));
  const action = { ...fence(1, "xen1"), node: { id: "n1", name: "xen1" }, downed: ["n1", "guest"] };
  for (const change of fencedChanges(cib, { target: xen1, how: "off", action, nowS })) {
    cib = applied(cib, change);
  }
  assert.deepEqual(records(cib), []);
  const states = [...descendants(cib)].filter(({ name }) => name === "node_state");
  assert.deepEqual(
    states.map(({ attributes }) => [attributes["id"], attributes["in_ccm"], attributes["join"]]),
    [
      ["n1", "false", "down"],
      ["guest", "false", "down"],
    ],
  );
});

test("who was unfenced stays as it is, and when and by what is remembered", () => {
  const attributes = [["CRM_meta_digests_all", "pdu:fence_scsi:0123,"]] as const;
  const action = { ...fence(1, "xen1", "on"), attributes };
  let cib = newClusterCib();
  for (const change of fencedChanges(cib, { target: xen1, how: "on", action, nowS })) {
    cib = applied(cib, change);
  }
  assert.deepEqual(Object.fromEntries(transientAttributes(cib, "n1")), {
    "#node-unfenced": String(nowS),
    "#digests-all": "pdu:fence_scsi:0123,",
  });
});

function records(cib: XmlElement): readonly XmlElement[] {
  return [...descendants(cib)].filter(({ name }) => name === "lrm_rsc_op");
}

function applied(cib: XmlElement, change: CibChange): XmlElement {
  const result = applyChange(cib, change);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value.cib;
}
