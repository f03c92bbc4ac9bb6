import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { booleanOr, parseBoolean } from "./cib-boolean.ts";
import { compareDottedVersions } from "./feature-set.ts";
import { intervalMsMax, intervalMsOr, parseIntervalMs, parseTimeoutMs } from "./interval.ts";
import { parseIso8601Duration } from "./iso8601-duration.ts";
import { parseRole } from "./role.ts";

test("intervals have units, or are seconds, or ISO 8601 durations", () => {
  for (const [text, ms] of [
    ["10", 10_000],
    ["10s", 10_000],
    ["10sec", 10_000],
    ["500ms", 500],
    ["1500us", 1],
    ["1min", 60_000],
    ["2m", 120_000],
    ["2 h", 7_200_000],
    ["1hr", 3_600_000],
    [" 5S ", 5_000],
    ["1.5s", 1_000],
    ["0", 0],
    ["PT1M", 60_000],
    ["PT1M30S", 90_000],
    ["P1D", 86_400_000],
    ["P1W", 604_800_000],
    ["P1M", 30 * 86_400_000],
    ["P1Y", 4_294_967_000],
    ["99999999999", intervalMsMax],
    ["-5", undefined],
    ["P", undefined],
    ["PT", undefined],
    ["PT5", undefined],
    ["fast", undefined],
    ["5x", undefined],
    ["", undefined],
  ] as const) {
    assert.equal(parseIntervalMs(text), ms, text);
  }
  assert.equal(parseTimeoutMs("90s"), 90_000);
  assert.equal(parseTimeoutMs("PT1M"), undefined);
  assert.equal(intervalMsOr(undefined, 20_000), 20_000);
  assert.equal(intervalMsOr("soon", 20_000), 20_000);
});

test("in a duration M means months before T and minutes after it", () => {
  assert.deepEqual(parseIso8601Duration("P1Y2M3DT4H5M6S"), {
    years: 1,
    months: 2,
    days: 3,
    seconds: 4 * 3600 + 5 * 60 + 6,
  });
  assert.deepEqual(parseIso8601Duration("P2W"), { years: 0, months: 0, days: 14, seconds: 0 });
  assert.equal(parseIso8601Duration("P9999999999Y"), undefined);
  assert.equal(parseIso8601Duration("P1.5D"), undefined);
});

test("booleans have five spellings each", () => {
  for (const word of ["true", "TRUE", "on", "yes", "y", "1"])
    assert.equal(parseBoolean(word), true);
  for (const word of ["false", "Off", "no", "n", "0"]) assert.equal(parseBoolean(word), false);
  for (const word of ["", "2", "maybe"]) assert.equal(parseBoolean(word), undefined);
  assert.equal(booleanOr("maybe", true), true);
  assert.equal(booleanOr(undefined, false), false);
});

test("roles are read in any case, the old names included", () => {
  assert.equal(parseRole("started"), "Started");
  assert.equal(parseRole("STOPPED"), "Stopped");
  assert.equal(parseRole("Master"), "Promoted");
  assert.equal(parseRole("slave"), "Unpromoted");
  assert.equal(parseRole("constructor"), undefined);
});

test("dotted versions compare number by number", () => {
  assert.ok(compareDottedVersions("3.9", "3.10") < 0);
  assert.ok(compareDottedVersions("3.16.1", "3.0.9") > 0);
  assert.equal(compareDottedVersions("3.0", "3.0.0"), 0);
});

test("no text makes a parser throw", () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      for (const parse of [parseIntervalMs, parseBoolean, parseRole]) parse(text);
      compareDottedVersions(text, "3.0");
    }),
  );
});
