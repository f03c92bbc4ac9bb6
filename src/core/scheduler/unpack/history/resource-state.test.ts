import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  fenceDevice,
  fenceDeviceRuns,
  operations,
  primitive,
  type SmallCluster,
} from "../../../../../test/scheduler/small-cluster.ts";

const failing = (onFail: string): SmallCluster => ({
  options: { "fencing-enabled": "true" },
  resources:
    primitive("vm", {}, operations("vm", `name="monitor" interval="10s" on-fail="${onFail}"`)) +
    fenceDevice,
  history: ["vm n1 start 0", "vm n1 monitor/10 1 error", ...fenceDeviceRuns],
  defaults: { "resource-stickiness": "1" },
});

const onFail: readonly (readonly [value: string, changes: readonly string[]])[] = [
  ["restart", ["Recover vm ( n1 )"]],
  ["ignore", []],
  ["block", []],
  ["stop", ["Stop vm ( n1 ) due to node availability"]],
  ["standby", ["Recover vm ( n1 -> n2 )"]],
  ["fence", ["Fence (reboot) n1 'vm failed there'", "Recover vm ( n1 -> n2 )"]],
];

for (const [value, changes] of onFail) {
  test(`a failed monitor with on-fail=${value}: ${changes.join(", ") || "nothing"}`, () => {
    assert.deepEqual(decide(failing(value)).changes, changes);
  });
}

/** The last thing known of vm on n1 -> what is done. */
const results: readonly (readonly [history: readonly string[], changes: readonly string[]])[] = [
  [["vm n1 start 0"], []],
  [["vm n1 start 0", "vm n1 stop 0"], ["Start vm ( n1 )"]],
  [["vm n1 probe 7"], ["Start vm ( n1 )"]],
  [["vm n1 probe 0"], []],
  [["vm n1 probe 1 error"], ["Recover vm ( n1 )"]],
  [["vm n1 start 1 error"], ["Recover vm ( n1 -> n2 )"]],
  [["vm n1 start 1 timeout"], ["Recover vm ( n1 -> n2 )"]],
  // Not installed there: it goes elsewhere, and there is nothing to stop.
  [["vm n1 probe 5 error"], ["Start vm ( n2 )"]],
  [["vm n1 start 5 error"], ["Recover vm ( n1 -> n2 )"]],
  // Wrongly configured: no node can help.
  [["vm n1 start 6 error"], ["Stop vm ( n1 ) due to node availability"]],
  [["vm n1 start 193 pending"], []],
];

for (const [history, changes] of results) {
  test(`${history.join("; ")}: ${changes.join(", ") || "nothing"}`, () => {
    const start = history.some((line) => / start [1-9]/.test(line) && !line.includes("pending"));
    const found = decide({
      resources: primitive("vm"),
      history,
      defaults: { "resource-stickiness": "1" },
      ...(start ? { attributes: { n1: { "fail-count-vm#start_0": "INFINITY" } } } : {}),
    });
    assert.deepEqual(found.changes, changes);
  });
}
