import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  fenceDevice,
  fenceDeviceRuns,
  primitive,
} from "../../../../test/scheduler/small-cluster.ts";

const actions: readonly (readonly [option: string, value: string, done: string])[] = [
  ["fencing-action", "off", "off"],
  ["stonith-action", "off", "off"],
  ["stonith-action", "poweroff", "off"],
  ["fencing-action", "poweroff", "reboot"],
  ["fencing-action", "shoot", "reboot"],
];

for (const [option, value, done] of actions) {
  test(`${option}=${value}: a lost node is fenced by ${done}`, () => {
    const { changes } = decide({
      nodes: { n1: "lost", n2: "online" },
      options: { "fencing-enabled": "true", [option]: value },
      resources: fenceDevice + primitive("vm"),
      history: fenceDeviceRuns,
    });
    assert.ok(changes[0]?.startsWith(`Fence (${done}) n1 `), changes[0]);
  });
}
