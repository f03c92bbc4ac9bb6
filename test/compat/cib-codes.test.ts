/** The codes of the CIB's refusals and notices stand in the catalog that the commands and the page of errors share. */
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { errors } from "../../src/api/errors.ts";

const root = path.resolve(import.meta.dirname, "../..");

test("every code that the CIB part uses is in the catalog and on the page, and none is there in vain", () => {
  const folder = path.join(root, "src/core/cib");
  const used = new Set<string>();
  for (const name of readdirSync(folder, { recursive: true, encoding: "utf8" })) {
    if (!name.endsWith(".ts") || name.endsWith(".test.ts")) continue;
    // The unions of codes name them all; a code is used where it is given.
    const text = readFileSync(path.join(folder, name), "utf8").replace(
      /^ {2}\| "HF\d{4}";?$/gm,
      "",
    );
    for (const [code] of text.matchAll(/HF4[01]\d\d/g)) used.add(code);
  }
  const listed = Object.keys(errors).filter((code) => /^HF4[01]/.test(code));
  assert.deepEqual([...used].sort(), listed.sort());
  const page = readFileSync(path.join(root, "docs/guide/errors.md"), "utf8");
  for (const code of listed) assert.ok(page.includes(`| ${code} |`), code);
});
