import assert from "node:assert/strict";
import { test } from "node:test";
import { LentMemory } from "./lent-memory.ts";

test("a block is used again when nothing is received into it and all of it was given back", () => {
  const memory = new LentMemory();
  const block = memory.take(4096);
  const [one, two] = [block.subarray(0, 1000), block.subarray(1000, 3000)];
  memory.lend(one);
  memory.lend(two);
  memory.giveBack(one);
  memory.leave(block);
  assert.notEqual(memory.take(4096).buffer, block.buffer, "a part of it is looked at");
  memory.giveBack(two);
  assert.notEqual(memory.take(2048).buffer, block.buffer, "another length");
  assert.equal(memory.take(4096).buffer, block.buffer);
});

test("a block of which somebody keeps a part is not used again", () => {
  const memory = new LentMemory();
  const block = memory.take(4096);
  memory.lend(block.subarray(0, 10));
  memory.keep(block.subarray(10, 20));
  memory.leave(block);
  memory.giveBack(block.subarray(0, 10));
  assert.notEqual(memory.take(4096).buffer, block.buffer);
});

test("bytes from elsewhere are left alone, and more than was lent is not taken back", () => {
  const memory = new LentMemory();
  memory.giveBack(new Uint8Array(8));
  const block = memory.take(16);
  memory.lend(block.subarray(0, 4));
  assert.throws(() => memory.giveBack(block.subarray(0, 8)), /was lent/);
});
