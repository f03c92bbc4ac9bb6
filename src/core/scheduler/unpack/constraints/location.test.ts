import assert from "node:assert/strict";
import { test } from "node:test";
import { decide, primitive } from "../../../../../test/scheduler/small-cluster.ts";

/** The clock of the small clusters stands in 2023. */
const lifetimes: readonly (readonly [ends: readonly string[], counts: boolean])[] = [
  [["2024-01-01"], true],
  [["2023-01-01"], false],
  [["2023-01-01", "2024-01-01"], true],
  [[], true],
];

for (const [ends, counts] of lifetimes) {
  test(`a location whose lifetime ends at [${ends.join(", ")}] ${counts ? "counts" : "is over"}`, () => {
    const rules = ends.map(
      (end, i) =>
        `<rule id="r${i}" score="0"><date_expression id="d${i}" operation="lt" end="${end}"/></rule>`,
    );
    const { changes } = decide({
      resources: primitive("vm"),
      constraints: `<rsc_location id="l" rsc="vm" node="n2" score="INFINITY"><lifetime>${rules.join("")}</lifetime></rsc_location>`,
    });
    assert.deepEqual(changes, [`Start vm ( ${counts ? "n2" : "n1"} )`]);
  });
}
