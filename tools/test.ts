/**
 * `npm test`: the static check, then every test, kind by kind (docs/TESTING.md). Arguments choose kinds ("check",
 * "unit", "system" …) or files by parts of their paths. Exit status 1 when anything failed, 2 when nothing is called that,
 * 130 when interrupted.
 */
import { spawnSync } from "node:child_process";
import path from "node:path";
import { run } from "node:test";
import { labDown } from "../lab/lab.ts";
import { readProcessStat } from "../lab/machine/process-identity.ts";
import { until } from "../lab/machine/until.ts";
import { labNames } from "../lab/plan/lab-state.ts";
import { newFileLimits } from "./testing/file-limit.ts";
import { chooseTests, type TestGroup, testGroups } from "./testing/test-groups.ts";
import { type TestEvent, TestReport } from "./testing/test-report.ts";
import { testFileArguments } from "./testing/whole-report.ts";

const root = path.resolve(import.meta.dirname, "..");
const words = process.argv.slice(2);
const interrupted = new AbortController();
const report = new TestReport(root, (text) => process.stdout.write(text), performance.now());

for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interrupted.abort());
}
const withCheck = words.length === 0 || words.includes("check");
const chosen = chooseTests(testGroups(root), words);
if (!withCheck && chosen.length === 0) {
  process.stderr.write(`No kind of test and no test file is called ${words.join(" or ")}.\n`);
  process.exit(2);
}
if (withCheck) runCheck();
for (const group of chosen) {
  if (!interrupted.signal.aborted) await runGroup(group);
}
report.close(performance.now());
process.exitCode = interrupted.signal.aborted ? 130 : report.hasFailed ? 1 : 0;

function runCheck(): void {
  const check = spawnSync(process.execPath, [path.join(root, "tools", "check.ts")], {
    cwd: root,
    encoding: "utf8",
  });
  // Each step's own line, then what it has to say until the next.
  const steps = check.stdout.split(/^(?=ok |FAIL )/m).filter((text) => text.trim() !== "");
  for (const step of steps) {
    const [first = "", ...rest] = step.split("\n");
    report.step("check", first.replace(/^\w+ +/, ""), first.startsWith("ok "), rest.join("\n"));
  }
  if (steps.length === 0) report.step("check", "tools/check.ts", false, check.stderr);
}

async function runGroup(group: TestGroup): Promise<void> {
  process.stdout.write(`\n${group.name}\n`);
  const stream = run({
    files: group.files.map((file) => path.join(root, file)),
    concurrency: group.concurrency,
    timeout: group.fileLimitMs,
    signal: interrupted.signal,
    cwd: root,
    execArgv: [...testFileArguments],
  });
  // A test has its own limit first, which names it; the file's is for a process that keeps none.
  const limits = newFileLimits(group.fileLimitMs + 10_000);
  for await (const event of stream) {
    report.onEvent(event as unknown as TestEvent);
    limits.onEvent(event as unknown as TestEvent);
  }
  limits.close();
  await removeForgottenLabs();
}

/** A test that was ended from outside could not take its lab away; it is named after the test's process. */
async function removeForgottenLabs(): Promise<void> {
  for (const name of labNames()) {
    const owner = Number(/^t(\d+)-/.exec(name)?.[1]);
    if (!Number.isInteger(owner)) continue;
    // One that still runs is another run's, unless it is a child of ours that is just ending.
    if (readProcessStat(owner)?.parent === process.pid)
      await until(() => !isRunning(owner), 10_000);
    if (!isRunning(owner)) await labDown(name);
  }
}

function isRunning(pid: number): boolean {
  const stat = readProcessStat(pid);
  return stat !== undefined && stat.state !== "Z";
}
