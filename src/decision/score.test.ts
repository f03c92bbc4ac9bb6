import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { addScores, formatScore, infinity, parseScore, scoreOr } from "./score.ts";

test("scores are integers cut to infinity, words for infinity, or health colours", () => {
  for (const [text, score] of [
    ["INFINITY", infinity],
    ["+INFINITY", infinity],
    ["-INFINITY", -infinity],
    ["100", 100],
    [" +7", 7],
    ["-3", -3],
    ["100.5", 100],
    ["12abc", 12],
    ["1000000", infinity],
    ["99999999999999999999", infinity],
    ["-1000001", -infinity],
    ["-0", 0],
    ["RED", 0],
    ["infinity", undefined],
    ["abc", undefined],
    ["", undefined],
  ] as const) {
    assert.equal(parseScore(text), score, text);
  }
  assert.equal(parseScore("red", { red: -infinity, yellow: 1, green: 2 }), -infinity);
  assert.equal(scoreOr(undefined, 5), 5);
  assert.equal(scoreOr("x", 5), 5);
});

test("minus infinity absorbs everything, then infinity does", () => {
  assert.equal(addScores(infinity, -infinity), -infinity);
  assert.equal(addScores(infinity, -5), infinity);
  assert.equal(addScores(999_999, 5), infinity);
  assert.equal(addScores(-999_999, -1), -infinity);
  const score = fc.integer({ min: -infinity, max: infinity });
  fc.assert(
    fc.property(score, score, (a, b) => {
      assert.equal(addScores(a, b), addScores(b, a));
      assert.equal(parseScore(formatScore(addScores(a, b))), addScores(a, b));
    }),
  );
});

test("any text is a score or none", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const score = parseScore(text);
      assert.ok(score === undefined || Math.abs(score) <= infinity);
    }),
  );
});
