import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { wallTime } from "../../base/time.ts";
import { parseIso8601Duration } from "./iso8601-duration.ts";
import {
  addDuration,
  civilFromDays,
  daysFromCivil,
  formatLastWritten,
  formatWallTime,
  parseWallTime,
} from "./wall-time-text.ts";

const time = (iso: string) => wallTime(Date.parse(iso));

test("times are written as rules and the CIB itself have them", () => {
  assert.equal(formatWallTime(time("2026-11-22T18:05:09.900Z")), "2026-11-22 18:05:09Z");
  assert.equal(formatLastWritten(time("2009-04-06T21:30:05Z")), "Mon Apr  6 21:30:05 2009");
  assert.equal(formatLastWritten(time("2026-11-22T18:05:09Z")), "Sun Nov 22 18:05:09 2026");
});

test("dates are read by calendar, day of the year and week, with and without time and offset", () => {
  for (const [text, iso] of [
    ["2026-11-22", "2026-11-22T00:00:00Z"],
    ["20261122", "2026-11-22T00:00:00Z"],
    ["2005-020", "2005-01-20T00:00:00Z"],
    ["2005-020T12:30", "2005-01-20T12:30:00Z"],
    ["2026-W47-7", "2026-11-22T00:00:00Z"],
    ["2009-W53-7", "2010-01-03T00:00:00Z"],
    ["2014-05-07 00:28:00", "2014-05-07T00:28:00Z"],
    ["2014-05-07T002800Z", "2014-05-07T00:28:00Z"],
    ["2018-12-12 14:05:37 -05:00", "2018-12-12T19:05:37Z"],
    ["2018-12-12T14:05:37+0130", "2018-12-12T12:35:37Z"],
    ["2024-02-29", "2024-02-29T00:00:00Z"],
  ] as const) {
    assert.equal(parseWallTime(text), time(iso), text);
  }
  for (const bad of [
    "",
    "soon",
    "2026-13-01",
    "2026-02-29",
    "2026-366",
    "2026-W54-1",
    "2026-11-22T25:00",
  ]) {
    assert.equal(parseWallTime(bad), undefined, bad);
  }
});

test("a duration is added by the calendar, and a month's end stays one", () => {
  for (const [start, duration, end] of [
    ["2026-11-22T18:00:00Z", "PT1H30M", "2026-11-22T19:30:00Z"],
    ["2026-11-22T18:00:00Z", "P1M", "2026-12-22T18:00:00Z"],
    ["2026-01-31T00:00:00Z", "P1M", "2026-02-28T00:00:00Z"],
    ["2023-11-30T00:00:00Z", "P3M1D", "2024-03-01T00:00:00Z"],
    ["2024-02-29T00:00:00Z", "P1Y", "2025-02-28T00:00:00Z"],
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
  fc.assert(fc.property(fc.string(), (text) => void parseWallTime(text)));
});
