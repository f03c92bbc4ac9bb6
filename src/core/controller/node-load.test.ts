/** The levels and limits of controld_throttle in Pacemaker. */
import assert from "node:assert/strict";
import { test } from "node:test";
import { clusterOperationsUnderLoad, nodeLoad, operationsUnderLoad } from "./node-load.ts";

// load, processors, load-threshold in per cent, the level
const rows = [
  [0, 2, 80, 0],
  [1.92, 2, 80, 0],
  [1.93, 2, 80, 1],
  [2.57, 2, 80, 2],
  [3.21, 2, 80, 3],
  [99, 2, 80, 3],
  [99, 2, 0, 0],
  [0.57, 1, 80, 0],
  [0.58, 1, 80, 1],
  [0.97, 1, 80, 3],
  [16, 16, 100, 0],
  [20, 16, 100, 1],
] as const;

for (const [oneMinute, processors, threshold, level] of rows) {
  test(`load ${oneMinute} on ${processors} processors with load-threshold=${threshold}% is level ${level}`, () => {
    assert.deepEqual(nodeLoad({ oneMinute, processors }, threshold), {
      level,
      operationsMax: 2 * processors,
    });
  });
}

test("each level halves what a node may do at a time, a high load leaves one operation, and never none", () => {
  assert.deepEqual(
    ([0, 1, 2, 3] as const).map((level) => operationsUnderLoad(level, 16)),
    [16, 8, 4, 1],
  );
  assert.deepEqual(
    ([0, 1, 2, 3] as const).map((level) => operationsUnderLoad(level, 1)),
    [1, 1, 1, 1],
  );
});

test("a high load of one member slows down the whole cluster, a moderate one does not", () => {
  assert.equal(clusterOperationsUnderLoad([0, 2, 1]), Number.POSITIVE_INFINITY);
  assert.deepEqual(
    [[3], [3, 0], [3, 0, 0, 3, 0]].map((levels) => clusterOperationsUnderLoad(levels as (0 | 3)[])),
    [1, 1, 2],
  );
});
