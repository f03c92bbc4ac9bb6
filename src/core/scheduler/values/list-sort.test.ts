import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { listSort } from "./list-sort.ts";

test("for a comparison that is an order it sorts stably, as Array.sort does", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(fc.nat(5), fc.nat())), (items) => {
      const byFirst = (a: readonly [number, number], b: readonly [number, number]): number =>
        a[0] - b[0];
      assert.deepEqual(listSort(items, byFirst), [...items].sort(byFirst));
    }),
  );
});
