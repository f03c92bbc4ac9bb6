import assert from "node:assert/strict";
import { test } from "node:test";
import { allowedProcessors, processorNumbers } from "./processors.ts";

test("a list of processors is numbers and ranges", () => {
  assert.deepEqual(processorNumbers("0"), [0]);
  assert.deepEqual(processorNumbers("0-3,8"), [0, 1, 2, 3, 8]);
});

test("there is a processor on which this runs", () => {
  assert.ok(processorNumbers(allowedProcessors()).length >= 1);
});
