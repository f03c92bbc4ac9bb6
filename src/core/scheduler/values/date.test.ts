import assert from "node:assert/strict";
import { test } from "node:test";
import { dateFields, parseDate, shiftDate, utcText } from "./date.ts";

const dates: readonly (readonly [text: string, utc: string | undefined])[] = [
  ["2014-05-07 00:28:00", "2014-05-07 00:28:00Z"],
  ["2014-05-07T00:28:00Z", "2014-05-07 00:28:00Z"],
  ["2014-05-07 02:28:00+02:00", "2014-05-07 00:28:00Z"],
  ["2005-020", "2005-01-20 00:00:00Z"],
  ["2005-020T12:30", "2005-01-20 12:30:00Z"],
  ["2009-W53-7", "2010-01-03 00:00:00Z"],
  ["epoch", "1970-01-01 00:00:00Z"],
  ["yesterday", undefined],
];

for (const [text, utc] of dates) {
  test(`"${text}" is ${utc ?? "no date"}`, () => {
    const seconds = parseDate(text);
    assert.equal(seconds === undefined ? undefined : utcText(seconds), utc);
  });
}

test("a week belongs to the year of its Thursday", () => {
  const { weekYear, week, weekDay } = dateFields(parseDate("2010-01-03") ?? 0);
  assert.deepEqual([weekYear, week, weekDay], [2009, 53, 7]);
});

test("a month later than the 31st of January is the last of February", () => {
  const later = shiftDate(parseDate("2023-01-31") ?? 0, {
    years: 0,
    months: 1,
    days: 0,
    seconds: 0,
  });
  assert.equal(utcText(later), "2023-02-28 00:00:00Z");
});
