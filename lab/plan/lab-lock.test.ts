import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { setTimeout as sleep } from "node:timers/promises";
import { noLab } from "../../test/system/lab/test-lab.ts";
import { withLabLock } from "./lab-lock.ts";

test("labs that come while the last ones go get their locks", { skip: noLab }, async () => {
  // Each is the last one again and again, and takes away the folder in which the others make their locks.
  const come = async (n: number): Promise<number> => {
    for (let round = 0; round < 20; round++) {
      assert.equal(await withLabLock(`t${process.pid}-lock-${n}`, async () => round), round);
    }
    return n;
  };
  assert.deepEqual(await Promise.all([1, 2, 3, 4].map(come)), [1, 2, 3, 4]);
});

test("one command at a time changes a lab", { skip: noLab }, async () => {
  const name = `t${process.pid}-lock`;
  let inside = 0;
  const change = (): Promise<number> =>
    withLabLock(name, async () => {
      inside += 1;
      await new Promise((resolve) => setTimeout(resolve, 5));
      const most = inside;
      inside -= 1;
      return most;
    });
  assert.deepEqual(await Promise.all([change(), change(), change()]), [1, 1, 1]);
});

test("what a killed command was running ends before the next one has the lock", {
  skip: noLab,
}, async (t) => {
  const name = `t${process.pid}-killed`;
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-lock-"));
  t.after(() => rmSync(dir, { recursive: true }));
  const [begun, go, done] = ["begun", "go", "done"].map((file) => path.join(dir, file));
  assert.ok(begun && go && done);
  const program = `touch ${begun}; until [ -e ${go} ]; do sleep 0.05; done; touch ${done}`;
  const from = (file: string): string => JSON.stringify(path.resolve(import.meta.dirname, file));
  const script = `import { withLabLock } from ${from("lab-lock.ts")};
    import { runCommand } from ${from("../machine/command.ts")};
    await withLabLock("${name}", () => runCommand(["sh", "-c", ${JSON.stringify(program)}]));`;
  const first = spawn(process.execPath, ["--input-type=module", "-e", script], {
    stdio: "inherit",
  });
  while (!existsSync(begun)) await sleep(10);
  first.kill("SIGKILL");
  const next = withLabLock(name, async () => existsSync(done));
  // A lock that is free is taken in far less.
  await Promise.race([next, sleep(300)]);
  writeFileSync(go, "");
  assert.equal(await next, true);
});
