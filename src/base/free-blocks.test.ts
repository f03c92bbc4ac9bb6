import assert from "node:assert/strict";
import { test } from "node:test";
import { FreeBlocks } from "./free-blocks.ts";

const block = (lengthBytes: number): { readonly bytes: Uint8Array } => ({
  bytes: new Uint8Array(lengthBytes),
});

test("a block is taken once, by its exact length, the last one first", () => {
  const free = new FreeBlocks({ countMax: 4, bytesMax: 1000 });
  const [first, second] = [block(10), block(10)];
  free.put(first);
  free.put(second);
  assert.equal(free.take(9), undefined);
  assert.equal(free.take(10), second);
  assert.equal(free.take(10), first);
  assert.equal(free.take(10), undefined);
});

test("more than so many, or more than so many bytes, drive out what has waited longest", () => {
  const free = new FreeBlocks({ countMax: 2, bytesMax: 100 });
  for (const lengthBytes of [10, 20, 30]) free.put(block(lengthBytes));
  assert.equal(free.take(10), undefined);
  free.put(block(75));
  assert.equal(free.take(20), undefined);
  assert.equal(free.take(30), undefined);
  assert.equal(free.take(75)?.bytes.length, 75);
});

test("a block larger than all that may wait is left to the collector", () => {
  const free = new FreeBlocks({ countMax: 2, bytesMax: 100 });
  free.put(block(101));
  assert.equal(free.take(101), undefined);
  free.put(block(100));
  assert.equal(free.take(100)?.bytes.length, 100);
});
