import assert from "node:assert/strict";
import { test } from "node:test";
import type { Result } from "../../../base/result.ts";
import { wallTime } from "../../../base/time.ts";
import { selectXPath } from "../../../formats/cib/xpath/xpath.ts";
import { parseXml } from "../../../formats/xml/parse-xml.ts";
import { attribute, withChildren, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { applyChange } from "../apply/apply-change.ts";
import { newClusterCib } from "../empty-cib.ts";
import { formatNotice } from "../notice.ts";
import { noRuleHolds, readContext } from "../read/name-values.ts";
import type { CibRefusal } from "../refusal.ts";
import { failureChange } from "../status/fail-counts.ts";
import { historyChange } from "../status/history.ts";
import { nodeStateChange } from "../status/node-state.ts";
import { type OperationResult, opStatus } from "../status/operation-result.ts";
import { cleanUp, deleteFailCounts } from "./cleanup.ts";
import { cliConstraints, constraintElement, endOf, markOf } from "./cli-constraints.ts";
import { getAttribute, getStandby, setAttribute, setStandby } from "./cluster-attribute.ts";
import { banResource, clearMoves, moveResource } from "./move-resource.ts";
import type { PlannedEdit } from "./planned-edit.ts";
import { deleteParameter, getParameter, setParameter } from "./resource-parameter.ts";

const dummy = 'class="ocf" provider="heartbeat" type="Dummy"';
const xen1 = { id: "1", uname: "xen1" };
const xen2 = { id: "2", uname: "xen2" };
const start = cluster();
const now = wallTime(Date.UTC(2026, 10, 22, 18));

test("the how-to's target_role without --meta sets the meta attribute, and says so", () => {
  const request = { resource: "host1", name: "target_role", set: "instance_attributes" } as const;
  const { cib, edit } = edited(start, setParameter(start, request, "stopped"));
  assert.equal(
    valueAt(cib, "//primitive[@id='host1']/meta_attributes/nvpair[@name='target-role']/@value"),
    "stopped",
  );
  assert.equal(valueAt(cib, "//nvpair[@name='target_role']/@value"), undefined);
  assert.deepEqual(
    edit.notices.map((each) => [each.code, each.from, each.to]),
    [["HF4130", "parameter target_role", "meta attribute target-role"]],
  );
  const { cib: again } = edited(cib, setParameter(cib, request, "started"));
  assert.equal(valueAt(again, "//nvpair[@name='target-role']/@value"), "started");
  const read = getParameter(readContext(again, noRuleHolds), request);
  assert.ok(read.ok && read.value === "started");
  const { cib: gone } = edited(again, deleteParameter(again, request));
  assert.equal(valueAt(gone, "//nvpair[@name='target-role']/@value"), undefined);
});

test("a move tells what it leaves behind and how to undo it; with a lifetime, until when", () => {
  const facts = { activeOn: ["xen1"], now };
  const forGood = edited(start, moveResource(start, { resource: "host1", node: "xen2" }, facts));
  assert.match(
    formatNotice(forGood.edit.notices[0]!),
    /host1 is to run on xen2 until it is cleared: crm_resource --clear --resource host1/,
  );
  const short = edited(
    start,
    moveResource(start, { resource: "host1", node: "xen2", lifetime: "PT1H" }, facts),
  );
  assert.match(short.edit.notices[0]?.why ?? "", /until 2026-11-22 19:00:00Z/);
  assert.equal(valueAt(short.cib, "//date_expression/@end"), "2026-11-22 19:00:00Z");
});

test("in a new cluster a move names its owner, and ends when it is done or its time has passed", () => {
  const cib = withOption(start, "holdfast-move-lifetime", "1h");
  const facts = { activeOn: ["xen1"], now };
  const request = { resource: "host1", node: "xen2", owner: "anna b" };
  const moved = edited(cib, moveResource(cib, request, facts));
  assert.match(
    moved.edit.notices[0]?.why ?? "",
    /host1 is to run on xen2 until that is done, at the latest until 2026-11-22 19:00:00Z/,
  );
  const [constraint] = cliConstraints(moved.cib);
  assert.equal(attribute(constraint!, "id"), "cli-prefer-host1");
  assert.deepEqual(markOf(constraint!), { owner: "anna.b", isOnce: true });
  const again = edited(moved.cib, moveResource(moved.cib, request, facts));
  assert.equal(cliConstraints(again.cib).length, 1);
  assert.deepEqual(cliConstraints(edited(again.cib, clearMoves(again.cib, request, now)).cib), []);
});

test("there a ban ends with its time, a move away when it is done, and one with a lifetime when its owner says", () => {
  const cib = withOption(start, "holdfast-move-lifetime", "1h");
  const imported = withOption(start, "holdfast-move-lifetime", "0");
  const facts = { activeOn: ["xen1"], now };
  const marks = [
    banResource(cib, { resource: "host1", owner: "anna" }, facts),
    moveResource(cib, { resource: "host1", owner: "anna" }, facts),
    moveResource(cib, { resource: "host1", node: "xen2", lifetime: "P1D", owner: "anna" }, facts),
    moveResource(cib, { resource: "host1", node: "xen2" }, facts),
    moveResource(imported, { resource: "host1", node: "xen2", owner: "anna" }, facts),
  ].map((planned) => {
    const [constraint] = cliConstraints(edited(cib, planned).cib);
    return [markOf(constraint!)?.isOnce, endOf(constraint!)];
  });
  assert.deepEqual(marks, [
    [false, "2026-11-22 19:00:00Z"],
    [true, "2026-11-22 19:00:00Z"],
    [false, "2026-11-23 18:00:00Z"],
    [undefined, undefined],
    [undefined, undefined],
  ]);
});

test("a rule of Pacemaker's own names no owner, whatever its resource is called", () => {
  const name = "x-by-y";
  const at = { kind: "prefer", resource: name, node: "xen2", promotedOnly: false } as const;
  const theirs = constraintElement({ ...at, until: "2026-11-22 19:00:00Z" });
  assert.equal(markOf(theirs), undefined);
  const mark = { owner: "by-z", isOnce: false };
  assert.deepEqual(markOf(constraintElement({ ...at, until: "2026-11-22 19:00:00Z", mark })), mark);
});

test("only what has expired is cleared when that is asked", () => {
  const facts = { activeOn: ["xen1"], now };
  let { cib } = edited(
    start,
    moveResource(start, { resource: "host1", node: "xen2", lifetime: "PT1H" }, facts),
  );
  ({ cib } = edited(
    cib,
    moveResource(cib, { resource: "host2", node: "xen1" }, { ...facts, activeOn: [] }),
  ));
  const expired = (resource: string, hours: number) =>
    edited(cib, clearMoves(cib, { resource, expiredOnly: true }, wallTime(now + hours * 3_600_000)))
      .edit;
  assert.equal(expired("host1", 0.5).notices.length, 0);
  assert.equal(expired("host1", 2).notices[0]?.element, '<rsc_location id="cli-prefer-host1">');
  assert.equal(expired("host2", 1000).notices.length, 0);
});

test("what cannot be moved is refused with what to do", () => {
  const refused = (
    request: Parameters<typeof moveResource>[1],
    activeOn: readonly string[],
  ): CibRefusal => {
    const result = moveResource(start, request, { activeOn, now });
    assert.ok(!result.ok);
    return result.error;
  };
  assert.equal(refused({ resource: "host1", node: "xen1" }, ["xen1"]).exit, 108);
  assert.equal(refused({ resource: "host1", node: "xen1" }, ["xen1", "xen2"]).exit, 109);
  assert.equal(refused({ resource: "host1" }, []).exit, 64);
  assert.equal(refused({ resource: "host1", node: "xen2", lifetime: "1h" }, []).exit, 64);
  assert.match(refused({ resource: "host9", node: "xen2" }, []).remedy ?? "", /host1, host2, g/);
  assert.match(refused({ resource: "host1", node: "xen9" }, []).remedy ?? "", /xen1, xen2/);
});

test("what is set several times is not guessed at", () => {
  const twice = parsed(
    `<primitive id="host1"><meta_attributes id="x"><nvpair id="x1" name="priority" value="1"/></meta_attributes><meta_attributes id="y"><nvpair id="y1" name="priority" value="2"/></meta_attributes></primitive>`,
  );
  const { cib } = applied(start, { kind: "modify", at: { section: "resources" }, xml: twice });
  const request = { resource: "host1", name: "priority", set: "meta_attributes" } as const;
  const refused = setParameter(cib, request, "3");
  assert.ok(!refused.ok && refused.error.exit === 109);
  assert.match(refused.error.message, /1 \(x1\), 2 \(y1\)/);
  const { cib: changed } = edited(cib, setParameter(cib, { ...request, pairId: "y1" }, "3"));
  assert.equal(valueAt(changed, "//nvpair[@id='y1']/@value"), "3");
  const { cib: inSet } = edited(cib, setParameter(cib, { ...request, setId: "x" }, "4"));
  assert.equal(valueAt(inSet, "//nvpair[@id='x1']/@value"), "4");
});

test("an option is found under any of its names, and a new one spelled as today", () => {
  const option = (name: string) => ({ scope: { section: "crm_config" as const }, name });
  let { cib, edit } = edited(start, setAttribute(start, option("no_quorum_policy"), "ignore"));
  assert.equal(valueAt(cib, "//crm_config//nvpair[@value='ignore']/@name"), "no-quorum-policy");
  assert.equal(edit.notices.length, 1);
  ({ cib } = edited(cib, setAttribute(cib, option("stonith-enabled"), "false")));
  ({ cib } = edited(cib, setAttribute(cib, option("fencing-enabled"), "true")));
  assert.equal(valueAt(cib, "//nvpair[@name='stonith-enabled']/@value"), "true");
  const read = getAttribute(cib, option("fencing-enabled"));
  assert.ok(read.ok && read.value === "true");
  ({ cib, edit } = edited(cib, setAttribute(cib, option("default_resource_stickiness"), "7")));
  assert.equal(valueAt(cib, "//rsc_defaults//nvpair[@value='7']/@name"), "resource-stickiness");
});

test("a default that a person has set is meant, not the one that a new cluster was given", () => {
  const request = { scope: { section: "rsc_defaults" as const }, name: "resource-stickiness" };
  const { cib } = edited(start, setAttribute(start, request, "5"));
  assert.equal(
    valueAt(
      cib,
      "//meta_attributes[@id='holdfast-defaults']/nvpair[@name='resource-stickiness']/@value",
    ),
    "5",
  );
  const own = parsed(
    '<meta_attributes id="mine"><nvpair id="mine1" name="resource-stickiness" value="0"/></meta_attributes>',
  );
  const { cib: both } = applied(cib, { kind: "create", at: { section: "rsc_defaults" }, xml: own });
  const { cib: changed } = edited(both, setAttribute(both, request, "9"));
  assert.equal(valueAt(changed, "//nvpair[@id='mine1']/@value"), "9");
});

test("standby for good counts before standby until the node leaves", () => {
  const standby = (cib: XmlElement) => {
    const result = getStandby(cib, "xen1");
    assert.ok(result.ok);
    return `${result.value.value} ${result.value.lifetime}`;
  };
  assert.equal(standby(start), "off reboot");
  const { cib } = edited(start, setStandby(start, { node: "xen1", lifetime: "reboot" }, true));
  assert.equal(standby(cib), "on reboot");
  const { cib: both } = edited(cib, setStandby(cib, { node: "XEN1", lifetime: "forever" }, false));
  assert.equal(standby(both), "off forever");
});

test("a clean-up takes out failures and the history of what failed, where it is asked for", () => {
  const all = edited(start, cleanUp(start, {})).cib;
  assert.deepEqual(histories(all), ["xen1 host2", "xen2 a"]);
  assert.equal(valueAt(all, "//nvpair[starts-with(@name,'fail-count')]/@name"), undefined);
  const onOther = edited(start, cleanUp(start, { resource: "host1", node: "xen2" })).cib;
  assert.equal(onOther, start);
  const group = edited(start, cleanUp(start, { resource: "g", everything: true })).cib;
  assert.deepEqual(histories(group), ["xen1 host1", "xen1 host2"]);
  const other = { action: "start", intervalMs: 0 };
  assert.equal(edited(start, cleanUp(start, { resource: "host1", operation: other })).cib, start);
});

test("a probe that found the resource running is no failure to be cleaned up", () => {
  const found: OperationResult = {
    ...{ node: xen2, resource: "host1", action: "monitor", intervalMs: 0, callId: 1 },
    ...{ agent: { class: "ocf", provider: "heartbeat", type: "Dummy" }, rc: 0 },
    ...{ opStatus: opStatus.done, parameters: {} },
    transitionKey: "1:1:7:8cc4efb2-231d-4b4e-ae7e-99f491914ff5",
  };
  const { cib } = applied(start, historyChange(found));
  assert.equal(
    valueAt(cib, "//lrm_rsc_op[@id='host1_last_failure_0'][@rc-code='0']/@id") !== undefined,
    true,
  );
  const cleaned = edited(cib, cleanUp(cib, { resource: "host1" })).cib;
  assert.deepEqual(histories(cleaned), ["xen1 host2", "xen2 a", "xen2 host1"]);
});

test("fail counts alone can go, and the history stays", () => {
  const { cib } = edited(start, deleteFailCounts(start, { resource: "host1" }));
  assert.deepEqual(histories(cib), histories(start));
  assert.equal(valueAt(cib, "//nvpair[contains(@name,'host1')]/@name"), undefined);
  const unknown = deleteFailCounts(start, { resource: "nosuch" });
  assert.ok(!unknown.ok && unknown.error.exit === 105);
});

/** host1 failed its monitor on xen1; host2 runs there; of the group, a runs on xen2. */
function cluster(): XmlElement {
  const result = (resource: string, node: typeof xen1): OperationResult => ({
    node,
    resource,
    agent: { class: "ocf", provider: "heartbeat", type: "Dummy" },
    action: "start",
    intervalMs: 0,
    rc: 0,
    opStatus: opStatus.done,
    callId: 1,
    transitionKey: "1:1:0:8cc4efb2-231d-4b4e-ae7e-99f491914ff5",
    parameters: {},
  });
  const monitor = { ...result("host1", xen1), action: "monitor", intervalMs: 10_000, rc: 7 };
  const member = {
    inCluster: true,
    controllerOnline: true,
    join: "member",
    expected: "member",
  } as const;
  const resources = parsed(
    `<resources><primitive id="host1" ${dummy}/><primitive id="host2" ${dummy}/><group id="g"><primitive id="a" ${dummy}/></group></resources>`,
  );
  const nodes = parsed('<nodes><node id="1" uname="xen1"/><node id="2" uname="xen2"/></nodes>');
  let cib = newClusterCib();
  for (const change of [
    { kind: "create", at: { section: "resources" }, xml: resources } as const,
    { kind: "create", at: { section: "nodes" }, xml: nodes } as const,
    nodeStateChange({ ...xen1, ...member }),
    nodeStateChange({ ...xen2, ...member }),
    historyChange(result("host1", xen1)),
    historyChange(monitor),
    historyChange(result("host2", xen1)),
    historyChange(result("a", xen2)),
    failureChange(
      xen1,
      { resource: "host1", action: "monitor", intervalMs: 10_000 },
      { nowS: 1, startIsFatal: true },
    ),
  ]) {
    ({ cib } = applied(cib, change));
  }
  return withChildren(cib, cib.children);
}

function histories(cib: XmlElement): readonly string[] {
  const selected = selectXPath(cib, "//lrm_resource");
  assert.ok(selected.ok);
  const names: string[] = [];
  for (const { path, element } of selected.value) {
    const state = cib.children[path[0] ?? -1]?.children[path[1] ?? -1];
    names.push(`${state?.attributes["uname"]} ${element.attributes["id"]}`);
  }
  return names;
}

function edited(cib: XmlElement, result: Result<PlannedEdit, CibRefusal>) {
  assert.ok(result.ok, JSON.stringify(result));
  return { ...applied(cib, result.value.change), edit: result.value };
}

function applied(cib: XmlElement, change: Parameters<typeof applyChange>[1]): { cib: XmlElement } {
  const result = applyChange(cib, change);
  assert.ok(result.ok, JSON.stringify(result));
  return { cib: result.value.cib };
}

function valueAt(cib: XmlElement, xpath: string): string | undefined {
  const selected = selectXPath(cib, xpath);
  assert.ok(selected.ok, xpath);
  const [match] = selected.value;
  return match?.attribute && match.element.attributes[match.attribute];
}

function parsed(text: string): XmlElement {
  const result = parseXml(text);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value;
}

function withOption(cib: XmlElement, name: string, value: string): XmlElement {
  const request = { scope: { section: "crm_config" }, name } as const;
  return edited(cib, setAttribute(cib, request, value)).cib;
}
