import assert from "node:assert/strict";
import { test } from "node:test";
import { fence, graphOf, operation, point } from "../../../test/cluster/small-graph.ts";
import { after, instant, wallTime } from "../../base/time.ts";
import { newClusterCib } from "../cib/empty-cib.ts";
import { opStatus } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";
import { Engine, type EngineEffect } from "./engine.ts";
import type { LoadLevel } from "./node-load.ts";
import type { GraphAction, Scheduled, ScheduleInput } from "./types.ts";

test("what happens while a transition runs aborts it, and the scheduler is asked when it is over", () => {
  const bench = new Bench(() => planned("start"));
  bench.engine.note("the configuration has changed");
  bench.quiet();
  assert.equal(bench.asked, 1);
  bench.engine.note("a node was lost");
  bench.quiet();
  assert.equal(bench.asked, 1);
  bench.report();
  bench.quiet();
  assert.equal(bench.engine.transition?.state, "done");
  bench.quiet();
  assert.equal(bench.asked, 2);
});

test("a gain does not abort, and is looked at afterwards", () => {
  const bench = new Bench(() => planned("start"));
  bench.engine.note("first");
  bench.quiet();
  bench.engine.noteForLater("the disks of xen2 have changed");
  assert.equal(bench.engine.transition?.state, "running");
  bench.report();
  bench.quiet();
  bench.quiet();
  assert.equal(bench.asked, 2);
});

test("nothing is decided while it may not act", () => {
  const bench = new Bench(() => planned("start"));
  bench.engine.note("first");
  bench.quiet(false);
  assert.equal(bench.asked, 0);
  assert.equal(bench.engine.isIdle, false);
});

test("a bug of the scheduler moves nothing: it is told, and its input is kept", () => {
  const bench = new Bench(() => {
    throw new Error("assertion failed");
  });
  bench.engine.note("first");
  const effects = bench.quiet();
  assert.deepEqual(
    effects.map((each) => each.kind),
    ["keep-input", "notice"],
  );
  assert.ok(bench.codes.includes("HF4412"));
  bench.quiet();
  assert.equal(bench.asked, 1);
});

test("transitions without end are slowed down, and told", () => {
  const bench = new Bench(() => planned("start"));
  bench.engine.note("first");
  for (let i = 0; i < 100; i++) {
    bench.quiet();
    bench.report({ rc: 1 });
    bench.quiet();
    bench.pass(1);
  }
  assert.ok(bench.codes.includes("HF4413"));
  assert.ok(bench.asked < 25, `${bench.asked}`);
  bench.pass(5000);
  const before = bench.asked;
  bench.quiet();
  assert.equal(bench.asked, before + 1);
});

test("a transition of nothing but points in the order is nothing to do", () => {
  const bench = new Bench(() => ({ ...planned(), graph: graphOf([[point(1), []]]) }));
  bench.engine.note("first");
  bench.quiet();
  bench.quiet();
  assert.equal(bench.asked, 1);
  assert.equal(bench.engine.isIdle, true);
});

test("actions that wait for each other are told, and not asked for again before something changes", () => {
  const circle = graphOf([
    [operation(1, "start", "xen1"), [2]],
    [operation(2, "stop", "xen1"), [1]],
  ]);
  const bench = new Bench(() => ({ ...planned(), graph: circle }));
  bench.engine.note("first");
  for (let i = 0; i < 3; i++) bench.quiet();
  assert.equal(bench.asked, 1);
  assert.ok(bench.codes.includes("HF4416"));
  assert.equal(bench.engine.isIdle, true);
  assert.deepEqual(
    bench.engine.blocked.map(({ about }) => about),
    ["r_start_0", "r_stop_0"],
  );
  bench.engine.note("the configuration has changed");
  bench.quiet();
  assert.equal(bench.asked, 2);
});

