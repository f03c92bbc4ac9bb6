import assert from "node:assert/strict";
import { test } from "node:test";
import { hasQuorum } from "./quorum.ts";

test("one or two nodes: whoever is left has it; more: a majority; nobody before it is settled", () => {
  const rows: readonly (readonly [nodes: number, members: number, quorate: boolean])[] = [
    [1, 1, true],
    [2, 1, true],
    [2, 2, true],
    [3, 1, false],
    [3, 2, true],
    [3, 3, true],
    [4, 2, false],
    [4, 3, true],
    [5, 2, false],
    [5, 3, true],
  ];
  for (const [nodeCount, memberCount, quorate] of rows) {
    const label = `${memberCount} of ${nodeCount}`;
    assert.equal(hasQuorum({ nodeCount, memberCount, settled: true }), quorate, label);
    assert.equal(hasQuorum({ nodeCount, memberCount, settled: false }), false, label);
  }
});
