import assert from "node:assert/strict";
import { closeSync, mkdtempSync, openSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { test } from "node:test";
import { FALLOC_KEEP_SIZE, FALLOC_ZERO_RANGE, fallocate } from "./libc.ts";

test("thousands of asynchronous calls at once all end, each once", async () => {
  const directory = mkdtempSync(path.join(tmpdir(), "libc-"));
  const file = path.join(directory, "zeros");
  const fd = openSync(file, "w");
  const calls = 3000;
  let ended = 0;
  await new Promise<void>((resolve) => {
    for (let i = 0; i < calls; i++) {
      fallocate.async(fd, FALLOC_ZERO_RANGE | FALLOC_KEEP_SIZE, i * 4096, 4096, (error) => {
        assert.equal(error, null);
        if (++ended === calls) resolve();
      });
    }
  });
  closeSync(fd);
  assert.equal(ended, calls);
  assert.equal(statSync(file).size, 0);
  rmSync(directory, { recursive: true });
});
