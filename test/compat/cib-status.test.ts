/** The status section: real recorded histories have its shape, and Debian's tools read what it writes. */
import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { after, test } from "node:test";
import { applyChange } from "../../src/core/cib/apply/apply-change.ts";
import type { CibChange } from "../../src/core/cib/change.ts";
import { newClusterCib } from "../../src/core/cib/empty-cib.ts";
import { noRuleHolds, readContext } from "../../src/core/cib/read/name-values.ts";
import { findResource } from "../../src/core/cib/read/resource-lookup.ts";
import { instanceAttributes } from "../../src/core/cib/read/resource-values.ts";
import { failureChange } from "../../src/core/cib/status/fail-counts.ts";
import { historyChange } from "../../src/core/cib/status/history.ts";
import { nodeStateChange, quorumChange } from "../../src/core/cib/status/node-state.ts";
import {
  type OperationResult,
  operationRecords,
  opStatus,
} from "../../src/core/cib/status/operation-result.ts";
import { compareDottedVersions } from "../../src/formats/cib/feature-set.ts";
import { parseOperationKey } from "../../src/formats/cib/operation-key.ts";
import { parametersDigest } from "../../src/formats/cib/parameters-digest.ts";
import { parseXml } from "../../src/formats/xml/parse-xml.ts";
import { printXml } from "../../src/formats/xml/print-xml.ts";
import {
  attribute,
  descendants,
  element,
  type XmlElement,
} from "../../src/formats/xml/xml-element.ts";
import { CibFile, whyNoOracle } from "./cib-oracle.ts";

const skip = whyNoOracle("crm_resource") ?? false;
const file = new CibFile();
after(() => file.close());

const recorded = path.resolve(
  import.meta.dirname,
  "../../../shared/conformance/scheduler/data/xml",
);
const noRecorded = existsSync(recorded) ? false : "the recorded scheduler inputs are not here";

test("recorded results of Pacemaker 2.1 have the records and attributes that ours have", {
  skip: noRecorded,
}, () => {
  let records = 0;
  let elsewhere = 0;
  for (const { op } of recordedOperations()) {
    const featureSet = attribute(op, "crm_feature_set") ?? "0";
    if (attribute(op, "operation_key") === undefined) continue;
    if (compareDottedVersions(featureSet, "3.16.0") < 0) continue;
    records++;
    const ours = operationRecords(resultOf(op)).find(
      (each) => each.attributes["id"] === op.attributes["id"],
    );
    // Histories written by hand keep a failed monitor under its own name.
    if (ours === undefined) elsewhere++;
    else assert.deepEqual(comparable(ours), comparable(op));
  }
  assert.ok(records > 1000, `${records} records`);
  assert.ok(elsewhere <= 5, `${elsewhere} records have another id`);
});

test("recorded digests are those of the configured parameters, but for what changed", {
  skip: noRecorded,
}, () => {
  let digests = 0;
  let equal = 0;
  for (const { op, parameters } of recordedOperations()) {
    const digest = attribute(op, "op-digest");
    if (parameters === undefined || digest === undefined || attribute(op, "interval") !== "0")
      continue;
    digests++;
    if (parametersDigest(parameters, 0) === digest) equal++;
  }
  // The rest need an operation's own attributes, an address of the cluster's choice, or really differ.
  assert.ok(digests > 12_000 && equal / digests > 0.945, `${equal} of ${digests}`);
});

test("Debian's tools see the guests run where the written history says", { skip }, () => {
  file.write(printXml(clusterWithHistory()));
  assert.match(file.run("crm_resource", "-W", "-r", "host1").output, /running on: xen1\s/);
  assert.match(file.run("crm_resource", "-W", "-r", "host2").errors, /is NOT running/);
  const status = file.run("crm_mon", "-1", "-f", "-r");
  assert.match(status.output, /host1.*Started xen1/);
  assert.match(status.output, /host2.*fail-count=2/);
  assert.match(status.output, /with quorum/);
});

test("the parameters' digest is the one that crm_resource --digests computes", { skip }, () => {
  const cib = clusterWithHistory();
  file.write(printXml(cib));
  const answer = file.run(
    "crm_resource",
    "--digests",
    "-r",
    "host1",
    "-N",
    "xen1",
    "--output-as=xml",
  );
  const all = /<digest type="all" hash="([0-9a-f]+)"/.exec(answer.output)?.[1];
  assert.equal(parametersDigest({ xmfile: "/etc/xen/host1.dom", shutdown_timeout: "30" }, 0), all);
});