test("what was done as it should and is asked for again is not done again before something changes", () => {
  const bench = new Bench(() => planned("start"));
  bench.engine.note("the configuration has changed");
  for (let i = 0; i < 4; i++) {
    bench.quiet();
    bench.report();
  }
  assert.equal(bench.asked, 2);
  assert.ok(bench.codes.includes("HF4418"));
  assert.equal(bench.engine.isIdle, true);
  assert.deepEqual(
    bench.engine.blocked.map(({ about }) => about),
    ["r_start_0 on xen1"],
  );
  bench.engine.note("a node has joined");
  bench.quiet();
  assert.equal(bench.engine.transition?.state, "running");
});

test("after the recheck interval, or when the scheduler wants it, it is asked again", () => {
  const bench = new Bench((nowS) => ({
    ...planned(),
    graph: { ...graphOf([]), recheckBy: nowS + 60 },
  }));
  bench.engine.note("first");
  bench.quiet();
  assert.equal(bench.engine.isIdle, true);
  const wanted = bench.engine.nextDeadline();
  assert.ok(wanted !== undefined && wanted >= 60_000 && wanted <= 62_000, `${wanted}`);
  bench.pass(62_000);
  bench.quiet();
  assert.equal(bench.asked, 2);
});

test("a fence that failed is tried again when the fencer says so, not at once", () => {
  const bench = new Bench(() => planned("stonith"));
  bench.engine.note("first");
  bench.quiet();
  const retryAt = after(bench.now, 8000);
  bench.engine.onFenced("xen1", { isDone: false, why: "no answer", retryAt });
  bench.quiet();
  bench.quiet();
  assert.equal(bench.asked, 1);
  assert.equal(bench.engine.nextDeadline(), retryAt);
  assert.deepEqual(bench.engine.blocked[0], { about: "xen1", reason: "no answer" });
  bench.pass(8000);
  bench.quiet();
  assert.equal(bench.asked, 2);
});

class Bench {
  readonly engine: Engine;
  readonly codes: string[] = [];
  asked = 0;
  loadLevel: LoadLevel = 0;
  now = instant(0);
  #last: OperationReport | undefined;

  constructor(schedule: (nowS: number) => Scheduled) {
    const cib = newClusterCib();
    this.engine = new Engine({
      self: "xen1",
      cib: () => cib,
      nodeActionsMax: 8,
      members: () => [{ name: "xen1", incarnation: 1n }],
      load: () => ({ level: this.loadLevel, operationsMax: 8 }),
      lastTransition: () => 0,
      newUuid: () => "01234567-89ab-4def-8123-456789abcdef",
      schedule: ({ nowS }: ScheduleInput) => {
        this.asked++;
        return schedule(nowS);
      },
    });
  }

  quiet(mayAct = true): readonly EngineEffect[] {
    const wall = wallTime(1_767_225_600_000 + this.now);
    const facts = () => ({ readiness: new Map(), held: new Set<string>() });
    const effects = this.engine.onQuiet(mayAct, facts, { now: this.now, wall });
    for (const effect of effects) {
      if (effect.kind === "notice") this.codes.push(effect.code);
      if (effect.kind !== "order") continue;
      const { resource, agent, action, intervalMs, transitionKey } = effect.order;
      const base = { resource, agent, action, intervalMs, transitionKey, parameters: {} };
      this.#last = { ...base, rc: 0, opStatus: opStatus.done, callId: 1 };
    }
    return effects;
  }

  /** The end of what was ordered last. */
  report(how: Partial<OperationReport> = {}): void {
    if (this.#last !== undefined) this.engine.onReport("xen1", { ...this.#last, ...how });
  }

  pass(ms: number): void {
    this.now = after(this.now, ms);
  }
}

function planned(...operations: readonly string[]): Scheduled {
  const rows = operations.map((name, index) => [actionOf(index + 1, name), []] as const);
  return { graph: graphOf(rows), changes: [], blocked: [], reasons: undefined };
}

function actionOf(id: number, name: string): GraphAction {
  return name === "stonith" ? fence(id, "xen1") : operation(id, name, "xen1");
}
