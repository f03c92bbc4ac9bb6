import assert from "node:assert/strict";
import { test } from "node:test";
import { cibOf, nowS, primitive } from "../../../test/scheduler/small-cluster.ts";
import { wallTime } from "../../base/time.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { applyChange } from "../cib/apply/apply-change.ts";
import { cliConstraints } from "../cib/edit/cli-constraints.ts";
import { setAttribute } from "../cib/edit/cluster-attribute.ts";
import { type MoveRequest, moveResource } from "../cib/edit/move-resource.ts";
import { endedMoves, nextEnd } from "./ended-moves.ts";

const now = wallTime(nowS * 1000);
const hourMs = 3_600_000;

test("a move ends when its resource is there and would stay, not before", () => {
  const cib = moved({ node: "n2" });
  assert.deepEqual(messages(cib), [], "it is not there yet");
  const there = moved({ node: "n2" }, "n2");
  assert.deepEqual(messages(there, { isSettled: false }), [], "something wants it back");
  assert.deepEqual(messages(there), [
    "The move of vm by anna is done: its constraint was taken out.",
  ]);
  assert.deepEqual(cliConstraints(withoutEnded(there)), []);
});

test("a group is moved when all of it is there", () => {
  const group = `<group id="g">${primitive("vm")}${primitive("ip")}</group>`;
  const half = ["vm n2 start 0", "ip n1 start 0"];
  const whole = ["vm n2 start 0", "ip n2 start 0"];
  const of = (history: readonly string[]): readonly string[] =>
    messages(wished(cibOf({ resources: group, history }), { resource: "g", node: "n2" }));
  assert.deepEqual([of(half).length, of(whole).length], [0, 1]);
});

test("a move away is done when the resource is elsewhere", () => {
  const away = moved({});
  assert.deepEqual(messages(away), []);
  const cib = {
    ...away,
    children: [...away.children.slice(0, 1), ...moved({}, "n2").children.slice(1)],
  };
  assert.match(messages(cib)[0] ?? "", /^The ban of vm by anna is done/);
});

test("what has not come about ends with its time", () => {
  const cib = moved({ node: "n2" });
  assert.equal(nextEnd(cib, now), now + hourMs);
  const later = wallTime(now + hourMs);
  assert.match(messages(cib, { at: later })[0] ?? "", /is over, since its time has passed/);
});

test("what names no owner is left to people", () => {
  const cib = moved({ node: "n2", owner: undefined }, "n2");
  assert.equal(cliConstraints(cib).length, 1);
  assert.deepEqual([messages(cib), nextEnd(cib, now)], [[], Number.POSITIVE_INFINITY]);
});

function moved(request: Partial<MoveRequest>, on = "n1"): XmlElement {
  const history = [`vm ${on} start 0`];
  return wished(cibOf({ resources: primitive("vm"), history }), { resource: "vm", ...request });
}

function wished(cib: XmlElement, request: MoveRequest): XmlElement {
  const option = { scope: { section: "crm_config" }, name: "holdfast-move-lifetime" } as const;
  const declared = applied(cib, setAttribute(cib, option, "1h"));
  const facts = { activeOn: ["n1"], now };
  return applied(declared, moveResource(declared, { owner: "anna", ...request }, facts));
}

function applied(cib: XmlElement, planned: ReturnType<typeof moveResource>): XmlElement {
  assert.ok(planned.ok, JSON.stringify(planned));
  const result = applyChange(cib, planned.value.change);
  assert.ok(result.ok, JSON.stringify(result));
  return result.value.cib;
}

function messages(
  cib: XmlElement,
  how: { readonly isSettled?: boolean; readonly at?: typeof now } = {},
): readonly string[] {
  const { isSettled = true, at = now } = how;
  return endedMoves(cib, at, (without) => isSettled && cliConstraints(without).length === 0).map(
    ({ message }) => message,
  );
}

function withoutEnded(cib: XmlElement): XmlElement {
  const [ended] = endedMoves(cib, now, () => true);
  const result = applyChange(cib, ended?.change ?? { kind: "sequence", changes: [] });
  assert.ok(result.ok);
  return result.value.cib;
}
