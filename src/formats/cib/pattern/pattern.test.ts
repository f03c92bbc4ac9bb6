import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern } from "./pattern.ts";

const rows: readonly (readonly [
  pattern: string,
  text: string,
  found: readonly (string | undefined)[] | undefined,
])[] = [
  ["vm", "my-vm-1", ["vm"]],
  ["^vm", "my-vm", undefined],
  ["^vm-([0-9]+)$", "vm-12", ["vm-12", "12"]],
  ["(a|b)(c)?", "xb", ["b", "b", undefined]],
  ["[[:digit:]]{2,3}", "a1234", ["123"]],
  ["[[:alpha:]]+", "12ab3", ["ab"]],
  ["[^a-c]", "abcd", ["d"]],
  ["[]-]", "a-", ["-"]],
  ["a.c", "a\u{1F642}c", ["a\u{1F642}c"]],
  ["(a*)*b", "aab", ["aab", "aa"]],
  ["(a*)+$", "b", [""]],
  ["\\.", "a.b", ["."]],
  ["\\w+", "-a_1-", ["a_1"]],
  ["", "x", [""]],
  [")", ")", [")"]],
];

for (const [pattern, text, found] of rows) {
  test(`${pattern} in ${text}: ${found === undefined ? "nothing" : `"${found[0]}"`}`, () => {
    const compiled = compilePattern(pattern);
    assert.ok(compiled.ok);
    const result = compiled.value.find(text);
    const shown = found === undefined ? undefined : (found[0] ?? "");
    assert.equal(result?.[0], shown);
    // What a group that goes round on nothing holds is nobody's business.
    if (found !== undefined && !pattern.includes("(a*)+")) assert.deepEqual(result, found);
    assert.equal(compiled.value.isSpent, false);
  });
}

test("what is no pattern is refused with the place", () => {
  for (const [pattern, problem] of [
    ["((", /column \d: a \( without its \)/],
    ["*a", /nothing stands before the \*/],
    ["a{3,2}", /no number of times/],
    ["a{1000000}", /no number of times/],
    ["[a", /\[ that is not understood/],
    ["[[:what:]]", /\[ that is not understood/],
    ["a\\", /a \\ at the end/],
    ["(a)\\1", /back references/],
    ["\\bvm", /\\b is not taken/],
    ["^*", /an anchor is not repeated/],
    ["(".repeat(100), /nested too deep/],
    ["a".repeat(2000), /longer than 1000/],
  ] as const) {
    const compiled = compilePattern(pattern);
    assert.ok(!compiled.ok, pattern);
    assert.match(compiled.error, problem);
  }
});

test("a search with too many ways, or too deep a one, is given up and says so", () => {
  for (const [pattern, text] of [
    ["^(a+)+$", `${"a".repeat(40)}b`],
    ["^(a|a)*$", `${"a".repeat(40)}b`],
    ["(((a*)*)*)*b", "a".repeat(40)],
    ["^.*$", "a".repeat(1_000_000)],
    ["(a{1,1000}){1,1000}b", "a".repeat(3000)],
  ] as const) {
    const compiled = compilePattern(pattern);
    assert.ok(compiled.ok, pattern);
    assert.equal(compiled.value.find(text), undefined, pattern);
    assert.equal(compiled.value.isSpent, true, pattern);
    assert.deepEqual(compiled.value.find("b"), compiled.value.find("b"));
  }
});
