import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { testFileArguments } from "./whole-report.ts";

test("a law is tried on the same inputs each time, unless others are asked for", (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-laws-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "law.test.mjs");
  writeFileSync(file, law);
  const inputs = (seed?: string): string => {
    const { NODE_TEST_CONTEXT: _, HOLDFAST_TEST_SEED: __, ...env } = process.env;
    const chosen = seed === undefined ? env : { ...env, HOLDFAST_TEST_SEED: seed };
    const ran = spawnSync(process.execPath, [...testFileArguments, file], {
      env: chosen,
      encoding: "utf8",
    });
    return /^inputs .*$/m.exec(ran.stdout)?.[0] ?? assert.fail(ran.stdout + ran.stderr);
  };
  const usual = inputs();
  assert.equal(inputs(), usual);
  assert.equal(inputs("1"), usual);
  assert.notEqual(inputs("2"), usual);
  assert.notEqual(inputs("random"), usual);
});

const law = `
  import { test } from "node:test";
  import fc from ${JSON.stringify(import.meta.resolve("fast-check"))};
  test("law", () => {
    const inputs = [];
    fc.assert(fc.property(fc.nat(), (input) => void inputs.push(input)));
    console.log("inputs " + inputs.join());
  });
`;
