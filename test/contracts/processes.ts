/** What every implementation of Processes keeps (ports/processes.ts). Real programs: sh and sleep. */
import assert from "node:assert/strict";
import { test } from "node:test";
import type { Processes, ProcessIdentity } from "../../src/ports/processes.ts";

export function processesContract(name: string, make: () => Processes): void {
  test(`${name}: a program's exit status, output and input`, async () => {
    const run = await make().run("sh", ["-c", "cat; echo err >&2; exit 7"], { stdin: "a=1\n" });
    assert.deepEqual(run, { code: 7, stdout: "a=1\n", stderr: "err\n" });
  });

  test(`${name}: the given environment is the whole environment`, async () => {
    const run = await make().run("/usr/bin/env", [], { env: { A: "b c" } });
    assert.deepEqual(run, { code: 0, stdout: "A=b c\n", stderr: "" });
  });

  test(`${name}: a program that is not there is an outcome that says so`, async () => {
    const run = await make().run("/nonexistent/program", []);
    assert.equal(run.failure, "not-started");
    assert.equal(run.code, undefined);
    assert.match(run.stderr, /\/nonexistent\/program/);
  });

  test(`${name}: of endless output the last 64 KiB are kept`, async () => {
    const run = await make().run("sh", ["-c", "yes 0123456 | head -c 1000000; echo end"]);
    assert.equal(run.stdout.length, 64 * 1024);
    assert.ok(run.stdout.endsWith("\nend\n"));
  });

  test(`${name}: at the time limit the whole process group ends, also where SIGTERM is ignored`, async () => {
    const processes = make();
    const mark = marker();
    const script = `trap '' TERM; sh -c "trap '' TERM; while :; do sleep 0.1; done; : ${mark}" & echo $!; wait; while :; do sleep 0.1; done; : ${mark}`;
    const run = await processes.run("sh", ["-c", script], { timeoutMs: 200 });
    assert.equal(run.failure, "timed-out");
    await untilGone(processes, mark);
  });

  test(`${name}: a program is stopped by the signal, also by one that was aborted before`, async () => {
    const processes = make();
    const stop = new AbortController();
    const running = processes.run("sleep", ["1000"], { signal: stop.signal });
    stop.abort();
    assert.equal((await running).failure, "stopped");
    const later = await processes.run("sleep", ["1000"], { signal: stop.signal });
    assert.equal(later.failure, "stopped");
  });

  test(`${name}: ended by a signal of someone else is "killed"`, async () => {
    assert.equal((await make().run("sh", ["-c", "kill -9 $$"])).failure, "killed");
  });

  test(`${name}: a daemon that holds the output open does not hold up the outcome, and lives on`, async () => {
    const processes = make();
    const mark = uniqueSeconds();
    const run = await processes.run("sh", ["-c", `sleep ${mark} & echo started`]);
    assert.deepEqual(run, { code: 0, stdout: "started\n", stderr: "" });
    const [daemon] = processes.find(mark);
    assert.ok(daemon !== undefined && processes.isAlive(daemon));
    assert.ok(processes.signal(daemon, "SIGKILL"));
    await untilGone(processes, mark);
  });

  test(`${name}: a process is found by its command line, stopped or not, and never after its end`, async () => {
    const processes = make();
    // No shell: the children that it forks have its command line until they execute something else.
    const mark = uniqueSeconds();
    const running = processes.run("sleep", [mark]);
    const found = await until(() => processes.find(mark)[0]);
    assert.deepEqual(processes.identify(found.pid, mark), found);
    assert.equal(processes.identify(found.pid, "another marker"), undefined);
    assert.ok(processes.signal(found, "SIGSTOP"));
    assert.ok(processes.isAlive(found));
    assert.equal(processes.isAlive({ ...found, startTicks: found.startTicks - 1 }), false);
    assert.equal(
      processes.signal({ ...found, startTicks: found.startTicks - 1 }, "SIGKILL"),
      false,
    );
    assert.ok(processes.signal(found, "SIGKILL"));
    assert.equal((await running).failure, "killed");
    assert.equal(processes.isAlive(found), false);
    assert.equal(processes.signal(found, "SIGKILL"), false);
    assert.deepEqual(processes.find(mark), []);
  });
}

function marker(): string {
  return `holdfast-contract-${process.pid}-${Math.floor(performance.now() * 1000)}`;
}

/** For `sleep`: a quarter of an hour at least, in words that no other process has. */
function uniqueSeconds(): string {
  return `1000.${process.pid}${Math.floor(performance.now() * 1000)}`;
}

async function until(find: () => ProcessIdentity | undefined): Promise<ProcessIdentity> {
  for (;;) {
    const found = find();
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}

async function untilGone(processes: Processes, mark: string): Promise<void> {
  while (processes.find(mark).length > 0) await new Promise((resolve) => setTimeout(resolve, 5));
}
