import assert from "node:assert/strict";
import { test } from "node:test";
import {
  emptyParametersDigest,
  parametersDigest,
  restartDigest,
  secureDigest,
} from "./parameters-digest.ts";

test("no parameters have the well-known digest", () => {
  assert.equal(parametersDigest({}, 0), emptyParametersDigest);
  assert.equal(restartDigest({ a: "1" }, ["state"]), emptyParametersDigest);
});

test("the order in which parameters are given does not count, their values do", () => {
  assert.equal(parametersDigest({ b: "2", a: "1" }, 0), parametersDigest({ a: "1", b: "2" }, 0));
  assert.notEqual(parametersDigest({ a: "1" }, 0), parametersDigest({ a: "2" }, 0));
});

test("of the meta parameters only a recurring operation's timeout counts", () => {
  const meta = { a: "1", CRM_meta_interval: "10000", CRM_meta_timeout: "60000" };
  assert.equal(parametersDigest(meta, 0), parametersDigest({ a: "1" }, 0));
  assert.equal(
    parametersDigest(meta, 10_000),
    parametersDigest({ a: "1", CRM_meta_timeout: "60000" }, 10_000),
  );
  assert.notEqual(parametersDigest(meta, 10_000), parametersDigest({ a: "1" }, 10_000));
});

test("a private parameter does not change the secure digest", () => {
  assert.equal(secureDigest({ a: "1", passwd: "x" }, ["passwd"]), secureDigest({ a: "1" }, []));
});
