import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, operations, primitive } from "../../../../test/scheduler/small-cluster.ts";

const parameter = (value: string): string =>
  `<instance_attributes id="vm-own"><nvpair id="vm-state" name="state" value="${value}"/></instance_attributes>`;

test("a parameter that changed restarts the resource", () => {
  // It was started without any.
  const { changes } = decide({
    resources: primitive("vm", {}, parameter("/run/vm")),
    history: ["vm n1 start 0"],
    defaults: { "resource-stickiness": "1" },
  });
  assert.deepEqual(changes, ["Restart vm ( n1 ) due to resource definition change"]);
});

test("an unchanged definition restarts nothing", () => {
  assert.deepEqual(decide({ resources: primitive("vm"), history: ["vm n1 start 0"] }).changes, []);
});

test("a monitor whose timeout changed is begun anew, the resource stays", () => {
  const { changes, actions } = decide({
    resources: primitive("vm", {}, operations("vm", 'name="monitor" interval="10s" timeout="99s"')),
    history: ["vm n1 start 0", "vm n1 monitor/10 0"],
  });
  assert.deepEqual([changes, actions], [[], ["vm_monitor_10000@n1"]]);
});

test("what was removed from the configuration is stopped", () => {
  const { changes } = decide({
    resources: primitive("other"),
    history: ["other n1 start 0", "old n1 start 0"],
  });
  assert.deepEqual(changes, ["Stop old ( n1 ) due to node availability"]);
});

test("with stop-removed-resources=false it is left running", () => {
  const { changes } = decide({
    options: { "stop-removed-resources": "false" },
    resources: primitive("other", { "resource-stickiness": "1" }),
    history: ["other n1 start 0", "old n1 start 0"],
  });
  assert.deepEqual(changes, []);
});
