import assert from "node:assert/strict";
import { test } from "node:test";
import {
  actionIn,
  clusterAction,
  fence,
  graphOf,
  operation,
  point,
} from "../../../test/cluster/small-graph.ts";
import { instant } from "../../base/time.ts";
import { opStatus } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";
import { transitionKeyOf } from "./graph-order.ts";
import type { LoadLevel } from "./node-load.ts";
import { reachableGraph } from "./reachable-graph.ts";
import type { RunEffect } from "./run-effects.ts";
import { TransitionRun } from "./transition-run.ts";
import type { TransitionGraph } from "./types.ts";

const id = { number: 4, uuid: "01234567-89ab-4def-8123-456789abcdef" };
const start = instant(0);

test("an action begins when all that it waits for is done, points in the order at once", () => {
  const graph = graphOf([
    [operation(1, "stop", "xen1"), []],
    [point(2), [1]],
    [operation(3, "start", "xen2"), [2]],
    [operation(4, "start", "xen2", { resource: "other" }), []],
  ]);
  const run = runOf(graph);
  assert.deepEqual(orders(run.goOn(start)), ["stop r xen1", "start other xen2"]);
  assert.equal(run.onReport("xen1", report(graph, 1)), "expected");
  assert.deepEqual(orders(run.goOn(start)), ["start r xen2"]);
  assert.equal(run.isOver, false);
  run.onReport("xen2", report(graph, 3));
  run.onReport("xen2", report(graph, 4));
  assert.equal(run.isOver, true);
  assert.equal(run.state, "done");
});

test("a start waits for the fence, and a fence that fails lets nothing begin", () => {
  for (const isDone of [true, false]) {
    const graph = graphOf([
      [fence(1, "xen1"), []],
      [operation(2, "start", "xen2"), [1]],
    ]);
    const run = runOf(graph);
    assert.deepEqual(run.goOn(start), [
      { kind: "fence", target: "xen1", action: "reboot", delayMs: 0 },
    ]);
    run.onFenced("xen1", isDone);
    assert.deepEqual(orders(run.goOn(start)), isDone ? ["start r xen2"] : []);
    assert.equal(run.isOver, !isDone);
    assert.equal(run.state, isDone ? "running" : "failed");
  }
});

test("after an abort nothing begins, and what is under way is waited for", () => {
  const graph = graphOf([
    [operation(1, "stop", "xen1"), []],
    [operation(2, "start", "xen2"), [1]],
  ]);
  const run = runOf(graph);
  run.goOn(start);
  run.abort("the configuration has changed");
  assert.equal(run.isOver, false);
  run.onReport("xen1", report(graph, 1));
  assert.deepEqual(run.goOn(start), []);
  assert.equal(run.isOver, true);
  assert.equal(run.state, "aborted");
});

test("an action that fails lets nothing new begin", () => {
  const graph = graphOf([
    [operation(1, "stop", "xen1"), []],
    [operation(2, "start", "xen2"), [1]],
  ]);
  const run = runOf(graph);
  run.goOn(start);
  assert.equal(run.onReport("xen1", { ...report(graph, 1), rc: 1 }), "failed");
  assert.deepEqual(run.goOn(start), []);
  assert.equal(run.state, "failed");
});

test("a degraded result is a success, and a failure that is ignored holds nothing up", () => {
  const graph = graphOf([
    [operation(1, "start", "xen1", { resource: "a" }), []],
    [operation(2, "start", "xen1", { resource: "b" }), [1]],
    [operation(3, "start", "xen1", { resource: "c" }), [2]],
  ]);
  const run = runOf(graph);
  run.goOn(start);
  assert.equal(run.onReport("xen1", { ...report(graph, 1), rc: 190 }), "expected");
  assert.deepEqual(orders(run.goOn(start)), ["start b xen1"]);
  const ignored = { ...report(graph, 2), rc: 1, isFailureIgnored: true };
  assert.equal(run.onReport("xen1", ignored), "expected");
  assert.deepEqual(orders(run.goOn(start)), ["start c xen1"]);
});

