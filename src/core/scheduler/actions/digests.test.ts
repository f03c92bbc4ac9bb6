import assert from "node:assert/strict";
import { test } from "node:test";
import { cibOf, nowS, operations, primitive } from "../../../../test/scheduler/small-cluster.ts";
import { wallTime } from "../../../base/time.ts";
import { emptyParametersDigest, parametersDigest } from "../../../formats/cib/parameters-digest.ts";
import {
  attribute,
  withAttributes,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { schedule } from "../schedule.ts";

const timeoutDigest = parametersDigest(Object.fromEntries([["CRM_meta_timeout", "20000"]]), 10_000);

type Row = readonly [operation: string, secure: string, sanitized: boolean, scheduled: string[]];

/** What was recorded ran with other parameters, as the digest says; all that is not secret was `secure`. */
const rows: readonly Row[] = [
  ["start", emptyParametersDigest, true, []],
  ["start", emptyParametersDigest, false, ["vm_stop_0", "vm_start_0", "vm_monitor_10000"]],
  ["monitor", timeoutDigest, true, ["vm_monitor_10000"]],
  ["monitor", timeoutDigest, false, ["vm_monitor_10000"]],
];

for (const [operation, secure, sanitized, scheduled] of rows) {
  const where = sanitized ? "in a simulation" : "in a cluster";
  test(`a ${operation} whose secrets alone changed, ${where}: ${scheduled.join(", ") || "nothing"}`, () => {
    const changed = { "op-digest": "0".repeat(32), "op-secure-digest": secure };
    const cib = cibOf({
      resources: primitive("vm", {}, operations("vm", 'name="monitor" interval="10s"')),
      history: ["vm n1 start 0", "vm n1 monitor/10 0"],
    });
    const { graph } = schedule(withRecorded(cib, operation, changed), wallTime(nowS * 1000), {
      sanitized,
    });
    const keys = graph.synapses.map(({ action }) => action.key);
    assert.deepEqual(keys.sort(), scheduled.sort());
  });
}

function withRecorded(
  of: XmlElement,
  operation: string,
  changes: Readonly<Record<string, string>>,
): XmlElement {
  const meant =
    of.name === "lrm_rsc_op" &&
    attribute(of, "operation") === operation &&
    attribute(of, "rc-code") === "0";
  const changed = meant ? withAttributes(of, changes) : of;
  return withChildren(
    changed,
    of.children.map((each) => withRecorded(each, operation, changes)),
  );
}
