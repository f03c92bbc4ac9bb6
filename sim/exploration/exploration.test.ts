/**
 * Law 1 and the promises of a transition in every state that can be reached with a few faults, in every order of events: what
 * is decided, and what is written down of it, by the scheduler and the controller's own changes of the status section.
 */
import assert from "node:assert/strict";
import { test } from "node:test";
import { explore } from "./explore.ts";

const two = { nodes: ["xen1", "xen2"], guests: ["host1"] };

test("with fencing that works no guest executes twice, and what is believed is so, after one fault", () => {
  const { broken, isComplete, resting } = explore({ ...two, faultsMax: 1 });
  assert.equal(broken, undefined);
  assert.ok(isComplete && resting > 10, "it went through all of them, and some are at rest");
});

test("so it is with two faults, and with three nodes of which one is cut off", () => {
  const more = explore({ ...two, faultsMax: 2, statesMax: 800 });
  assert.equal(more.broken, undefined);
  const three = explore({ ...two, nodes: ["xen1", "xen2", "xen3"], faultsMax: 1 });
  assert.equal(three.broken, undefined);
  assert.ok(three.isComplete);
});

test("a power switch that lies is found out in a few moves, and so is fencing that is off", () => {
  const lied = explore({ ...two, faultsMax: 1, rules: { powerSwitchLies: true } });
  assert.equal(lied.broken?.law, "host1 executes on xen1 and xen2");
  const off = explore({ ...two, faultsMax: 1, hasFencing: false });
  assert.match(off.broken?.law ?? "", /^host1 executes on xen[12] and xen[12]$/);
  assert.ok(off.broken?.moves.includes("xen1 is cut from the others"));
});
