import assert from "node:assert/strict";
import { test } from "node:test";
import { failoverTable, quantile } from "./failover-table.ts";

test("quantiles are values that were measured", () => {
  const values = [3, 1, 2, 10, 4];
  assert.deepEqual(
    [0, 0.5, 0.95, 1].map((part) => quantile(values, part)),
    [1, 3, 10, 10],
  );
});

test("one row a phase; what was not seen is counted", () => {
  const times = { declared_dead_s: 2, promoted_s: 2.5, powered_on_s: 3, answers_s: 7 };
  const table = failoverTable([times, { ...times, promoted_s: null, answers_s: 9 }]);
  assert.match(table, /\| declared dead \| 2\.00 \| 2\.00 \| 2\.00 \| 2\.00 \|/);
  assert.match(table, /\| disks promoted \(1 times not known\) \| 2\.50 /);
  assert.match(table, /\| guest answers \| 7\.00 \| 7\.00 \| 9\.00 \| 9\.00 \|/);
});
