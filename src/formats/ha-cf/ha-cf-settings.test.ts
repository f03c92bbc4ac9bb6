import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { haCfDefaults, haCfSettings, printHaCfSettings } from "./ha-cf-settings.ts";
import { parseHaCf } from "./parse-ha-cf.ts";
import { parseTimeMs } from "./parse-time.ts";

test("Heartbeat's forms of a time are understood, and rounded as it rounds", () => {
  const rows: readonly (readonly [string, number | undefined])[] = [
    ["1", 1000],
    ["1000ms", 1000],
    ["1000000us", 1000],
    ["0.1", 100],
    [".5", 500],
    ["2.", 2000],
    ["100us", 0],
    ["499us", 0],
    ["501us", 1],
    ["1500MS", 1500],
    ["2s", 2000],
    ["1min", 60_000],
    ["1hr", 3_600_000],
    ["", undefined],
    [".", undefined],
    ["ms", undefined],
    ["-1", undefined],
    ["1e3", undefined],
    ["1 s", undefined],
    ["1d", undefined],
    ["constructor", undefined],
    ["1constructor", undefined],
    ["99999999999", undefined],
  ];
  for (const [text, ms] of rows) assert.equal(parseTimeMs(text), ms, text);
  fc.assert(
    fc.property(fc.nat({ max: 10_000_000 }), (ms) => assert.equal(parseTimeMs(`${ms}ms`), ms)),
  );
});

test("a silent file gets the defaults of the table, each with its source", () => {
  const settings = settingsOf("bcast eth0\n");
  assert.ok(settings.ok);
  const { value } = settings.value;
  for (const row of haCfDefaults) {
    const key = row.unit === "ms" ? `${row.directive}Ms` : row.directive;
    const setting = value[key as keyof typeof value];
    assert.deepEqual(setting, { value: row.value, place: undefined, source: row.source });
  }
  const lines = printHaCfSettings(value);
  assert.match(lines[0] ?? "", /^keepalive 250ms \(Holdfast's default/);
});

test("a default gives way to what the file sets", () => {
  const slow = settingsOf("bcast eth0\nkeepalive 2\n");
  assert.ok(slow.ok);
  assert.equal(slow.value.value.deadtimeMs.value, 16_000);
  assert.equal(slow.value.value.warntimeMs.value, 8000);
  assert.equal(slow.value.value.initdeadMs.value, 16_000);
  const quick = settingsOf("bcast eth0\ndeadtime 500ms\n");
  assert.ok(quick.ok);
  assert.deepEqual(quick.value.notices, []);
  assert.equal(quick.value.value.keepaliveMs.value, 62);
  assert.equal(quick.value.value.warntimeMs.value, 250);
  const dead = settingsOf("bcast eth0\ndeadtime 30\n");
  assert.ok(dead.ok);
  assert.equal(dead.value.value.keepaliveMs.value, 250);
  assert.equal(dead.value.value.warntimeMs.value, 15_000);
  assert.equal(dead.value.value.initdeadMs.value, 30_000);
  assert.equal(dead.value.value.deadtimeMs.place?.line, 2);
  assert.match(printHaCfSettings(dead.value.value)[1] ?? "", /^deadtime 30000ms \(ha\.cf:2\)$/);
});

test("times that contradict each other are refused at the line that sets them", () => {
  const rows: readonly (readonly [text: string, line: number, what: RegExp])[] = [
    ["keepalive 1\ndeadtime 2", 3, /twice keepalive/],
    ["initdead 1\ndeadtime 2", 2, /no less than deadtime/],
  ];
  for (const [text, line, what] of rows) {
    const result = settingsOf(`bcast eth0\n${text}\n`);
    assert.ok(!result.ok, text);
    const error = result.error.find((each) => each.severity === "error");
    assert.equal(error?.code, "HF1017");
    assert.equal(error?.place.line, line);
    assert.match(error?.message ?? "", what);
  }
});

test("times that make no sense together but do no harm are warnings", () => {
  for (const text of ["deadtime 2\nwarntime 3", "keepalive 500ms\nwarntime 100ms"]) {
    const result = settingsOf(`bcast eth0\n${text}\n`);
    assert.ok(result.ok, text);
    assert.deepEqual(
      result.value.notices.map((each) => [each.code, each.severity, each.place.line]),
      [["HF1017", "warning", 3]],
    );
  }
});

function settingsOf(text: string): ReturnType<typeof haCfSettings> {
  const result = parseHaCf(text, "ha.cf");
  assert.ok(result.ok, JSON.stringify(result));
  return haCfSettings(result.value.value);
}
