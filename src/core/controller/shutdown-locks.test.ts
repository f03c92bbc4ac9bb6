/** What stands in the histories of a node that is shut down, and comes back, while shutdown-lock is on. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { attribute, descendants, element, type XmlElement } from "../../formats/xml/xml-element.ts";
import { applyChange } from "../cib/apply/apply-change.ts";
import type { CibChange } from "../cib/change.ts";
import { newClusterCib } from "../cib/empty-cib.ts";
import { opStatus } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";
import { conditionChange, downChange, joinChange, reportChange } from "./status-changes.ts";

const xen1 = { id: "n1", uname: "xen1" };
const since = 1_240_000_000;
const nowS = since + 60;

const stop: OperationReport = {
  ...{ resource: "web", agent: { class: "ocf", provider: "heartbeat", type: "Dummy" } },
  ...{ action: "stop", intervalMs: 0, rc: 0, opStatus: opStatus.done, callId: 7, parameters: {} },
  ...{ transitionKey: "1:1:0:01234567-89ab-4def-8123-456789abcdef", shutdownLockS: since },
};
const probe = { ...stop, action: "monitor", rc: 7, callId: 1, transitionKey: key(7) };
const start = { ...stop, action: "start", callId: 2, transitionKey: key(0) };

for (const [what, report, lock] of [
  ["a stop that ended well", stop, String(since)],
  ["a probe that found nothing", probe, String(since)],
  ["a start", start, "0"],
  ["a stop that failed", { ...stop, rc: 1 }, "0"],
  ["a probe that found it running", { ...probe, rc: 0 }, "0"],
  ["a monitor that found it gone", { ...probe, intervalMs: 10_000 }, "0"],
  ["a start that is under way", { ...start, opStatus: opStatus.pending }, String(since)],
  ["an action that is not about a lock", without(start), String(since)],
] as const) {
  test(`${what} leaves shutdown-lock at ${lock === "0" ? "0" : "its time"}`, () => {
    const cib = locking("true");
    const locked = applied(cib, reportChange(cib, xen1, stop, nowS));
    assert.deepEqual(locks(applied(locked, reportChange(locked, xen1, report, nowS))), [lock]);
  });
}

test("with the option off a locked action ends the lock", () => {
  const cib = locking("false");
  assert.deepEqual(locks(applied(cib, reportChange(cib, xen1, stop, nowS))), ["0"]);
});

test("who has left and comes back is known by its locks alone, who was fenced by nothing", () => {
  let cib = locking("true");
  cib = applied(cib, reportChange(cib, xen1, stop, nowS));
  cib = applied(cib, reportChange(cib, xen1, { ...without(stop), resource: "db" }, nowS));
  const down = conditionChange(cib, xen1, "down");
  assert.ok(down !== undefined);
  cib = applied(cib, down);
  assert.deepEqual([locks(cib), operations(cib)], [[String(since)], 0]);
  const joined = { history: [], isSeasoned: false, nowS };
  cib = applied(cib, joinChange(cib, xen1, joined));
  assert.deepEqual([locks(cib), operations(cib)], [[String(since)], 0]);
  cib = applied(cib, downChange(xen1));
  assert.deepEqual(locks(cib), []);
});

test("of a history that is told again only the last thing says something of the lock", () => {
  const later = { ...without(stop), callId: 9 };
  const history = [probe, start, later];
  let cib = applied(locking("true"), reportChange(locking("true"), xen1, start, nowS));
  assert.deepEqual(locks(cib), ["0"]);
  cib = applied(cib, joinChange(cib, xen1, { history, isSeasoned: true, nowS }));
  assert.deepEqual(locks(cib), []);
  const leaving = [probe, start, { ...stop, callId: 9 }];
  cib = applied(cib, joinChange(cib, xen1, { history: leaving, isSeasoned: true, nowS }));
  assert.deepEqual(locks(cib), [String(since)]);
});

function key(targetRc: number): string {
  return `2:2:${targetRc}:01234567-89ab-4def-8123-456789abcdef`;
}

function without({ shutdownLockS: _, ...report }: OperationReport): OperationReport {
  return report;
}

function locking(value: string): XmlElement {
  const pair = element("nvpair", { id: "o-lock", name: "shutdown-lock", value });
  const xml = element("cluster_property_set", { id: "o" }, [pair]);
  return applied(newClusterCib(), {
    kind: "modify",
    at: { section: "crm_config" },
    xml,
    allowCreate: true,
  });
}

function applied(cib: XmlElement, change: CibChange): XmlElement {
  const outcome = applyChange(cib, change);
  assert.ok(outcome.ok);
  return outcome.value.cib;
}

function locks(cib: XmlElement): readonly string[] {
  return [...descendants(cib)].flatMap((each) => attribute(each, "shutdown-lock") ?? []);
}

function operations(cib: XmlElement): number {
  return [...descendants(cib)].filter((each) => each.name === "lrm_rsc_op").length;
}
