import assert from "node:assert/strict";
import { test } from "node:test";
import { type Cut, cutRules } from "./cuts.ts";

const whole: Cut = { host: "xen1", direction: "both", management: false };

test("a cut from everyone drops what passes the bridge and what the client and the host say", () => {
  assert.deepEqual(rulesOf([whole]), {
    forward: ['iifname { "xen1-eth0", "xen1-guests" }', 'oifname { "xen1-eth0", "xen1-guests" }'],
    input: ['iifname { "xen1-eth0", "xen1-guests" }'],
    output: ['oifname { "xen1-eth0", "xen1-guests" }'],
  });
});

test("a cut between hosts, one way, is one rule", () => {
  const cut: Cut = { host: "xen1", from: "xen2", direction: "sends", management: false };
  assert.deepEqual(rulesOf([cut]), {
    forward: ['iifname { "xen1-eth0", "xen1-guests" } oifname { "xen2-eth0", "xen2-guests" }'],
    input: [],
    output: [],
  });
});

test("a cut from the client leaves the hosts alone; the management network only if asked", () => {
  const cut: Cut = { host: "xen2", from: "client", direction: "hears", management: true };
  assert.deepEqual(rulesOf([cut]), {
    forward: [],
    input: [],
    output: ['oifname { "xen2-eth0", "xen2-guests", "xen2-mgmt" }'],
  });
});

test("no cuts are a table that drops nothing and replaces the one before", () => {
  assert.deepEqual(rulesOf([]), { forward: [], input: [], output: [] });
  assert.match(cutRules([]), /^table bridge cuts\ndelete table bridge cuts\n/);
});

function rulesOf(cuts: readonly Cut[]): Record<string, string[]> {
  const rules: Record<string, string[]> = {};
  let chain = "";
  for (const line of cutRules(cuts).split("\n")) {
    chain = /chain (\w+)/.exec(line)?.[1] ?? chain;
    if (chain !== "") rules[chain] ??= [];
    const rule = /^ {4}(.*) counter drop$/.exec(line)?.[1];
    if (rule !== undefined) rules[chain]?.push(rule);
  }
  return rules;
}
