import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { testFileArguments } from "./whole-report.ts";

test("a file of many tests that leaves a socket open is reported whole, and ends", (t) => {
  const directory = mkdtempSync(path.join(tmpdir(), "holdfast-report-"));
  t.after(() => rmSync(directory, { recursive: true }));
  const file = path.join(directory, "many.test.mjs");
  writeFileSync(file, manyTests);
  const runner = path.join(directory, "run.mjs");
  writeFileSync(runner, countingRunner(file));
  // A run inside a test is refused, by this variable.
  const { NODE_TEST_CONTEXT: _, ...env } = process.env;
  const { stdout, stderr } = spawnSync(process.execPath, [runner], { env, encoding: "utf8" });
  assert.equal(stdout, "1001 passed, 1 summary\n", stderr);
});

const manyTests = `
  import net from "node:net";
  import { test } from "node:test";
  for (let i = 0; i < 1000; i++) test(i + "x".repeat(200), () => {});
  test("leaves a socket open", () => void net.createServer().listen(0));
`;

function countingRunner(file: string): string {
  const options = JSON.stringify({ files: [file], execArgv: testFileArguments });
  return `
    import { run } from "node:test";
    let passed = 0;
    let summaries = 0;
    for await (const { type, data } of run(${options})) {
      if (type === "test:pass") passed++;
      if (type === "test:summary" && data.file !== undefined) summaries++;
    }
    console.log(passed + " passed, " + summaries + " summary");
  `;
}
