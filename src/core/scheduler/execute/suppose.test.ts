import assert from "node:assert/strict";
import { test } from "node:test";
import { cibOf, nowS, primitive } from "../../../../test/scheduler/small-cluster.ts";
import type { Supposition } from "../../../decision/transition.ts";
import { attribute, descendants, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { readCluster } from "../plan.ts";
import { suppose } from "./suppose.ts";

const cib = cibOf({ resources: primitive("vm"), history: ["vm n1 start 0"] });

test("a node that fails is out of the membership and was not asked to go", () => {
  const state = stateOf(supposed({ kind: "node", event: "fail", node: "n1" }), "n1");
  assert.deepEqual(wordsOf(state), ["false", "online", "member"]);
  assert.ok(
    state?.children.some(({ name }) => name === "lrm"),
    "what it ran is not forgotten",
  );
});

test("a node that goes in order leaves nothing behind", () => {
  const state = stateOf(supposed({ kind: "node", event: "down", node: "n1" }), "n1");
  assert.deepEqual(wordsOf(state), ["false", "offline", "down"]);
  assert.deepEqual(state?.children, []);
});

test("a node that nobody knew is in the configuration when it comes", () => {
  const after = supposed({ kind: "node", event: "up", node: "n9" });
  assert.deepEqual(wordsOf(stateOf(after, "n9")), ["true", "online", "member"]);
  assert.ok([...descendants(after)].some((each) => each.name === "node" && isNamed(each, "n9")));
});

test("a result is recorded and counted; a probe that finds nothing is not counted", () => {
  const failed = supposed({ kind: "operation", spec: "vm_monitor_10000@n1=7" });
  const entry = [...descendants(failed)].find(({ attributes }) => attributes["rc-code"] === "7");
  assert.equal(attribute(entry as XmlElement, "id"), "vm_last_failure_0");
  assert.equal(pair(failed, "fail-count-vm#monitor_10000"), "1");
  const twice = supposed(
    { kind: "operation", spec: "vm_monitor_10000@n1=7" },
    { kind: "operation", spec: "vm_monitor_10000@n1=7" },
  );
  assert.equal(pair(twice, "fail-count-vm#monitor_10000"), "2");
  const probed = supposed({ kind: "operation", spec: "vm_monitor_0@n2=7" });
  assert.equal(pair(probed, "fail-count-vm#monitor_0"), undefined);
});

test("tickets, quorum and watchdog are where the scheduler reads them", () => {
  const after = supposed(
    { kind: "ticket", event: "grant", ticket: "office" },
    { kind: "ticket", event: "standby", ticket: "office" },
    { kind: "quorum", value: "false" },
    { kind: "watchdog", value: "true" },
  );
  const ticket = [...descendants(after)].find(({ name }) => name === "ticket_state");
  assert.deepEqual(ticket?.attributes, { id: "office", granted: "true", standby: "true" });
  assert.equal(attribute(after, "have-quorum"), "false");
  assert.equal(pair(after, "have-watchdog"), "true");
});

test("disks that are not ready keep a resource off the node, and ready ones no more", () => {
  const disk = { kind: "disk", resource: "vm", node: "n2" } as const;
  const bans = (of: XmlElement): readonly (string | undefined)[] =>
    [...descendants(of)]
      .filter((each) => each.name === "rsc_location")
      .map((each) => attribute(each, "id"));
  const unready = supposed({ ...disk, ready: false });
  assert.deepEqual(bans(unready), ["holdfast-disk-vm-n2"]);
  assert.deepEqual(bans(supposed({ ...disk, ready: false }, { ...disk, ready: false })).length, 1);
  assert.deepEqual(bans(supposed({ ...disk, ready: false }, { ...disk, ready: true })), []);
});

test("what is not there is refused by name, and the CIB that was given stays as it was", () => {
  const before = JSON.stringify(cib);
  const rows: readonly (readonly [Supposition, RegExp])[] = [
    [{ kind: "node", event: "fail", node: "n9" }, /no node "n9"; the CIB has n1, n2/],
    [{ kind: "operation", spec: "vm_monitor_0@n9=7" }, /no node "n9"/],
    [{ kind: "operation", spec: "ghost_monitor_0@n1=7" }, /no resource "ghost"/],
    [{ kind: "disk", ready: true, resource: "ghost", node: "n1" }, /no resource "ghost"/],
    [{ kind: "disk", ready: true, resource: "vm", node: "n9" }, /no node "n9"/],
    [{ kind: "operation", spec: "vm" }, /not RESOURCE_TASK_INTERVAL@NODE=RC/],
  ];
  for (const [what, message] of rows) {
    const result = suppose(cib, cluster(), [{ kind: "quorum", value: "1" }, what]);
    assert.match(result.ok ? "" : result.error, message);
  }
  assert.equal(JSON.stringify(cib), before);
});

function supposed(...what: readonly Supposition[]): XmlElement {
  const result = suppose(cib, cluster(), what);
  assert.ok(result.ok);
  return result.value.cib;
}

function cluster(): ReturnType<typeof readCluster> {
  return readCluster({ cib, now: nowS, sanitized: true });
}

function stateOf(of: XmlElement, node: string): XmlElement | undefined {
  return [...descendants(of)].find((each) => each.name === "node_state" && isNamed(each, node));
}

function isNamed(each: XmlElement, node: string): boolean {
  return attribute(each, "uname") === node;
}

function wordsOf(state: XmlElement | undefined): readonly (string | undefined)[] {
  return ["in_ccm", "crmd", "expected"].map((name) => state && attribute(state, name));
}

function pair(of: XmlElement, name: string): string | undefined {
  const found = [...descendants(of)].find((each) => attribute(each, "name") === name);
  return found && attribute(found, "value");
}
