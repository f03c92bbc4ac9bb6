import assert from "node:assert/strict";
import { test } from "node:test";
import { mayAcknowledge } from "./change-quorum.ts";
import type { Loss } from "./world.ts";

// Seed 98 of sim/main.ts: both sides of a cut acknowledged changes, and those of the side that was fenced were lost.
test("half of a cluster acknowledges changes only when the other half is known to be gone", () => {
  const rows = [
    ["gone", true],
    ["unclean", false],
    ["held", false],
    ["asking", false],
  ] as const;
  for (const [kind, may] of rows) assert.equal(mayAcknowledge(world(2, kind), 1), may, kind);
});

test("more than half of a cluster acknowledges, whatever the others do; without quorum nobody does", () => {
  assert.equal(mayAcknowledge(world(3, "unclean"), 2), true);
  assert.equal(mayAcknowledge({ ...world(2, "gone"), hasQuorum: () => false }, 1), false);
});

function world(count: number, kind: Loss["kind"]): Parameters<typeof mayAcknowledge>[0] {
  const nodes = ["xen1", "xen2", "xen3"].slice(0, count);
  const members = nodes.slice(0, count - 1).map((name) => ({ name, incarnation: 1n }));
  return {
    nodes,
    hasQuorum: () => true,
    members: () => members,
    loss: () => ({ kind, isProven: false, why: "" }),
  };
}
