import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../../../base/time.ts";
import {
  beginYielding,
  isYielding,
  newYielding,
  noteAnswer,
  type Yielding,
  yieldTick,
  yieldTickMs,
} from "./yielding.ts";

const mib = 1024 * 1024;
const cap = 100 * mib;
const floor = 256 * 1024;

/** A guest that writes all the time, on a disk where each MiB/s of the sync costs its writes so much. */
type Guest = { readonly ownMs: number; readonly msPerMib: number };

/** @returns the mean rate over the last second, in MiB/s. */
function run(y: Yielding, guest: Guest | undefined, seconds: number, from = 0): number {
  let sum = 0;
  const ticks = (seconds * 1000) / yieldTickMs;
  for (let i = 1; i <= ticks; i++) {
    const now = instant(from + i * yieldTickMs);
    const rate = Math.min(cap, y.rate) / mib;
    if (guest !== undefined) {
      const latency = guest.ownMs + guest.msPerMib * rate;
      for (let k = 0; k < 10; k++) noteAnswer(y, latency, true, now);
    }
    yieldTick(y, { cap, floor, waiting: guest !== undefined, now });
    if (i > ticks - 10) sum += rate / 10;
  }
  return sum;
}

function begun(): Yielding {
  const y = newYielding(instant(0));
  beginYielding(y, cap, instant(0));
  return y;
}

test("without guests a sync goes at its cap", () => {
  const y = begun();
  assert.equal(run(y, undefined, 1), cap / mib);
  assert.equal(isYielding(y, cap), false);
});

test("a sync goes on at the rate at which the guests' writes take half as long again, no less and hardly more", () => {
  // 4 ms by themselves, 6 ms are borne: 2 ms for the sync, which at 0.1 ms for each MiB/s are 20 MiB/s.
  const rate = run(begun(), { ownMs: 4, msPerMib: 0.1 }, 20);
  assert.ok(rate > 10 && rate < 30, `${rate} MiB/s`);
});

test("a guest whose writes are slow by themselves is no reason to crawl", () => {
  const rate = run(begun(), { ownMs: 80, msPerMib: 0.01 }, 10);
  assert.ok(rate > 90, `${rate} MiB/s`);
});

test("a guest whose writes become slower in the middle of a sync is measured again", () => {
  const y = begun();
  run(y, { ownMs: 2, msPerMib: 0.001 }, 10);
  const slow = { ownMs: 50, msPerMib: 0.001 };
  run(y, slow, 5, 10_000);
  assert.ok(run(y, slow, 20, 15_000) > 90);
});

test("when the guests fall silent the sync is at its cap in less than a second", () => {
  const y = begun();
  run(y, { ownMs: 1, msPerMib: 10 }, 10);
  assert.ok(y.rate < mib, "it yields");
  assert.equal(isYielding(y, cap), true);
  run(y, undefined, 1, 10_000);
  assert.equal(y.rate, cap);
});

test("a write that is not answered at all counts as slow", () => {
  const y = begun();
  run(y, { ownMs: 1, msPerMib: 0.001 }, 5);
  const before = y.rate;
  yieldTick(y, { cap, floor, waiting: true, now: instant(5200) });
  assert.ok(y.rate < before);
});

test("c-min-rate is the floor; 0 means that nothing is yielded", () => {
  const y = begun();
  for (let second = 0; second < 8; second++) {
    run(y, { ownMs: 1, msPerMib: 1000 }, 1, second * 1000);
    assert.ok(y.rate >= floor);
  }
  assert.ok(y.rate < mib);
  yieldTick(y, { cap, floor: 0, waiting: true, now: instant(8100) });
  assert.equal(y.rate, cap);
});

test("what guests need is known from before the sync", () => {
  const y = newYielding(instant(0));
  for (let i = 0; i < 200; i++) noteAnswer(y, 3, false, instant(i));
  assert.ok(Math.abs((y.ownMs ?? 0) - 3) < 0.01);
});
