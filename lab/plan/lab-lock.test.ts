import assert from "node:assert/strict";
import { test } from "node:test";
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
