import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { closestWord, editDistance } from "./closest-word.ts";

test("a slip of one or two letters finds the word that was meant", () => {
  const words = ["node", "keepalive", "deadtime", "bcast", "ucast"];
  assert.equal(closestWord("nodes", words), "node");
  assert.equal(closestWord("Node", words), "node");
  assert.equal(closestWord("keepalvie", words), "keepalive");
  assert.equal(closestWord("dead-time", words), "deadtime");
  assert.equal(closestWord("bcst", words), "bcast");
});

test("what resembles nothing gets no suggestion", () => {
  assert.equal(closestWord("haresources", ["node", "bcast"]), undefined);
  assert.equal(closestWord("x", ["node"]), undefined);
  assert.equal(closestWord("", ["node"]), undefined);
});

test("the edit distance is a metric in its simple laws", () => {
  const word = fc.string({ maxLength: 8 });
  fc.assert(
    fc.property(word, word, (a, b) => {
      assert.equal(editDistance(a, a), 0);
      assert.equal(editDistance(a, b), editDistance(b, a));
      assert.ok(editDistance(a, b) >= Math.abs(a.length - b.length));
      assert.ok(editDistance(a, b) <= Math.max(a.length, b.length));
    }),
  );
  assert.equal(editDistance("ab", "ba"), 1);
});
