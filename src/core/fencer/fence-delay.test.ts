import assert from "node:assert/strict";
import { test } from "node:test";
import { Prng } from "../../base/prng.ts";
import { fenceDelayMs } from "./fence-delay.ts";

test("a base holds for all targets, or for those that are named with theirs", () => {
  const rows: readonly [string, string, number][] = [
    ["5s", "xen1", 5000],
    ["5", "xen2", 5000],
    ["xen1:5s;xen2:0", "xen1", 5000],
    ["xen1:5s;xen2:0", "xen2", 0],
    ["xen1:5s xen2=7s", "xen2", 7000],
    ["xen1:5s", "xen2", 0],
    ["", "xen1", 0],
    ["soon", "xen1", 0],
  ];
  for (const [base, target, expected] of rows)
    assert.equal(delay({ pcmk_delay_base: base }, target), expected, `${base} of ${target}`);
});

test("up to the maximum chance adds to the base, and a base above the maximum is the maximum", () => {
  const seen = new Set<number>();
  for (let seed = 1n; seed <= 50n; seed++) {
    const ms = delay({ pcmk_delay_base: "2s", pcmk_delay_max: "5s" }, "xen1", seed);
    assert.ok(ms >= 2000 && ms < 5000, String(ms));
    seen.add(ms);
  }
  assert.ok(seen.size > 40, "it is by chance");
  assert.equal(delay({ pcmk_delay_base: "9s", pcmk_delay_max: "5s" }, "xen1"), 5000);
  assert.equal(delay({}, "xen1"), 0);
});

function delay(params: Readonly<Record<string, string>>, target: string, seed = 1n): number {
  return fenceDelayMs({ id: "pdu", agent: "fence_pdu", params }, target, new Prng(seed));
}
