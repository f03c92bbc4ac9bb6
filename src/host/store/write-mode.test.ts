import assert from "node:assert/strict";
import { test } from "node:test";
import { WriteMode } from "./write-mode.ts";

const mebibyte = 1024 * 1024;

test("writes stay on the event loop while they take no longer than a busy machine explains", () => {
  const mode = new WriteMode();
  mode.took(4096, { began: 0, ended: 19 });
  mode.took(8 * mebibyte, { began: 20, ended: 80 });
  assert.ok(mode.isSynchronous(80));
});

test("a write that is held up sends the following ones to the pool for a while", () => {
  const mode = new WriteMode();
  mode.took(4096, { began: 0, ended: 21 });
  assert.ok(!mode.isSynchronous(22));
  assert.ok(!mode.isSynchronous(270));
  assert.ok(mode.isSynchronous(271));
});

test("the time in the pool doubles while the disk stays slow, and is short again after a good time", () => {
  const mode = new WriteMode();
  let now = 0;
  const poolTimes: number[] = [];
  for (let i = 0; i < 9; i++) {
    mode.took(4096, { began: now, ended: now + 100 });
    now += 100;
    const began = now;
    while (!mode.isSynchronous(now)) now++;
    poolTimes.push(now - began);
  }
  assert.deepEqual(poolTimes, [250, 500, 1000, 2000, 4000, 8000, 16_000, 16_000, 16_000]);
  now += 5000;
  mode.took(4096, { began: now, ended: now + 100 });
  assert.ok(mode.isSynchronous(now + 100 + 250));
});
