import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type PlacedRange, RangesByPlace } from "./ranges-by-place.ts";

const mebibyte = 1024 * 1024;
const range: fc.Arbitrary<PlacedRange> = fc
  .record({
    offset: fc.nat(20 * mebibyte),
    length: fc.oneof(
      fc.integer({ min: 1, max: 8192 }),
      fc.constantFrom(mebibyte, 4 * mebibyte, 5 * mebibyte, 20 * mebibyte),
    ),
  })
  .map(({ offset, length }) => ({ offset, end: offset + length }));

test("whatever is added and removed, what overlaps is found, each once, and nothing else", () => {
  fc.assert(
    fc.property(
      fc.array(range, { maxLength: 40 }),
      fc.infiniteStream(fc.nat(3)),
      range,
      (ranges, choices, wanted) => {
        const index = new RangesByPlace<PlacedRange>();
        const there = new Set<PlacedRange>();
        for (const one of ranges) {
          index.add(one);
          there.add(one);
          const [choice] = choices.take(1);
          if (choice !== 0) continue;
          const [oldest] = there;
          assert.ok(oldest);
          index.remove(oldest);
          there.delete(oldest);
        }
        const expected = [...there].filter(
          (one) => one.offset < wanted.end && wanted.offset < one.end,
        );
        const found = index.overlapping(wanted);
        assert.equal(found.length, expected.length);
        assert.deepEqual(new Set(found), new Set(expected));
        assert.deepEqual([...index.values()], [...there]);
        assert.equal(index.size, there.size);
      },
    ),
  );
});

test("a range ends before its end: neighbours do not overlap", () => {
  const index = new RangesByPlace<PlacedRange>();
  const block = { offset: 4096, end: 8192 };
  index.add(block);
  assert.deepEqual(index.overlapping({ offset: 0, end: 4096 }), []);
  assert.deepEqual(index.overlapping({ offset: 8192, end: 12288 }), []);
  assert.deepEqual(index.overlapping({ offset: 8191, end: 12288 }), [block]);
});

test("a range that is not there cannot be removed", () => {
  const index = new RangesByPlace<PlacedRange>();
  assert.throws(() => index.remove({ offset: 0, end: 1 }));
});