test("a probe that finds something aborts, and is no failure", () => {
  const probe = operation(1, "monitor", "xen1", { attributes: [["CRM_meta_op_target_rc", "7"]] });
  const graph = graphOf([
    [probe, []],
    [operation(2, "start", "xen2"), [1]],
  ]);
  const run = runOf(graph);
  run.goOn(start);
  assert.equal(run.onReport("xen1", report(graph, 1)), "found");
  assert.deepEqual(run.goOn(start), []);
  assert.deepEqual(run.counts, { done: 1, failed: 0, all: 2 });
  assert.equal(run.abortedBecause, "r was found running on xen1");
  assert.equal(run.state, "aborted");
});

test("what is under way on a lost node has failed, but not what its executor still knows", () => {
  const graph = graphOf([
    [operation(1, "stop", "xen1"), []],
    [operation(2, "stop", "xen1", { resource: "other" }), []],
    [operation(3, "start", "xen2", { resource: "third" }), []],
  ]);
  const run = runOf(graph);
  run.goOn(start);
  const known = transitionKeyOf(actionIn(graph, 2), id);
  assert.deepEqual(
    run.onLost("xen1", (key) => key === known).map((each) => each.id),
    [1],
  );
  assert.equal(run.isOver, false);
  run.onReport("xen1", report(graph, 2));
  run.onReport("xen2", report(graph, 3));
  assert.equal(run.isOver, true);
  assert.equal(run.state, "failed");
});

test("reports of another transition, another node, or of what is only pending end nothing", () => {
  const graph = graphOf([[operation(1, "start", "xen1"), []]]);
  const run = runOf(graph);
  run.goOn(start);
  const good = report(graph, 1);
  const other = transitionKeyOf(actionIn(graph, 1), { ...id, number: 3 });
  assert.equal(run.onReport("xen1", { ...good, transitionKey: other }), undefined);
  assert.equal(run.onReport("xen2", good), undefined);
  assert.equal(run.onReport("xen1", { ...good, opStatus: opStatus.pending }), undefined);
  assert.equal(run.onReport("xen1", good), "expected");
  assert.equal(run.onReport("xen1", good), undefined);
});

test("an answer that never comes counts as lost after twice its time and the cluster's delay", () => {
  const graph = graphOf([
    [operation(1, "start", "xen1", { attributes: [["CRM_meta_timeout", "1000"]] }), []],
  ]);
  const run = runOf(graph);
  run.goOn(start);
  assert.equal(run.nextDeadline(), 62_000);
  assert.deepEqual(run.onTime(instant(61_999)), []);
  assert.equal(run.onTime(instant(62_000)).length, 1);
  assert.equal(run.state, "failed");
});

test("migration-limit counts migrations of one node at a time", () => {
  const graph = {
    ...graphOf([
      [operation(1, "migrate_to", "xen1", { resource: "a" }), []],
      [operation(2, "migrate_to", "xen1", { resource: "b" }), []],
    ]),
    migrationLimit: "1",
  };
  const run = runOf(graph);
  assert.deepEqual(orders(run.goOn(start)), ["migrate_to a xen1"]);
  run.onReport("xen1", report(graph, 1));
  assert.deepEqual(orders(run.goOn(start)), ["migrate_to b xen1"]);
});

test("a held node gets no orders, and what waits for one is left out", () => {
  const graph = graphOf([
    [operation(1, "cancel", "xen1"), []],
    [operation(2, "stop", "xen1"), []],
    [point(3), [2]],
    [operation(4, "start", "xen2"), [3]],
    [operation(5, "start", "xen2", { resource: "other" }), []],
  ]);
  const left = reachableGraph(graph, new Set(["xen1"])).synapses.map((each) => each.action.id);
  assert.deepEqual(left, [5]);
});

