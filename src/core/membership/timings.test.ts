import assert from "node:assert/strict";
import { test } from "node:test";
import { haCfSettings } from "../../formats/ha-cf/ha-cf-settings.ts";
import { parseHaCf } from "../../formats/ha-cf/parse-ha-cf.ts";
import { membershipTimings } from "./timings.ts";

test("what ha.cf says holds, and the defaults where it is silent", () => {
  assert.deepEqual(timings("bcast eth0"), {
    keepaliveMs: 250,
    warntimeMs: 1000,
    deadtimeMs: 2000,
    initdeadMs: 10_000,
    restartHoldMsMax: 30_000,
  });
  assert.deepEqual(timings("bcast eth0\nkeepalive 2\nwarntime 10\ndeadtime 30\ninitdead 120"), {
    keepaliveMs: 2000,
    warntimeMs: 10_000,
    deadtimeMs: 30_000,
    initdeadMs: 120_000,
    restartHoldMsMax: 30_000,
  });
});

function timings(text: string): ReturnType<typeof membershipTimings> {
  const haCf = parseHaCf(text, "ha.cf");
  assert.ok(haCf.ok);
  const settings = haCfSettings(haCf.value.value);
  assert.ok(settings.ok);
  return membershipTimings(settings.value.value);
}
