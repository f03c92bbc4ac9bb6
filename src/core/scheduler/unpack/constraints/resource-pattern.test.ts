import assert from "node:assert/strict";
import { test } from "node:test";
import { compilePattern } from "./resource-pattern.ts";

const usual = [
  "^vm",
  "^(web|db)[0-9]+$",
  "vm-.*-.*",
  "(a+)?b",
  "^vm\\(+x[(*)]+$",
  "^(ab)*$",
  "a{2,3}",
];
const slow = [
  "^(a+)+$",
  "^(a|a)*$",
  "((a*)b)*",
  "(a|b){2,}",
  "a*a*a*a*a*$",
  "((a{1,9}){1,9}){1,9}",
];

for (const pattern of usual) {
  test(`'${pattern}' is a pattern`, () => {
    assert.deepEqual(compilePattern(pattern), new RegExp(pattern));
  });
}

for (const pattern of slow) {
  test(`'${pattern}' is refused: it could take for ever`, () => {
    assert.equal(compilePattern(pattern), undefined);
  });
}

test("what is no regular expression is refused", () => {
  assert.equal(compilePattern("(a"), undefined);
});
