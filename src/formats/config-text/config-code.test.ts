import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { type ErrorCode, errors } from "../../api/errors.ts";
import { configCodes } from "./config-code.ts";

test("every code of the configuration files stands in the catalog and on the page of errors", () => {
  const codes: readonly ErrorCode[] = configCodes;
  const page = readFileSync(
    path.join(import.meta.dirname, "../../../docs/guide/errors.md"),
    "utf8",
  );
  for (const code of codes) {
    assert.ok(Object.hasOwn(errors, code), `${code} is not in the catalog`);
    assert.match(page, new RegExp(`^\\| ${code} \\|`, "m"), `${code} is not on the page`);
  }
});

test("the catalog has no code of configuration files that no parser uses", () => {
  const known: readonly string[] = configCodes;
  const inRange = Object.keys(errors).filter((code) => code >= "HF1000" && code < "HF1200");
  assert.deepEqual(
    inRange.filter((code) => !known.includes(code)),
    [],
  );
});
