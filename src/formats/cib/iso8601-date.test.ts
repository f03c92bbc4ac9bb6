import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { wallTime } from "../../base/time.ts";
import { parseWallTime } from "./iso8601-date.ts";

const time = (iso: string) => wallTime(Date.parse(iso));

const dates: readonly (readonly [text: string, iso: string | undefined])[] = [
  ["2026-11-22", "2026-11-22T00:00:00Z"],
  ["20261122", "2026-11-22T00:00:00Z"],
  ["2026-1-2", "2026-01-02T00:00:00Z"],
  ["2024-02-29", "2024-02-29T00:00:00Z"],
  ["2026-02-29", undefined],
  ["2026-13-01", undefined],
  ["12026-01-01", "+012026-01-01T00:00:00Z"],
  ["0000-01-01", undefined],
  ["2005-020", "2005-01-20T00:00:00Z"],
  ["2026-11", "2026-01-11T00:00:00Z"],
  ["2024-366", "2024-12-31T00:00:00Z"],
  ["2026-366", undefined],
  ["2026327", undefined],
  ["2026-W47-7", "2026-11-22T00:00:00Z"],
  ["2009-W53-7", "2010-01-03T00:00:00Z"],
  ["2025-W53-1", undefined],
  ["2026-W48", undefined],
  ["2026", undefined],
  ["2005-020T12:30", "2005-01-20T12:30:00Z"],
  ["2014-05-07 00:28:00", "2014-05-07T00:28:00Z"],
  ["2014-05-07T002800Z", "2014-05-07T00:28:00Z"],
  ["2014-05-07T6", "2014-05-07T06:00:00Z"],
  ["2014-05-07 00:28:00.75", "2014-05-07T00:28:00Z"],
  ["2014-05-07T24:00", "2014-05-08T00:00:00Z"],
  ["2014-05-07T24:00:01", undefined],
  ["2026-11-22T25:00", undefined],
  ["2026-11-22T12:60", undefined],
  ["2026-11-22T", undefined],
  ["2018-12-12 14:05:37 -05:00", "2018-12-12T19:05:37Z"],
  ["2018-12-12T14:05:37+0130", "2018-12-12T12:35:37Z"],
  ["2018-12-12T14:05:37+2", "2018-12-12T12:05:37Z"],
  ["2018-12-12T14:05:37+25", undefined],
  ["2018-12-12T14:05:37Zulu", "2018-12-12T14:05:37Z"],
  ["2018-12-12/P1D", "2018-12-12T00:00:00Z"],
  [" 2018-12-12", undefined],
  ["2018-12-12 ", undefined],
  ["epoch", "1970-01-01T00:00:00Z"],
  ["Epoch/now", "1970-01-01T00:00:00Z"],
  ["epochs", undefined],
  ["", undefined],
  ["soon", undefined],
];

test("dates are read by calendar, day of the year and week, with and without time and offset", () => {
  for (const [text, iso] of dates) {
    assert.equal(parseWallTime(text), iso === undefined ? undefined : time(iso), `"${text}"`);
  }
});

test("a time alone is one of today, if it is known which day that is", () => {
  const today = time("2026-11-22T18:05:09Z");
  assert.equal(parseWallTime("T06:30", today), time("2026-11-22T06:30:00Z"));
  assert.equal(parseWallTime("06:30:05-01:00", today), time("2026-11-22T07:30:05Z"));
  assert.equal(parseWallTime("06:30:05"), undefined);
});

test("any text is a date or none", () => {
  fc.assert(fc.property(fc.string(), (text) => void parseWallTime(text, time("2026-11-22Z"))));
});
