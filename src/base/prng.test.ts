import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "./prng.ts";

test("equal seeds give equal sequences, other seeds others", () => {
  const a = new Prng(7n);
  const b = new Prng(7n);
  const c = new Prng(8n);
  const first = Array.from({ length: 50 }, () => a.u32());
  assert.deepEqual(
    first,
    Array.from({ length: 50 }, () => b.u32()),
  );
  assert.notDeepEqual(
    first,
    Array.from({ length: 50 }, () => c.u32()),
  );
});

test("below stays in range and reaches every value", () => {
  const prng = new Prng(1n);
  const seen = new Set<number>();
  for (let i = 0; i < 1000; i++) seen.add(prng.below(10));
  assert.deepEqual([...seen].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("chance is never at 0 and always at 1", () => {
  const prng = new Prng(3n);
  for (let i = 0; i < 1000; i++) {
    assert.equal(prng.chance(0), false);
    assert.equal(prng.chance(1), true);
  }
});

test("a fork does not change when its parent is used on", () => {
  const a = new Prng(5n);
  const b = new Prng(5n);
  const forkA = a.fork();
  const forkB = b.fork();
  a.bytes(100);
  assert.equal(forkA.u64(), forkB.u64());
});

test("a row is picked as often as its weight says", () => {
  const prng = new Prng(5n);
  const rows = [
    { name: "rare", weight: 1 },
    { name: "usual", weight: 9 },
  ];
  const picked = Array.from({ length: 1000 }, () => prng.pickWeighted(rows).name);
  const rare = picked.filter((name) => name === "rare").length;
  assert.ok(rare > 60 && rare < 140, `${rare} of 1000`);
});
