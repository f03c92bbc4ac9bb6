import assert from "node:assert/strict";
import { test } from "node:test";
import {
  decide,
  nowS,
  operations,
  primitive,
  type SmallCluster,
} from "../../../../../test/scheduler/small-cluster.ts";

const failed = (agoS: number, timeout: string): SmallCluster => ({
  resources: primitive(
    "vm",
    { "failure-timeout": timeout, "migration-threshold": "1" },
    operations("vm", 'name="monitor" interval="10s"'),
  ),
  history: [
    "vm n2 start 0",
    "vm n2 monitor/10 0",
    "vm n1 start 0 ago=5000",
    `vm n1 monitor/10 7 error ago=${agoS}`,
    `vm n1 stop 0 ago=${agoS - 1}`,
  ],
  attributes: {
    n1: {
      "fail-count-vm#monitor_10000": "1",
      "last-failure-vm#monitor_10000": String(nowS - agoS),
    },
  },
  defaults: { "resource-stickiness": "0" },
});

test("a failure younger than failure-timeout keeps the node banned, and the cluster looks again when it expires", () => {
  const { transition } = decide(failed(60, "100s"));
  const vm = transition.reasons.resources[0];
  assert.equal(vm?.scores.find(({ node }) => node === "n1")?.score, -1_000_000);
  assert.equal(transition.graph.recheckBy, nowS - 60 + 100 + 1);
});

test("an older one is forgotten, and its fail count cleared", () => {
  const { transition } = decide(failed(200, "100s"));
  const vm = transition.reasons.resources[0];
  assert.equal(vm?.scores.find(({ node }) => node === "n1")?.score, 0);
  assert.ok(transition.graph.synapses.some(({ action }) => action.operation === "clear_failcount"));
});

test("without failure-timeout nothing expires", () => {
  const { transition } = decide(failed(100_000, "0"));
  assert.equal(
    transition.reasons.resources[0]?.scores.find(({ node }) => node === "n1")?.score,
    -1_000_000,
  );
  assert.equal(transition.graph.recheckBy, undefined);
});
