import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseEvents2Line } from "./events2-line.ts";

test("a line has an action, an object and its fields, with a time before it or without (16.3)", () => {
  const device =
    "exists device name:r0 volume:0 minor:0 disk:UpToDate size:65496 al-suspended:no blocked:no";
  for (const line of [device, `2026-11-22T15:23:17.736541+00:00 ${device}`]) {
    const parsed = parseEvents2Line(line);
    assert.ok(parsed.ok && parsed.value.kind === "object");
    assert.equal(parsed.value.object, "device");
    assert.equal(parsed.value.fields.get("size"), "65496");
  }
});

test("a value may have colons itself, as the addresses of DRBD 9 have", () => {
  const parsed = parseEvents2Line("exists path name:r0 local:ipv4:10.0.0.1:7790");
  assert.ok(parsed.ok && parsed.value.kind === "object");
  assert.equal(parsed.value.fields.get("local"), "ipv4:10.0.0.1:7790");
});

test("the end of what there is, and lost events, are told apart from objects", () => {
  assert.deepEqual(parseEvents2Line("exists -"), { ok: true, value: { kind: "end-of-exists" } });
  assert.deepEqual(parseEvents2Line("- skipped 7"), { ok: true, value: { kind: "skipped" } });
});

test("whatever a line is, it is read or refused", () => {
  fc.assert(
    fc.property(fc.string(), (line) => {
      const parsed = parseEvents2Line(line);
      assert.equal(typeof parsed.ok, "boolean");
    }),
  );
  assert.equal(parseEvents2Line("No such resource").ok, false);
});
