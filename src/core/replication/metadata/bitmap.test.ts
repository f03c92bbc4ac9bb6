import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Bitmap, bitmapPageBytes, blockBytes } from "./bitmap.ts";

const bits = 3 * bitmapPageBytes * 8 + 1001;

test("the bitmap does what a set of numbers does", () => {
  const range = fc
    .tuple(fc.nat(bits), fc.nat(5000))
    .map(([from, n]) => [from, Math.min(bits, from + n)] as const);
  const step = fc.record({ op: fc.constantFrom("set", "clear"), range });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), range, (steps, [from, to]) => {
      const bitmap = new Bitmap(bits * blockBytes);
      const model = new Set<number>();
      for (const {
        op,
        range: [a, b],
      } of steps) {
        const before = model.size;
        for (let i = a; i < b; i++) op === "set" ? model.add(i) : model.delete(i);
        const changed = op === "set" ? bitmap.set(a, b) : bitmap.clear(a, b);
        assert.equal(changed, Math.abs(model.size - before));
        assert.equal(bitmap.weight, model.size);
      }
      const inside = [...model].filter((bit) => bit >= from && bit < to).sort((x, y) => x - y);
      assert.equal(bitmap.count(from, to), inside.length);
      assert.equal(bitmap.nextSet(from, to), inside[0] ?? to);
      assert.equal(bitmap.anySet(from, to), inside.length > 0);
      if (from < bits) {
        let end = from;
        while (end < bits && model.has(end) === model.has(from)) end++;
        assert.equal(bitmap.endOfRun(from), end);
      }
    }),
    { numRuns: 200 },
  );
});

test("a page is dirty from a change until it is taken, and knows whether bits were cleared in it", () => {
  const bitmap = new Bitmap(bits * blockBytes);
  const perPage = bitmapPageBytes * 8;
  bitmap.set(perPage - 1, perPage + 1);
  assert.deepEqual(
    [bitmap.dirtyPages, bitmap.nextDirtyPage(0), bitmap.nextDirtyPage(1)],
    [2, 0, 1],
  );
  assert.equal(bitmap.pageHasCleared(0), false);
  const page = bitmap.takePage(0);
  assert.equal(page[bitmapPageBytes - 1], 0x80);
  assert.deepEqual([bitmap.dirtyPages, bitmap.nextDirtyPage(0)], [1, 1]);
  bitmap.clear(perPage, perPage + 1);
  assert.equal(bitmap.pageHasCleared(1), true);
  bitmap.clear(perPage, perPage + 1);
  assert.equal(bitmap.dirtyPages, 1);
  bitmap.markDirty(0);
  assert.equal(bitmap.nextDirtyPage(0), 0);
});

test("loading ignores the bits behind the end, and merging is an OR", () => {
  const bitmap = new Bitmap(1001 * blockBytes);
  bitmap.load(0, new Uint8Array(bitmapPageBytes).fill(0xff));
  assert.equal(bitmap.weight, 1001);
  bitmap.load(0, new Uint8Array(bitmapPageBytes));
  assert.equal(bitmap.weight, 0);
  bitmap.set(3, 5);
  bitmap.merge(0, new Uint8Array([0b1000_0001, 0xff]));
  assert.deepEqual([...bitmap.copyBytes(0, 3)], [0b1001_1001, 0xff, 0]);
  bitmap.merge(960, new Uint8Array(16).fill(0xff));
  assert.equal(bitmap.weight, 12 + 41);
  assert.equal(bitmap.dirtyPages, 1);
});

test("setting all makes every page dirty, also a page that was full", () => {
  const bitmap = new Bitmap(bits * blockBytes);
  bitmap.load(1, new Uint8Array(bitmapPageBytes).fill(0xff));
  bitmap.setAll();
  assert.equal(bitmap.weight, bits);
  assert.equal(bitmap.dirtyPages, 4);
});

test("a bitmap of 16 TiB is looked through in no time when it is clear", () => {
  const bitmap = new Bitmap(16 * 2 ** 40);
  bitmap.set(bitmap.bits - 1, bitmap.bits);
  assert.equal(bitmap.nextSet(0), bitmap.bits - 1);
  assert.equal(bitmap.endOfRun(0), bitmap.bits - 1);
});
