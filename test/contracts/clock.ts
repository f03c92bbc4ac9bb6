/** What every Clock keeps (ports/clock.ts). */
import assert from "node:assert/strict";
import { test } from "node:test";
import { elapsedMs } from "../../src/base/time.ts";
import type { Clock } from "../../src/ports/clock.ts";

export function clockContract(name: string, make: () => Clock): void {
  test(`${name}: time does not go backwards, and a sleep lasts at least as long as asked`, async () => {
    const clock = make();
    const before = clock.now();
    await clock.sleep(20);
    assert.ok(elapsedMs(before, clock.now()) >= 20);
  });

  test(`${name}: an aborted sleep ends early and without an error`, async () => {
    const clock = make();
    const stop = new AbortController();
    const sleeping = clock.sleep(24 * 3600 * 1000, stop.signal);
    stop.abort();
    await sleeping;
    await clock.sleep(24 * 3600 * 1000, stop.signal);
  });

  test(`${name}: the wall time is later than the day this was written`, () => {
    assert.ok(make().wallNow() > 1_700_000_000_000);
  });
}
