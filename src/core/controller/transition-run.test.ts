import assert from "node:assert/strict";
import { test } from "node:test";
import { instant } from "../../base/time.ts";
import { opStatus } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";
import { transitionKeyOf } from "./graph-order.ts";
import { reachableGraph } from "./reachable-graph.ts";
import { type RunEffect, TransitionRun } from "./transition-run.ts";
import type { GraphAction, TransitionGraph } from "./types.ts";

const id = { number: 4, uuid: "01234567-89ab-4def-8123-456789abcdef" };
const start = instant(0);

test("an action begins when all that it waits for is done, points in the order at once", () => {
  const graph = graphOf([
    [action(1, "stop", "xen1"), []],
    [point(2), [1]],
    [action(3, "start", "xen2"), [2]],
    [action(4, "start", "xen2", "other"), []],
  ]);
  const run = new TransitionRun(graph, id);
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
      [action(2, "start", "xen2"), [1]],
    ]);
    const run = new TransitionRun(graph, id);
    assert.deepEqual(run.goOn(start), [{ kind: "fence", target: "xen1", action: "reboot" }]);
    run.onFenced("xen1", isDone);
    assert.deepEqual(orders(run.goOn(start)), isDone ? ["start r xen2"] : []);
    assert.equal(run.isOver, !isDone);
    assert.equal(run.state, isDone ? "running" : "failed");
  }
});

test("after an abort nothing begins, and what is under way is waited for", () => {
  const graph = graphOf([
    [action(1, "stop", "xen1"), []],
    [action(2, "start", "xen2"), [1]],
  ]);
  const run = new TransitionRun(graph, id);
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
    [action(1, "stop", "xen1"), []],
    [action(2, "start", "xen2"), [1]],
  ]);
  const run = new TransitionRun(graph, id);
  run.goOn(start);
  assert.equal(run.onReport("xen1", { ...report(graph, 1), rc: 1 }), "failed");
  assert.deepEqual(run.goOn(start), []);
  assert.equal(run.state, "failed");
});

test("a probe that finds something aborts, and is no failure", () => {
  const probe = action(1, "monitor", "xen1", "r", [["CRM_meta_op_target_rc", "7"]]);
  const graph = graphOf([
    [probe, []],
    [action(2, "start", "xen2"), [1]],
  ]);
  const run = new TransitionRun(graph, id);
  run.goOn(start);
  assert.equal(run.onReport("xen1", report(graph, 1)), "found");
  assert.deepEqual(run.goOn(start), []);
  assert.deepEqual(run.counts, { done: 1, failed: 0, all: 2 });
  assert.equal(run.abortedBecause, "r was found running on xen1");
  assert.equal(run.state, "aborted");
});

test("what is under way on a lost node has failed, but not what its executor still knows", () => {
  const graph = graphOf([
    [action(1, "stop", "xen1"), []],
    [action(2, "stop", "xen1", "other"), []],
    [action(3, "start", "xen2", "third"), []],
  ]);
  const run = new TransitionRun(graph, id);
  run.goOn(start);
  const known = transitionKeyOf(actionOf(graph, 2), id);
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
  const graph = graphOf([[action(1, "start", "xen1"), []]]);
  const run = new TransitionRun(graph, id);
  run.goOn(start);
  const good = report(graph, 1);
  const other = transitionKeyOf(actionOf(graph, 1), { ...id, number: 3 });
  assert.equal(run.onReport("xen1", { ...good, transitionKey: other }), undefined);
  assert.equal(run.onReport("xen2", good), undefined);
  assert.equal(run.onReport("xen1", { ...good, opStatus: opStatus.pending }), undefined);
  assert.equal(run.onReport("xen1", good), "expected");
  assert.equal(run.onReport("xen1", good), undefined);
});

test("an answer that never comes counts as lost after twice its time and the cluster's delay", () => {
  const graph = graphOf([[action(1, "start", "xen1", "r", [["CRM_meta_timeout", "1000"]]), []]]);
  const run = new TransitionRun(graph, id);
  run.goOn(start);
  assert.equal(run.nextDeadline(), 62_000);
  assert.deepEqual(run.onTime(instant(61_999)), []);
  assert.equal(run.onTime(instant(62_000)).length, 1);
  assert.equal(run.state, "failed");
});

test("migration-limit counts migrations of one node at a time", () => {
  const graph = {
    ...graphOf([
      [action(1, "migrate_to", "xen1", "a"), []],
      [action(2, "migrate_to", "xen1", "b"), []],
    ]),
    migrationLimit: "1",
  };
  const run = new TransitionRun(graph, id);
  assert.deepEqual(orders(run.goOn(start)), ["migrate_to a xen1"]);
  run.onReport("xen1", report(graph, 1));
  assert.deepEqual(orders(run.goOn(start)), ["migrate_to b xen1"]);
});

test("a held node gets no orders, and what waits for one is left out", () => {
  const graph = graphOf([
    [action(1, "cancel", "xen1"), []],
    [action(2, "stop", "xen1"), []],
    [point(3), [2]],
    [action(4, "start", "xen2"), [3]],
    [action(5, "start", "xen2", "other"), []],
  ]);
  const left = reachableGraph(graph, new Set(["xen1"])).synapses.map((each) => each.action.id);
  assert.deepEqual(left, [5]);
});

type Row = readonly [GraphAction, readonly number[]];

function graphOf(rows: readonly Row[]): TransitionGraph {
  const synapses = rows.map(([of, inputs], index) => ({
    ...{ id: index, priority: 0, action: of },
    inputs: inputs.map((each) => ({ id: each })),
  }));
  return {
    ...{ clusterDelay: "60s", batchLimit: "0", migrationLimit: undefined },
    ...{ recheckBy: undefined, synapses },
  };
}

function action(
  number: number,
  operation: string,
  node: string,
  resource = "r",
  attributes: GraphAction["attributes"] = [],
): GraphAction {
  return {
    ...{ id: number, kind: "resource", operation, key: `${resource}_${operation}_0` },
    ...{ node: { id: node, name: node }, attributes, downed: [] },
    resource: {
      ...{ id: resource, longId: undefined, agentClass: "ocf" },
      ...{ provider: "heartbeat", type: "Xen" },
    },
  };
}

function point(number: number): GraphAction {
  return {
    ...{ id: number, kind: "pseudo", operation: "all_stopped", key: "all_stopped" },
    ...{ node: undefined, resource: undefined, attributes: [], downed: [] },
  };
}

function fence(number: number, node: string): GraphAction {
  return {
    ...{ id: number, kind: "cluster", operation: "stonith", key: `stonith-${node}` },
    ...{ node: { id: node, name: node }, resource: undefined, downed: [node] },
    attributes: [["CRM_meta_stonith_action", "reboot"]],
  };
}

function actionOf(graph: TransitionGraph, number: number): GraphAction {
  const found = graph.synapses.find((synapse) => synapse.action.id === number)?.action;
  assert.ok(found !== undefined);
  return found;
}

function report(graph: TransitionGraph, number: number): OperationReport {
  const of = actionOf(graph, number);
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
