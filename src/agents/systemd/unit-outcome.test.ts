import assert from "node:assert/strict";
import { test } from "node:test";
import { parseUnitState } from "../../formats/systemd/unit-state.ts";
import { type UnitAction, unitName, unitOutcome } from "./unit-outcome.ts";

/** LoadState, ActiveState, SubState, Result; the codes of start, stop and monitor, "-" for: asked again. */
const rows: readonly (readonly [state: string, start: string, stop: string, monitor: string])[] = [
  ["loaded active running success", "0", "1", "0"],
  ["loaded active exited success", "0", "1", "0"],
  ["loaded reloading reload success", "0", "1", "0"],
  ["loaded activating start success", "-", "-", "-"],
  ["loaded activating auto-restart exit-code", "-", "-", "-"],
  ["loaded deactivating stop success", "-", "-", "-"],
  ["loaded inactive dead success", "1", "0", "7"],
  ["loaded failed failed exit-code", "1", "0", "7"],
  ["not-found inactive dead success", "5", "0", "5"],
  ["masked inactive dead success", "5", "0", "5"],
  ["not-found active running success", "0", "1", "0"],
];

for (const [words, ...expected] of rows) {
  test(`a unit that is ${words}`, () => {
    const codes = (["start", "stop", "monitor"] as const).map((action) => rcOf(action, words));
    assert.deepEqual(codes, expected);
  });
}

test("a failed unit says how it failed", () => {
  const [, state] = stateOf("loaded failed failed exit-code");
  assert.equal(
    unitOutcome("web.service", "monitor", state)?.reason,
    "web.service is failed (failed, exit-code)",
  );
});

test("a name without a kind of unit is a service's", () => {
  assert.deepEqual(["nginx", "web.socket", "getty@tty1", "a.b"].map(unitName), [
    "nginx.service",
    "web.socket",
    "getty@tty1.service",
    "a.b.service",
  ]);
});

test("systemd's words are read in any order, and no answer is told", () => {
  const text = "SubState=running\nActiveState=active\nLoadState=loaded\nResult=success\n";
  assert.equal(parseUnitState(text)?.sub, "running");
  assert.equal(parseUnitState("Failed to connect to bus: Host is down\n"), undefined);
});

function stateOf(words: string) {
  const [load = "", active = "", sub = "", result = ""] = words.split(" ");
  const text = `LoadState=${load}\nActiveState=${active}\nSubState=${sub}\nResult=${result}\n`;
  const state = parseUnitState(text);
  assert.ok(state !== undefined);
  return [text, state] as const;
}

function rcOf(action: UnitAction, words: string): string {
  return String(unitOutcome("web.service", action, stateOf(words)[1])?.rc ?? "-");
}
