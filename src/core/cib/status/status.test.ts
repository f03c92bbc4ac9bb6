import assert from "node:assert/strict";
import { test } from "node:test";
import { xpathLiteral } from "../../../formats/cib/xpath/literal.ts";
import { selectXPath } from "../../../formats/cib/xpath/xpath.ts";
import { attribute, element, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { applyChange } from "../apply/apply-change.ts";
import type { CibChange } from "../change.ts";
import { newClusterCib } from "../empty-cib.ts";
import { sectionOf } from "../sections.ts";
import { sameXml } from "../tree.ts";
import { clearFailCounts, failCounts, failureChange, isCounted } from "./fail-counts.ts";
import {
  eraseNode,
  eraseOperation,
  eraseResource,
  historyChange,
  statusSection,
} from "./history.ts";
import { nodeStateChange, quorumChange } from "./node-state.ts";
import {
  isFailure,
  type OperationResult,
  operationRecords,
  opStatus,
  pendingRc,
} from "./operation-result.ts";
import { transientAttributeChange, transientAttributes } from "./transient-attributes.ts";

const xen1 = { id: "n1", uname: "xen1" };
const xen2 = { id: "n2", uname: "xen2" };
const member = {
  inCluster: true,
  controllerOnline: true,
  join: "member",
  expected: "member",
} as const;
const uuid = "8cc4efb2-231d-4b4e-ae7e-99f491914ff5";

const started: OperationResult = {
  node: xen1,
  resource: "host1",
  agent: { class: "ocf", provider: "heartbeat", type: "Xen" },
  action: "start",
  intervalMs: 0,
  rc: 0,
  opStatus: opStatus.done,
  callId: 7,
  transitionKey: `4:2:0:${uuid}`,
  lastRcChangeS: 1_240_000_000,
  execMs: 1500,
  parameters: { xmfile: "/etc/xen/host1.dom" },
};
const monitored: OperationResult = { ...started, action: "monitor", intervalMs: 10_000, callId: 9 };

test("a result is written down with everything the scheduler reads", () => {
  const [record, ...none] = operationRecords(started);
  assert.deepEqual(none, []);
  assert.deepEqual(record?.attributes, {
    id: "host1_last_0",
    operation_key: "host1_start_0",
    operation: "start",
    crm_feature_set: "3.16.1",
    "transition-key": `4:2:0:${uuid}`,
    "transition-magic": `0:0;4:2:0:${uuid}`,
    "exit-reason": "",
    on_node: "xen1",
    "call-id": "7",
    "rc-code": "0",
    "op-status": "0",
    interval: "0",
    "last-rc-change": "1240000000",
    "exec-time": "1500",
    "queue-time": "0",
    "op-digest": record?.attributes["op-digest"],
  });
  assert.match(record?.attributes["op-digest"] ?? "", /^[0-9a-f]{32}$/);
});

test("recurring operations, migrations and failures have records of their own", () => {
  const ids = (result: OperationResult) =>
    operationRecords(result).map((each) => attribute(each, "id"));
  assert.deepEqual(ids(monitored), ["host1_monitor_10000"]);
  assert.deepEqual(ids({ ...monitored, rc: 7 }), ["host1_last_failure_0"]);
  assert.deepEqual(ids({ ...started, rc: 1 }), ["host1_last_failure_0", "host1_last_0"]);
  const migration = { source: "xen1", target: "xen2" };
  assert.deepEqual(ids({ ...started, action: "migrate_to", migration }), ["host1_migrate_to_0"]);
  assert.deepEqual(ids({ ...started, action: "reload" }), ["host1_last_0"]);
  assert.equal(
    operationRecords({ ...started, action: "reload" })[0]?.attributes["operation"],
    "start",
  );
});

test("a result is a failure by its end, or by another return code than was expected", () => {
  assert.equal(isFailure(started), false);
  assert.equal(isFailure({ ...started, rc: 1 }), true);
  assert.equal(isFailure({ ...started, rc: 7, transitionKey: `1:1:7:${uuid}` }), false);
  assert.equal(isFailure({ ...started, opStatus: opStatus.timeout }), true);
  const pending = { ...started, opStatus: opStatus.pending, rc: pendingRc, callId: -1 };
  assert.equal(isFailure(pending), false);
  assert.match(operationRecords(pending)[0]?.attributes["transition-magic"] ?? "", /^-1:193;/);
});

test("what can be reloaded and what is secret has digests of its own", () => {
  const [record] = operationRecords({
    ...started,
    parameters: { a: "1", passwd: "x" },
    restartParameters: ["a", "b"],
    secretParameters: ["passwd"],
  });
  assert.equal(record?.attributes["op-force-restart"], " a  b ");
  assert.equal(record?.attributes["op-secure-params"], " passwd ");
  assert.notEqual(record?.attributes["op-restart-digest"], record?.attributes["op-digest"]);
  const [recurring] = operationRecords({ ...monitored, restartParameters: ["a"] });
  assert.equal(recurring?.attributes["op-force-restart"], undefined);
});

test("a newer result leaves nothing of an older one behind, nor touches other nodes", () => {
  const migration = { source: "xen2", target: "xen1" };
  let cib = applied(newClusterCib(), nodeStateChange({ ...xen1, ...member }));
  cib = applied(cib, historyChange({ ...started, node: xen2 }));
  cib = applied(cib, historyChange({ ...started, exitReason: "slow", restartParameters: ["a"] }));
  cib = applied(cib, historyChange({ ...started, action: "migrate_from", migration }));
  cib = applied(cib, historyChange({ ...started, action: "stop", callId: 12 }));
  const [last] = found(cib, "//node_state[@uname='xen1']//lrm_rsc_op[@id='host1_last_0']");
  assert.equal(last?.attributes["operation"], "stop");
  assert.equal(last?.attributes["op-force-restart"], undefined);
  assert.equal(found(cib, "//node_state[@uname='xen1']//lrm_rsc_op").length, 1);
  assert.equal(found(cib, "//node_state[@uname='xen2']//lrm_rsc_op[@operation='start']").length, 1);
});

test("a stop takes out the arrival before it, so that it is not the next migration's", () => {
  const migration = { source: "xen2", target: "xen1" };
  const arrived: OperationResult = { ...started, action: "migrate_from", callId: 8, migration };
  const stopped: OperationResult = { ...started, action: "stop", callId: 9 };
  const arrivals = (...results: readonly OperationResult[]): number => {
    const cib = results.map(historyChange).reduce(applied, newClusterCib());
    return found(cib, "//lrm_rsc_op[@operation='migrate_from']").length;
  };
  assert.equal(arrivals(arrived), 1);
  assert.equal(arrivals(arrived, stopped), 0);
  assert.equal(arrivals(arrived, { ...stopped, rc: 1 }), 1);
  assert.equal(arrivals(arrived, { ...stopped, node: xen2 }), 1);
});

test("history goes by operation, by resource and by node", () => {
  let cib = applied(newClusterCib(), historyChange(started));
  cib = applied(cib, historyChange(monitored));
  cib = applied(cib, historyChange({ ...started, resource: "host2" }));
  cib = applied(cib, transientAttributeChange(xen1, "probe", "1"));
  const cancelled = applied(cib, eraseOperation(xen1, "host1", "host1_monitor_10000"));
  assert.equal(found(cancelled, "//lrm_rsc_op").length, 2);
  const cleaned = applied(cib, eraseResource(xen1, "host1"));
  assert.deepEqual(
    found(cleaned, "//lrm_resource").map((each) => each.attributes["id"]),
    ["host2"],
  );
  const fenced = applied(cib, eraseNode(xen1));
  assert.equal(found(fenced, "//node_state[@id='n1']/*").length, 0);
  assert.equal(applied(fenced, eraseNode(xen2)), fenced);
});

test("a node's state leaves its history, and is replaced by the next", () => {
  let cib = applied(newClusterCib(), historyChange(started));
  cib = applied(cib, nodeStateChange({ ...xen1, ...member }));
  cib = applied(
    cib,
    nodeStateChange({
      ...xen1,
      inCluster: false,
      controllerOnline: false,
      join: "down",
      expected: "member",
    }),
  );
  const [state] = found(cib, "//node_state");
  assert.deepEqual(state?.attributes, {
    id: "n1",
    uname: "xen1",
    in_ccm: "false",
    crmd: "offline",
    join: "down",
    expected: "member",
  });
  assert.equal(found(cib, "//lrm_rsc_op").length, 1);
  const quorate = applied(cib, quorumChange({ haveQuorum: true, dcId: "n1" }));
  assert.equal(quorate.attributes["have-quorum"], "1");
});

test("a status section made of facts is the one that single changes lead to", () => {
  const results = [
    started,
    monitored,
    { ...started, resource: "host2" },
    { ...started, action: "stop" },
  ];
  let cib = newClusterCib();
  const state = { ...xen1, ...member };
  for (const change of [
    nodeStateChange(state),
    transientAttributeChange(xen1, "probe", "1"),
    ...results.map(historyChange),
  ]) {
    cib = applied(cib, change);
  }
  const made = statusSection({
    nodes: [state],
    results,
    attributes: new Map([["n1", { probe: "1" }]]),
  });
  const written = sectionOf(cib, "status") as XmlElement;
  assert.ok(sameXml(sortedTree(made), sortedTree(written)));
});

test("failures add up, starts and stops count without limit, and are cleared one by one", () => {
  const monitor = { resource: "host1", action: "monitor", intervalMs: 10_000 };
  const start = { resource: "host1", action: "start", intervalMs: 0 };
  const facts = { nowS: 1_240_000_000.7, startIsFatal: true };
  let cib = newClusterCib();
  for (const failed of [monitor, monitor, { ...start, resource: "host2" }]) {
    cib = applied(cib, failureChange(xen1, failed, facts));
  }
  assert.deepEqual(failCounts(cib, "n1", "host1"), [
    { ...monitor, count: 2, lastFailureS: 1_240_000_000 },
  ]);
  assert.deepEqual(
    failCounts(cib, "n1").map(({ resource, count }) => [resource, count]),
    [
      ["host1", 2],
      ["host2", 1_000_000],
    ],
  );
  const mild = applied(cib, failureChange(xen1, start, { ...facts, startIsFatal: false }));
  assert.deepEqual(
    failCounts(mild, "n1", "host1").map(({ count }) => count),
    [2, 1],
  );
  const stop = { ...start, action: "stop" };
  const stuck = applied(cib, failureChange(xen1, stop, { ...facts, startIsFatal: false }));
  assert.ok(failCounts(stuck, "n1", "host1").some(({ count }) => count === 1_000_000));
  const cleared = applied(cib, {
    kind: "sequence",
    changes: [...clearFailCounts(xen1, [monitor])],
  });
  assert.deepEqual(
    failCounts(cleared, "n1").map((each) => each.resource),
    ["host2"],
  );
  const numbered = applied(cib, failureChange(xen1, { ...start, resource: "host1:2" }, facts));
  const found = failCounts(numbered, "n1", "host1");
  assert.deepEqual(
    found.map((each) => each.resource),
    ["host1", "host1:2"],
  );
  assert.deepEqual(failCounts(numbered, "n1", "host1:0"), []);
  assert.ok(isCounted(monitor) && isCounted(stop));
  assert.ok(
    !isCounted({ ...monitor, intervalMs: 0 }) && !isCounted({ ...start, action: "migrate_to" }),
  );
});

test("transient attributes are set, read, counted up and taken out", () => {
  let cib = applied(newClusterCib(), transientAttributeChange(xen1, "pingd #1", "100"));
  cib = applied(cib, transientAttributeChange(xen1, "n", "value++"));
  cib = applied(cib, transientAttributeChange(xen1, "n", "value+=5"));
  assert.deepEqual(Object.fromEntries(transientAttributes(cib, "n1")), {
    "pingd #1": "100",
    n: "6",
  });
  cib = applied(cib, transientAttributeChange(xen1, "pingd #1", undefined));
  assert.deepEqual([...transientAttributes(cib, "n1").keys()], ["n"]);
  assert.equal(transientAttributes(cib, "n2").size, 0);
});

test("a literal of an expression may hold quotes of both kinds", () => {
  for (const text of ["plain", "it's", 'say "x"', `it's "x"`, "''", ""]) {
    const root = element("cib", {}, [element("node", { id: text })]);
    const selected = selectXPath(root, `//node[@id=${xpathLiteral(text)}]`);
    assert.ok(selected.ok && selected.value.length === 1, text);
  }
});

function applied(cib: XmlElement, change: CibChange): XmlElement {
  const result = applyChange(cib, change);
  assert.ok(result.ok, JSON.stringify(result));
  assert.notEqual(result.value.touched, "configuration");
  return result.value.cib;
}

function found(cib: XmlElement, xpath: string): readonly XmlElement[] {
  const selected = selectXPath(cib, xpath);
  assert.ok(selected.ok, xpath);
  return selected.value.map((match) => match.element);
}

/** The order of records and of children does not matter to readers. */
function sortedTree(of: XmlElement): XmlElement {
  const children = of.children.map(sortedTree);
  const key = (each: XmlElement): string => `${each.name} ${each.attributes["id"]}`;
  return { ...of, children: children.sort((a, b) => (key(a) < key(b) ? -1 : 1)) };
}
