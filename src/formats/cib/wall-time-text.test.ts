import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { wallTime } from "../../base/time.ts";
import { civilFromDays, daysFromCivil } from "./civil-date.ts";
import { parseWallTime } from "./iso8601-date.ts";
import { parseIso8601Duration } from "./iso8601-duration.ts";
import { addDuration, formatLastWritten, formatWallTime } from "./wall-time-text.ts";

const time = (iso: string) => wallTime(Date.parse(iso));

test("times are written as rules and the CIB itself have them", () => {
  assert.equal(formatWallTime(time("2026-11-22T18:05:09.900Z")), "2026-11-22 18:05:09Z");
  assert.equal(formatLastWritten(time("2009-04-06T21:30:05Z")), "Mon Apr  6 21:30:05 2009");
  assert.equal(formatLastWritten(time("2026-11-22T18:05:09Z")), "Sun Nov 22 18:05:09 2026");
});

test("a duration is added by the calendar, and a day that the month does not have is its last", () => {
  for (const [start, duration, end] of [
    ["2026-11-22T18:00:00Z", "PT1H30M", "2026-11-22T19:30:00Z"],
    ["2026-11-22T18:00:00Z", "P1M", "2026-12-22T18:00:00Z"],
    ["2026-01-31T00:00:00Z", "P1M", "2026-02-28T00:00:00Z"],
    ["2023-11-30T00:00:00Z", "P3M1D", "2024-03-01T00:00:00Z"],
    ["2024-02-29T00:00:00Z", "P1Y", "2025-03-01T00:00:00Z"],
    ["2026-11-22T18:00:00Z", "P2W", "2026-12-06T18:00:00Z"],
  ] as const) {
    const parsed = parseIso8601Duration(duration);
    assert.ok(parsed);
    assert.equal(addDuration(time(start), parsed), time(end), duration);
  }
});

test("what was written is read back, and days and dates agree with the runtime's", () => {
  fc.assert(
    fc.property(fc.integer({ min: -60_000_000_000, max: 250_000_000_000 }), (seconds) => {
      const at = wallTime(seconds * 1000);
      const iso = new Date(at).toISOString();
      if (!/^\d{4}-/.test(iso)) return;
      assert.equal(formatWallTime(at), `${iso.slice(0, 10)} ${iso.slice(11, 19)}Z`);
      assert.equal(parseWallTime(formatWallTime(at)), at);
      const days = Math.floor(at / 86_400_000);
      assert.equal(daysFromCivil(civilFromDays(days)), days);
    }),
  );
});
