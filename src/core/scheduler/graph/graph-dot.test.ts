import assert from "node:assert/strict";
import { test } from "node:test";
import { cibOf, nowS, primitive } from "../../../../test/scheduler/small-cluster.ts";
import { plan } from "../plan.ts";
import { clusterToDot } from "./graph-dot.ts";

const needed = '[ style=bold color="green" fontcolor="black"]';

test("what is done is drawn, and what would have to be done and cannot", () => {
  const lines = drawn({ all: false });
  assert.ok(lines.includes(`"ready_start_0 n1" ${needed}`));
  assert.ok(
    lines.includes('"barred_start_0 <none>" [ style=dashed color="red" fontcolor="black"]'),
  );
  assert.ok(lines.includes('"barred_stop_0 n1" -> "barred_start_0 <none>" [ style = dashed]'));
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

/** Of four resources: one has to start, one runs, one runs unmanaged, and one runs where nothing may run. */
function drawn(how: { readonly all: boolean }): readonly string[] {
  const cib = cibOf({
    nodes: { n1: "online" },
    resources: [
      ...["ready", "runs", "barred"].map((id) => primitive(id)),
      primitive("left", { "is-managed": "false" }),
    ].join(""),
    constraints: '<rsc_location id="no" rsc="barred" node="n1" score="-INFINITY"/>',
    history: ["runs n1 start 0", "left n1 start 0", "barred n1 start 0"],
  });
  return clusterToDot(plan({ cib, now: nowS, sanitized: false }).cluster, how).split("\n");
}
