import assert from "node:assert/strict";
import { test } from "node:test";
import { Queue } from "./queue.ts";

test("items leave in the order in which they came, across growth and wrap-around", () => {
  const queue = new Queue<number>();
  let next = 0;
  let expected = 0;
  for (let round = 0; round < 200; round++) {
    for (let i = 0; i < 7; i++) queue.push(next++);
    assert.deepEqual([...queue].slice(0, 2), [expected, expected + 1]);
    for (let i = 0; i < 6; i++) assert.equal(queue.shift(), expected++);
  }
  assert.equal(queue.size, next - expected);
  while (queue.size > 0) assert.equal(queue.shift(), expected++);
  assert.equal(queue.shift(), undefined);
});
