import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, statSync, truncateSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { AsyncGate } from "./async-gate.ts";
import { fallocate } from "./libc.ts";

test("no more calls than the limit run at once; the others follow in order", () => {
  const gate = new AsyncGate(2);
  const begun: number[] = [];
  const ends: (() => void)[] = [];
  for (let i = 0; i < 5; i++) {
    gate.begin((ended) => {
      begun.push(i);
      ends.push(ended);
    });
  }
  assert.deepEqual(begun, [0, 1]);
  ends[1]?.();
  assert.deepEqual(begun, [0, 1, 2]);
  for (let i = 0; i < ends.length; i++) if (i !== 1) ends[i]?.();
  assert.deepEqual(begun, [0, 1, 2, 3, 4]);
});

test("a thousand calls of the C library can be begun at once", async () => {
  const dir = mkdtempSync(path.join(tmpdir(), "holdfast-calls-"));
  const file = path.join(dir, "file");
  const fd = openSync(file, "w+");
  truncateSync(file, 1000 * 4096);
  const results = await Promise.all(
    Array.from(
      { length: 1000 },
      (_, i) =>
        new Promise((resolve) => {
          fallocate.async(fd, 0, i * 4096, 4096, (_error, result) => resolve(result));
        }),
    ),
  );
  assert.ok(results.every((result) => result === 0));
  // Some file systems count blocks of their own, too.
  assert.ok(statSync(file).blocks * 512 >= 1000 * 4096);
  closeSync(fd);
  rmSync(dir, { recursive: true });
});
