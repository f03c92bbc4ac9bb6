import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../../base/time.ts";
import { Farewell } from "./farewell.ts";

test("who leaves waits for the answers of all that have joined, and is told once", () => {
  const farewell = new Farewell();
  assert.equal(farewell.takeEnd(instant(0)), false);
  farewell.begin(["xen2", "xen3"], instant(0));
  farewell.onHeard("xen2");
  assert.equal(farewell.takeEnd(instant(10)), false);
  farewell.onHeard("xen3");
  assert.equal(farewell.takeEnd(instant(10)), true);
  assert.equal(farewell.takeEnd(instant(10)), false);
});

test("who does not answer in time is not waited for, and alone nobody is", () => {
  const farewell = new Farewell();
  farewell.begin(["xen2"], instant(0));
  const until = farewell.nextDeadline();
  assert.ok(until !== undefined);
  assert.equal(farewell.takeEnd(until), true);
  assert.equal(farewell.nextDeadline(), undefined);
  farewell.begin([], instant(5000));
  assert.equal(farewell.takeEnd(instant(5000)), true);
});
