import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { type TestContext, test } from "node:test";
import { readPast, writePast } from "./past-file.ts";

test("what was noted is read again with the time that has passed added to it", (t) => {
  stateDirectory(t);
  assert.equal(readPast("r0", 1000), undefined);
  const roleChanges = [
    { role: "Secondary", msAgo: 900 },
    { role: "Primary", msAgo: 20 },
  ] as const;
  writePast("r0", { roleChanges, connected: true }, 1000);
  assert.deepEqual(readPast("r0", 1500), {
    roleChanges: [
      { role: "Secondary", msAgo: 1400 },
      { role: "Primary", msAgo: 520 },
    ],
    connected: true,
  });
  writePast("r0", { roleChanges: [], connected: false, apartMs: 5 }, 2000);
  assert.deepEqual(readPast("r0", 3000), { roleChanges: [], connected: false, apartMs: 1005 });
  assert.equal(readPast("r1", 3000), undefined);
});

test("a file with nonsense in it is as none", (t) => {
  const directory = path.join(stateDirectory(t), "disk");
  mkdirSync(directory);
  for (const text of ["", "{", '{"roleChanges":[{"role":"King","atMs":1}],"connected":true}']) {
    writeFileSync(path.join(directory, "r0.past.json"), text);
    assert.equal(readPast("r0", 0), undefined, text);
  }
});

function stateDirectory(t: TestContext): string {
  const before = process.env["HOLDFAST_STATE_DIR"];
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-past-"));
  process.env["HOLDFAST_STATE_DIR"] = directory;
  t.after(() => {
    if (before === undefined) delete process.env["HOLDFAST_STATE_DIR"];
    else process.env["HOLDFAST_STATE_DIR"] = before;
    rmSync(directory, { recursive: true });
  });
  return directory;
}