function clusterWithHistory(): XmlElement {
  const xen1 = { id: "1", uname: "xen1" };
  const xen2 = { id: "2", uname: "xen2" };
  const member = {
    inCluster: true,
    controllerOnline: true,
    join: "member",
    expected: "member",
  } as const;
  const guest = (id: string): XmlElement =>
    element("primitive", { id, class: "ocf", provider: "heartbeat", type: "Xen" }, [
      element("instance_attributes", { id: `${id}-p` }, [
        element("nvpair", { id: `${id}-p1`, name: "xmfile", value: `/etc/xen/${id}.dom` }),
        element("nvpair", { id: `${id}-p2`, name: "shutdown_timeout", value: "30" }),
      ]),
    ]);
  const start: OperationResult = {
    node: xen1,
    resource: "host1",
    agent: { class: "ocf", provider: "heartbeat", type: "Xen" },
    action: "start",
    intervalMs: 0,
    rc: 0,
    opStatus: opStatus.done,
    callId: 3,
    transitionKey: "1:1:0:8cc4efb2-231d-4b4e-ae7e-99f491914ff5",
    lastRcChangeS: 1_240_000_000,
    parameters: { xmfile: "/etc/xen/host1.dom", shutdown_timeout: "30" },
  };
  const stop: OperationResult = {
    ...start,
    node: xen2,
    resource: "host2",
    action: "stop",
    parameters: {},
  };
  const failed = { resource: "host2", action: "monitor", intervalMs: 10_000 };
  const changes: readonly CibChange[] = [
    { kind: "create", at: { section: "nodes" }, xml: element("node", xen1) },
    { kind: "create", at: { section: "nodes" }, xml: element("node", xen2) },
    { kind: "create", at: { section: "resources" }, xml: guest("host1") },
    { kind: "create", at: { section: "resources" }, xml: guest("host2") },
    quorumChange({ haveQuorum: true, dcId: "1" }),
    nodeStateChange({ ...xen1, ...member }),
    nodeStateChange({ ...xen2, ...member }),
    historyChange(start),
    historyChange(stop),
    failureChange(xen2, failed, { nowS: 1_240_000_000, startIsFatal: true }),
    failureChange(xen2, failed, { nowS: 1_240_000_100, startIsFatal: true }),
  ];
  let cib = newClusterCib();
  for (const change of changes) {
    const applied = applyChange(cib, change);
    assert.ok(applied.ok, JSON.stringify(applied));
    cib = applied.value.cib;
  }
  return cib;
}

function* recordedOperations(): Generator<{
  readonly op: XmlElement;
  readonly parameters: Readonly<Record<string, string>> | undefined;
}> {
  for (const name of readdirSync(recorded)) {
    const cib = parseXml(readFileSync(path.join(recorded, name), "utf8"));
    assert.ok(cib.ok, name);
    const context = readContext(cib.value, noRuleHolds);
    for (const history of descendants(cib.value)) {
      if (history.name !== "lrm_resource") continue;
      const resource = findResource(
        cib.value,
        (attribute(history, "id") ?? "").replace(/:\d+$/, ""),
      );
      const parameters = resource && Object.fromEntries(instanceAttributes(context, resource));
      for (const op of history.children) yield { op, parameters };
    }
  }
}

function resultOf(op: XmlElement): OperationResult {
  const key = parseOperationKey(attribute(op, "operation_key") ?? "");
  assert.ok(key, attribute(op, "operation_key"));
  const source = attribute(op, "migrate_source");
  const text = (name: string): string => attribute(op, name) ?? "";
  return {
    node: { id: "", uname: text("on_node") },
    resource: key.resource,
    agent: { class: "", type: "" },
    action: text("operation"),
    intervalMs: Number(text("interval")),
    rc: Number(text("rc-code")),
    opStatus: Number(text("op-status")),
    callId: Number(text("call-id")),
    transitionKey: text("transition-key"),
    exitReason: text("exit-reason"),
    parameters: {},
    ...(source !== undefined && { migration: { source, target: text("migrate_target") } }),
  };
}

/** What does not hang on the parameters, the writer or its age. */
function comparable(op: XmlElement): unknown {
  const { "crm-debug-origin": _o, crm_feature_set: _f, "op-digest": _d, ...rest } = op.attributes;
  const gone = [
    "last-",
    "exec-time",
    "queue-time",
    "op-force",
    "op-restart",
    "op-secure",
    "on_node",
  ];
  const entries = Object.entries(rest).filter(
    ([name]) => !gone.some((each) => name.startsWith(each)),
  );
  return { "exit-reason": "", ...Object.fromEntries(entries.sort()) };
}
