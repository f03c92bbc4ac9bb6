import assert from "node:assert/strict";
import { test } from "node:test";
import { cibOf, nowS, operations, primitive } from "../../../../test/scheduler/small-cluster.ts";
import { plan } from "../plan.ts";
import { clusterToDot } from "./graph-dot.ts";

const needed = '[ style=bold color="green" fontcolor="black"]';

test("what is done is drawn, and what would have to be done and cannot", () => {
  const lines = drawn({ all: false });
  assert.ok(lines.includes(`"ready_start_0 n1" ${needed}`));
  const blocked = '[ style=dashed color="red" fontcolor="black"]';
  assert.ok(lines.includes(`"waits_start_0 n1" ${blocked}`));
  assert.ok(lines.includes(`"waits_monitor_10000 n1" ${blocked}`));
  assert.ok(lines.includes('"waits_start_0 n1" -> "waits_monitor_10000 n1" [ style = dashed]'));
  assert.deepEqual(
    lines.filter((line) => line.includes("blue") || line.includes("purple")),
    [],
  );
});

test("all actions are also those that need not be done, and those of what nobody manages", () => {
  const lines = drawn({ all: true });
  assert.ok(lines.includes('"runs_stop_0 n1" [ style=dashed color="blue" fontcolor="black"]'));
  assert.ok(lines.includes('"left_stop_0 n1" [ style=dashed color="red" fontcolor="purple"]'));
  assert.ok(lines.includes('"runs_stop_0 n1" -> "runs_start_0 n1" [ style = dashed]'));
  assert.ok(drawn({ all: false }).every((line) => lines.includes(line)));
});

/** One has to start, one runs, one runs unmanaged, one is to stay down, and one waits for that. */
function drawn(how: { readonly all: boolean }): readonly string[] {
  const cib = cibOf({
    nodes: { n1: "online" },
    resources: [
      ...["ready", "runs"].map((id) => primitive(id)),
      primitive("left", { "is-managed": "false" }),
      primitive("absent", { "target-role": "Stopped" }),
      primitive("waits", {}, operations("waits", 'name="monitor" interval="10s"')),
    ].join(""),
    constraints: '<rsc_order id="order" first="absent" then="waits"/>',
    history: ["runs n1 start 0", "left n1 start 0"],
  });
  return clusterToDot(plan({ cib, now: nowS, sanitized: false }).cluster, how).split("\n");
}
