import assert from "node:assert/strict";
import { accessSync, constants, mkdirSync, rmdirSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { processesContract } from "../../../test/contracts/processes.ts";
import { hostProcesses } from "./processes.ts";

processesContract("the host's processes", hostProcesses);

const freezer = "/sys/fs/cgroup/freezer";
const cannotFreeze = freezerObstacle();
test("a process that was killed and cannot end yet is there, and known to execute nothing", {
  skip: cannotFreeze,
}, async () => {
  const processes = hostProcesses();
  const group = path.join(freezer, `holdfast-test-${process.pid}`);
  mkdirSync(group);
  const mark = `holdfast-killed-${process.pid}`;
  const running = processes.run("bash", ["-c", `exec -a ${mark} sleep 1000`]);
  const found = await untilFound(() => processes.find(mark)[0]);
  assert.equal(processes.isKilled(found), false);
  try {
    writeFileSync(path.join(group, "tasks"), String(found.pid));
    writeFileSync(path.join(group, "freezer.state"), "FROZEN");
    processes.signal(found, "SIGSTOP");
    assert.equal(processes.isKilled(found), false, "another signal kills nobody");
    processes.signal(found, "SIGKILL");
    assert.deepEqual([processes.isAlive(found), processes.isKilled(found)], [true, true]);
  } finally {
    writeFileSync(path.join(group, "freezer.state"), "THAWED");
  }
  assert.equal((await running).failure, "killed");
  assert.deepEqual([processes.isAlive(found), processes.isKilled(found)], [false, true]);
  rmdirSync(group);
});

test("a name with blanks and parentheses does not confuse the process table", async () => {
  const processes = hostProcesses();
  const own = processes.identify(process.pid, "");
  assert.ok(own !== undefined && own.startTicks > 0);
  const before = process.title;
  process.title = "a) Z 1 (b";
  assert.deepEqual(processes.identify(process.pid, "a) Z 1 (b"), own);
  process.title = before;
});

function freezerObstacle(): string | false {
  try {
    accessSync(freezer, constants.W_OK);
    return false;
  } catch {
    return `there is no ${freezer} that this user may write to, which makes processes that do not end`;
  }
}

async function untilFound<T>(find: () => T | undefined): Promise<T> {
  for (let found = find(); ; found = find()) {
    if (found !== undefined) return found;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
}