test("after a failure only what is more important than it may begin", () => {
  const graph = graphOf([
    [operation(1, "stop", "xen1"), [], 5],
    [operation(2, "start", "xen2", { resource: "low" }), [4], 5],
    [operation(3, "start", "xen2", { resource: "high" }), [4], 6],
    [operation(4, "stop", "xen2", { resource: "other" }), [], 5],
  ]);
  const run = runOf(graph);
  run.goOn(start);
  run.onReport("xen1", { ...report(graph, 1), rc: 1 });
  run.onReport("xen2", report(graph, 4));
  assert.equal(run.isOver, false);
  assert.deepEqual(orders(run.goOn(start)), ["start high xen2"]);
  run.onReport("xen2", report(graph, 3));
  assert.equal(run.isOver, true);
  assert.equal(run.state, "failed");
});

test("a guest that is on its way arrives in spite of news, unless its node was lost", () => {
  for (const isLost of [false, true]) {
    const graph = graphOf([
      [operation(1, "migrate_to", "xen1"), []],
      [operation(2, "migrate_from", "xen2"), [1]],
      [operation(3, "stop", "xen1"), [2]],
    ]);
    const run = runOf(graph);
    run.goOn(start);
    run.abort("the configuration has changed");
    if (isLost) run.onLost("xen2", () => false);
    run.onReport("xen1", report(graph, 1));
    assert.deepEqual(orders(run.goOn(start)), isLost ? [] : ["migrate_from r xen2"]);
    run.onReport("xen2", report(graph, 2));
    assert.deepEqual(run.goOn(start), []);
    assert.equal(run.state, "aborted");
  }
});

test("after an abort a clone that was told what would happen is told that it has", () => {
  const graph = graphOf([
    [operation(1, "stop", "xen1"), []],
    [point(2), [1], 1_000_000],
    [operation(3, "notify", "xen2", { resource: "other" }), [2], 1_000_000],
    [operation(4, "promote", "xen2", { resource: "other" }), [2], 1_000_000],
  ]);
  const run = runOf(graph);
  run.goOn(start);
  run.abort("the configuration has changed");
  run.onReport("xen1", report(graph, 1));
  assert.deepEqual(orders(run.goOn(start)), ["notify other xen2"]);
  assert.equal(run.onReport("xen2", { ...report(graph, 3), rc: 1 }), "expected");
  assert.equal(run.isOver, true);
  assert.deepEqual(run.counts, { done: 3, failed: 0, all: 4 });
});

test("a node has so many operations at a time, and fences and points are not among them", () => {
  const graph = graphOf([
    [operation(1, "start", "xen1", { resource: "a" }), []],
    [operation(2, "start", "xen1", { resource: "b" }), []],
    [operation(3, "start", "xen1", { resource: "c" }), []],
    [operation(4, "start", "xen2", { resource: "d" }), []],
    [fence(5, "xen3"), []],
    [point(6), []],
  ]);
  const run = runOf(graph, 2);
  assert.deepEqual(orders(run.goOn(start)), ["start a xen1", "start b xen1", "start d xen2"]);
  assert.equal(run.counts.done, 1);
  run.onReport("xen1", report(graph, 2));
  assert.deepEqual(orders(run.goOn(start)), ["start c xen1"]);
});

test("a node under load does fewer operations at a time, and what waits for that is known", () => {
  const graph = graphOf([
    [operation(1, "start", "xen1", { resource: "a" }), []],
    [operation(2, "start", "xen1", { resource: "b" }), []],
    [operation(3, "start", "xen1", { resource: "c" }), []],
    [operation(4, "start", "xen2", { resource: "d" }), []],
  ]);
  const loads: Record<string, LoadLevel> = { xen1: 2, xen2: 0 };
  const run = runOf(graph, 8, loads);
  assert.deepEqual(orders(run.goOn(start)), ["start a xen1", "start b xen1", "start d xen2"]);
  assert.deepEqual(
    run.heldByLoad().map(({ resource }) => resource?.id),
    ["c"],
  );
  loads["xen1"] = 0;
  assert.deepEqual(orders(run.goOn(start)), ["start c xen1"]);
  assert.deepEqual(run.heldByLoad(), []);
});

