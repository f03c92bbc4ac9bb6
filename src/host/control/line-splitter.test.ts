import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { LineSplitter } from "./line-splitter.ts";

test("however a text is cut, its lines come out, and what is left is counted", () => {
  const text = fc.array(fc.constantFrom("a", "bc", "\n", "\n\n", "é"), { maxLength: 30 });
  fc.assert(
    fc.property(text, (parts) => {
      const lines: string[] = [];
      const splitter = new LineSplitter((line) => lines.push(line));
      for (const part of parts) splitter.add(part);
      const wanted = parts.join("").split("\n");
      assert.equal(splitter.pending, wanted.pop()?.length);
      assert.deepEqual(lines, wanted);
    }),
  );
});
