import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { hostLoadMeter } from "./load-meter.ts";

test("the load of the last minute is read, and how many processors there are", () => {
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-load-"));
  const file = path.join(dir, "loadavg");
  writeFileSync(file, "3.25 1.50 0.75 2/345 6789\n");
  const { oneMinute, processors } = hostLoadMeter(file).read() ?? {};
  rmSync(dir, { recursive: true });
  assert.equal(oneMinute, 3.25);
  assert.ok(processors !== undefined && processors >= 1);
});

test("a host that does not say its load has none", () => {
  assert.equal(hostLoadMeter("/nonexistent/loadavg").read(), undefined);
});
