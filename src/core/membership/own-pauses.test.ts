import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../../base/time.ts";
import { OwnPauses } from "./own-pauses.ts";

test("a turn that is late by more than a keepalive is a pause, and gives one keepalive's grace", () => {
  const pauses = new OwnPauses(250);
  assert.equal(pauses.onTurn(instant(1250), instant(1000)), undefined);
  assert.equal(pauses.graceUntil, undefined);
  assert.equal(pauses.onTurn(instant(1251), instant(1000)), 251);
  assert.equal(pauses.graceUntil, 1501);
  assert.equal(pauses.onTurn(instant(1501), instant(1500)), undefined);
  assert.equal(pauses.graceUntil, undefined);
});

test("a loop that never gets going again does not put losses off for ever", () => {
  const pauses = new OwnPauses(250);
  let now = 0;
  let grace = 0;
  for (let i = 0; i < 100; i++) {
    now += 400;
    pauses.onTurn(instant(now), instant(now - 300));
    if ((pauses.graceUntil ?? 0) > now) grace = now;
  }
  assert.equal(grace, 4 * 400);
});
