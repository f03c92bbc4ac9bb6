import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../../base/time.ts";
import { OwnPauses } from "./own-pauses.ts";

test("a turn that is late by more than a keepalive is a pause, and gives one keepalive's grace", () => {
  const pauses = new OwnPauses(250);
  assert.equal(pauses.onTurn(instant(1050), instant(1000)), undefined);
  assert.equal(pauses.graceUntil, undefined);
  assert.equal(pauses.onTurn(instant(2251), instant(2000)), 251);
  assert.equal(pauses.graceUntil, 2501);
  assert.equal(pauses.onTurn(instant(2501), instant(2500)), undefined);
  assert.equal(pauses.graceUntil, undefined);
});

test("a short pause is not told, and gives a grace as short as itself", () => {
  const pauses = new OwnPauses(250);
  assert.equal(pauses.onTurn(instant(1100), instant(1000)), undefined);
  assert.equal(pauses.graceUntil, 1200);
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
