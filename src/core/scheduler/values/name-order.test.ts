import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { compareNames } from "./name-order.ts";

test("digits count as numbers, and case does not matter", () => {
  const names = ["node10", "Node2", "node1", "a", "B", "node"];
  assert.deepEqual([...names].sort(compareNames), ["a", "B", "node", "node1", "Node2", "node10"]);
});

test("names have an order: turned around it turns, and it carries on", () => {
  const name = fc.stringMatching(/^[aAbB0-9]{0,6}$/);
  fc.assert(
    fc.property(name, name, name, (a, b, c) => {
      assert.equal(Math.sign(compareNames(a, b)), -Math.sign(compareNames(b, a)) + 0);
      if (compareNames(a, b) <= 0 && compareNames(b, c) <= 0) assert.ok(compareNames(a, c) <= 0);
    }),
  );
});