test("a high load of one node leaves one operation at a time to a cluster of two, fences apart", () => {
  const graph = graphOf([
    [operation(1, "start", "xen1", { resource: "a" }), []],
    [operation(2, "start", "xen2", { resource: "b" }), []],
    [fence(3, "xen3"), []],
  ]);
  const run = runOf(graph, 8, { xen1: 3, xen2: 0 });
  assert.deepEqual(
    run.goOn(start).map(({ kind }) => kind),
    ["order", "fence"],
  );
  run.onReport("xen1", report(graph, 1));
  assert.deepEqual(orders(run.goOn(start)), ["start b xen2"]);
});

test("batch-limit counts the operations of the whole cluster", () => {
  const rows = [1, 2, 3].map(
    (id) => [operation(id, "start", `xen${id}`, { resource: `r${id}` }), []] as const,
  );
  const run = runOf({ ...graphOf(rows), batchLimit: "2" });
  assert.deepEqual(orders(run.goOn(start)), ["start r1 xen1", "start r2 xen2"]);
});

test("what concerns a remote node is said to the node that reaches it", () => {
  const remote = { ...operation(1, "start", "far"), routerNode: "xen2" };
  const graph = graphOf([
    [remote, []],
    [{ ...operation(2, "delete", "far"), routerNode: "xen2" }, [1]],
  ]);
  const run = runOf(graph);
  const [ordered] = run.goOn(start);
  assert.ok(ordered?.kind === "order");
  assert.deepEqual([ordered.node, ordered.order.remoteNode], ["xen2", "far"]);
  assert.equal(run.onReport("far", report(graph, 1)), undefined);
  assert.equal(run.onReport("xen2", report(graph, 1)), "expected");
  assert.deepEqual(run.goOn(start), [{ kind: "forget", node: "far", resource: "r", told: "xen2" }]);
});

test("bookkeeping is done with being said, and what only the status section knows is told to nobody", () => {
  const graph = graphOf([
    [clusterAction(1, "clear_failcount", "xen1", [["CRM_meta_op_no_wait", "true"]]), []],
    [{ ...clusterAction(2, "lrm_delete", "xen1"), mode: "cib" }, []],
    [clusterAction(3, "do_shutdown", "xen2"), [1, 2]],
  ]);
  const run = runOf(graph);
  assert.deepEqual(run.goOn(start), [
    { kind: "clear-failures", node: "xen1", resource: "" },
    { kind: "forget", node: "xen1", resource: "", told: undefined },
    { kind: "shut-down", node: "xen2" },
  ]);
  assert.equal(run.state, "done");
});

function runOf(
  graph: TransitionGraph,
  nodeMax = 8,
  loads: Readonly<Record<string, LoadLevel>> = {},
): TransitionRun {
  return new TransitionRun(graph, id, {
    operationsMax: () => nodeMax,
    loadOf: (node) => loads[node] ?? 0,
    loads: () => Object.values(loads),
  });
}

function report(graph: TransitionGraph, number: number): OperationReport {
  const of = actionIn(graph, number);
  return {
    ...{ resource: of.resource?.id ?? "", agent: { class: "ocf", type: "Xen" } },
    ...{ action: of.operation, intervalMs: 0, rc: 0, opStatus: opStatus.done, callId: 1 },
    ...{ transitionKey: transitionKeyOf(of, id), parameters: {} },
  };
}

function orders(effects: readonly RunEffect[]): readonly string[] {
  return effects.flatMap((effect) =>
    effect.kind === "order"
      ? [`${effect.order.action} ${effect.order.resource} ${effect.node}`]
      : [],
  );
}
