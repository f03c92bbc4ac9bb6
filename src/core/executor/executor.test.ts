import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Instant, instant, wallTime } from "../../base/time.ts";
import { opStatus } from "../cib/status/operation-result.ts";
import { Executor, queuedMax } from "./executor.ts";
import type { ExecutorEffect, ExecutorEvent, OperationReport, Order, RunAgent } from "./types.ts";

test("a start runs, and its result comes back under its transition key", () => {
  const bench = new Bench();
  bench.order({ action: "start" });
  const run = bench.run();
  assert.deepEqual(run.call, {
    agent: { class: "ocf", provider: "heartbeat", type: "Xen" },
    resource: "host1",
    action: "start",
    params: { xmfile: "/etc/xen/host1.dom" },
    meta: {},
  });
  bench.at(1500).end(run, 0);
  const report = bench.report();
  assert.equal(report.transitionKey, "1:1:0:u");
  assert.deepEqual([report.rc, report.opStatus, report.execMs], [0, opStatus.done, 1500]);
  assert.deepEqual(bench.executor.history(), [report]);
});

test("one resource has one operation at a time, others go on beside it", () => {
  const bench = new Bench();
  bench.order({ action: "start", key: "a" });
  bench.order({ action: "stop", key: "b" });
  bench.order({ action: "start", key: "c", resource: "host2" });
  const [start, other] = bench.runs();
  assert.deepEqual([start?.call.action, other?.call.resource], ["start", "host2"]);
  bench.end(start as RunAgent, 0);
  assert.equal(bench.run().call.action, "stop");
});

test("the same transition key is never run twice", () => {
  const bench = new Bench();
  bench.order({ action: "start" });
  bench.order({ action: "start" });
  const run = bench.run();
  bench.end(run, 0);
  const first = bench.report();
  bench.order({ action: "start" });
  assert.deepEqual(bench.take(), [{ kind: "report", report: first }]);
});

test("an operation that runs out of time is cancelled and told; the next waits for its agent's end", () => {
  const bench = new Bench();
  bench.order({ action: "start", key: "a", timeoutMs: 1000 });
  const start = bench.run();
  bench.order({ action: "stop", key: "b" });
  bench.wake();
  assert.equal(bench.now, 1000);
  const [cancel, told] = bench.take();
  assert.deepEqual(cancel, { kind: "cancel-agent", token: start.token });
  assert.equal(told?.kind === "report" && told.report.opStatus, opStatus.timeout);
  assert.deepEqual(bench.take(), []);
  bench.end(start, 0);
  assert.equal(bench.run().call.action, "stop");
});

test("what waits behind an agent that does not end fails when its own time is over", () => {
  const bench = new Bench();
  bench.order({ action: "start", key: "a", timeoutMs: 1000 });
  bench.order({ action: "stop", key: "b", timeoutMs: 5000 });
  bench.wake();
  bench.take();
  bench.wake();
  assert.equal(bench.now, 5000);
  const [notice, told] = bench.take();
  assert.equal(notice?.kind === "notice" && notice.code, "HF4402");
  assert.equal(told?.kind === "report" && told.report.transitionKey, "b");
});

test("a recurring monitor runs at once and then each interval, and is told when it changes", () => {
  const bench = new Bench();
  bench.order({ action: "monitor", intervalMs: 10_000, timeoutMs: 3000 });
  bench.end(bench.run(), 0);
  assert.deepEqual(bench.report().parameters, {
    xmfile: "/etc/xen/host1.dom",
    CRM_meta_timeout: "3000",
  });
  bench.wake();
  assert.equal(bench.now, 10_000);
  bench.end(bench.run(), 0);
  assert.deepEqual(bench.take(), []);
  bench.wake();
  bench.end(bench.run(), 7);
  assert.equal(bench.report().rc, 7);
  bench.wake();
  bench.end(bench.run(), 7);
  assert.deepEqual(bench.take(), []);
});

test("a recurring monitor that runs out of time is asked once more before it counts", () => {
  const bench = new Bench();
  bench.order({ action: "monitor", intervalMs: 10_000, timeoutMs: 3000 });
  bench.end(bench.run(), 0);
  bench.take();
  bench.wake();
  const slow = bench.run();
  bench.wake();
  assert.deepEqual(bench.take(), [{ kind: "cancel-agent", token: slow.token }]);
  bench.end(slow, 1);
  const [notice, again] = bench.take();
  assert.equal(notice?.kind === "notice" && notice.code, "HF4401");
  assert.ok(again?.kind === "run-agent");
  bench.wake();
  const told = bench.take().find((effect) => effect.kind === "report");
  assert.equal(told?.kind === "report" && told.report.opStatus, opStatus.timeout);
  bench.end(again, 0);
  bench.wake();
  bench.end(bench.run(), 0);
  assert.equal(bench.report().opStatus, opStatus.done);
});

test("what is said to have failed is reported and remembered under the next number; no agent is asked", () => {
  const bench = new Bench();
  bench.order({ action: "start" });
  bench.end(bench.run(), 0);
  const start = bench.report();
  bench.give({ kind: "fail", resource: "host1", reason: "anna said so" });
  const told = bench.report();
  assert.deepEqual([told.action, told.rc, told.exitReason], ["asyncmon", 1, "anna said so"]);
  assert.equal(told.callId, start.callId + 1);
  assert.deepEqual(bench.executor.history(), [start, told]);
});

test("what has no history here can't be said to have failed", () => {
  const bench = new Bench();
  bench.give({ kind: "fail", resource: "host1", reason: "anna said so" });
  assert.deepEqual(bench.take(), []);
  assert.deepEqual(bench.executor.history(), []);
});

test("a stop ends the recurring monitor, also one that is running, and waits for it", () => {
  const bench = new Bench();
  bench.order({ action: "monitor", intervalMs: 10_000, key: "m" });
  const monitor = bench.run();
  bench.order({ action: "stop", key: "s" });
  assert.deepEqual(bench.take(), [{ kind: "cancel-agent", token: monitor.token }]);
  bench.end(monitor, 0);
  bench.end(bench.run(), 0);
  assert.equal(bench.report().action, "stop");
  assert.equal(bench.executor.nextDeadline(), undefined);
  // Its order comes late, by another way: it must not begin again on what was stopped.
  bench.order({ action: "monitor", intervalMs: 10_000, key: "m" });
  assert.deepEqual(bench.take(), []);
});

test("a cancelled operation is gone from the history, and to cancel what is not there succeeds", () => {
  const bench = new Bench();
  bench.order({ action: "monitor", intervalMs: 10_000, key: "m" });
  bench.end(bench.run(), 0);
  bench.take();
  for (let i = 0; i < 2; i++) {
    bench.give({
      kind: "cancel",
      operation: { resource: "host1", action: "monitor", intervalMs: 10_000 },
      transitionKey: "c",
    });
    const report = bench.report();
    assert.deepEqual([report.opStatus, report.transitionKey], [opStatus.cancelled, "c"]);
    assert.deepEqual(bench.executor.history(), []);
  }
});

test("what is under way is in the history as pending, what is forgotten is not in it", () => {
  const bench = new Bench();
  bench.order({ action: "start", key: "a" });
  bench.order({ action: "monitor", intervalMs: 10_000, key: "m" });
  assert.deepEqual(
    bench.executor.history().map((each) => [each.action, each.opStatus, each.callId]),
    [
      ["start", opStatus.pending, -1],
      ["monitor", opStatus.pending, -1],
    ],
  );
  bench.end(bench.run(), 0);
  bench.give({ kind: "forget", resource: "host1" });
  const monitor = bench.take().find((effect) => effect.kind === "run-agent");
  assert.ok(monitor?.kind === "run-agent");
  bench.end(monitor, 0);
  assert.deepEqual(bench.executor.history(), []);
});

test("a start delay counts from when the operation's turn has come", () => {
  const bench = new Bench();
  bench.order({ action: "monitor", key: "a" });
  const first = bench.run();
  bench.order({ action: "start", key: "b", startDelayMs: 2000 });
  bench.at(500).end(first, 7);
  bench.take();
  bench.wake();
  assert.equal(bench.now, 2500);
  assert.equal(bench.run().call.action, "start");
});

test("a resource is stopped with the parameters that it was started with", () => {
  const bench = new Bench();
  bench.order({ action: "start", key: "a" });
  bench.end(bench.run(), 0);
  bench.take();
  bench.order({ action: "stop", key: "b", params: { xmfile: "/etc/xen/new.dom" } });
  assert.deepEqual(bench.run().call.params, { xmfile: "/etc/xen/host1.dom" });
});

test("an order too many is refused at once and runs never", () => {
  const bench = new Bench();
  for (let i = 0; i <= queuedMax; i++) bench.order({ action: "monitor", key: `k${i}` });
  bench.order({ action: "stop", key: "last" });
  const reports = bench.take().filter((effect) => effect.kind === "report");
  assert.deepEqual(
    reports.map((each) => each.kind === "report" && each.report.opStatus),
    [opStatus.error],
  );
});

test("what runs on a remote node is apart from what runs here, and is told as of there", () => {
  const bench = new Bench();
  bench.order({ action: "start", key: "here" });
  bench.order({ action: "start", key: "there", remoteNode: "far" });
  const [here, there] = bench.runs();
  assert.deepEqual([here?.call.remoteNode, there?.call.remoteNode], [undefined, "far"]);
  bench.end(there as RunAgent, 0);
  assert.equal(bench.report().remoteNode, "far");
  bench.end(here as RunAgent, 0);
  assert.equal(bench.report().remoteNode, undefined);
  assert.equal(bench.executor.history().length, 2);
  bench.give({ kind: "forget", resource: "host1", remoteNode: "far" });
  assert.deepEqual(
    bench.executor.history().map((each) => each.transitionKey),
    ["here"],
  );
});

test("with the connection goes all that is behind it, and its own monitor is asked at once", () => {
  const bench = new Bench();
  bench.order({ action: "monitor", intervalMs: 60_000, resource: "far", key: "poke" });
  bench.end(bench.run(), 0);
  bench.take();
  bench.order({ action: "monitor", intervalMs: 10_000, key: "m", remoteNode: "far" });
  bench.end(bench.run(), 0);
  bench.take();
  bench.order({ action: "promote", key: "running", remoteNode: "far" });
  const promote = bench.run();
  bench.order({ action: "demote", key: "waiting", remoteNode: "far" });
  bench.at(5000).give({ kind: "remote-gone", node: "far", isLost: true });
  const told = bench.take();
  assert.deepEqual(
    told.flatMap((each) =>
      each.kind === "report" ? [[each.report.transitionKey, each.report.opStatus]] : [],
    ),
    [
      ["running", opStatus.notConnected],
      ["waiting", opStatus.notConnected],
    ],
  );
  const poke = told.find((each) => each.kind === "run-agent");
  assert.equal(poke?.kind === "run-agent" && poke.call.resource, "far");
  bench.end(promote, 0);
  assert.deepEqual(bench.take(), []);
  assert.deepEqual(
    bench.executor.history().map((each) => each.resource),
    ["far"],
  );
});

test("what runs on a remote node has the numbers that are counted there", () => {
  const bench = new Bench();
  bench.order({ action: "start", remoteNode: "far" });
  const { token } = bench.run();
  bench.give({ kind: "agent-ended", token, rc: 0, reason: "", callId: 20 });
  assert.equal(bench.report().callId, 20);
  bench.order({ action: "monitor", key: "here" });
  bench.end(bench.run(), 0);
  assert.equal(bench.report().callId, 1);
});

test("what somebody else has judged is recorded as he has judged it", () => {
  const bench = new Bench();
  bench.order({ action: "start", remoteNode: "far" });
  const { token } = bench.run();
  const judged = { rc: 5, reason: "no such agent", opStatus: opStatus.notInstalled };
  bench.give({ kind: "agent-ended", token, ...judged });
  const { rc, opStatus: status, exitReason } = bench.report();
  assert.deepEqual({ rc, reason: exitReason, opStatus: status }, judged);
});

test("what the agent's metadata say of its parameters goes into the report", () => {
  const bench = new Bench();
  bench.order({ action: "start" });
  const { token } = bench.run();
  const parameterKinds = { restart: ["state"], secret: ["password"] };
  bench.give({ kind: "agent-ended", token, rc: 0, reason: "", parameterKinds });
  const { restartParameters, secretParameters } = bench.report();
  assert.deepEqual([restartParameters, secretParameters], [["state"], ["password"]]);
});

test("after a reload a resource is stopped with the parameters that it took over", () => {
  const bench = new Bench();
  for (const [key, action, delay] of [
    ["1", "start", "1"],
    ["2", "reload-agent", "2"],
    ["3", "stop", "3"],
  ] as const) {
    bench.order({ key, action, params: { delay } });
    const run = bench.run();
    if (action === "stop") assert.deepEqual(run.call.params, { delay: "2" });
    bench.end(run, 0);
  }
});

test("a notification is answered and leaves no history, and an ignored failure says so", () => {
  const bench = new Bench();
  bench.order({ action: "notify", key: "1" });
  bench.end(bench.run(), 1);
  assert.equal(bench.report().rc, 1);
  assert.deepEqual(bench.executor.history(), []);
  bench.order({ action: "start", key: "2", meta: { on_fail: "ignore" } });
  bench.end(bench.run(), 1);
  assert.equal(bench.report().isFailureIgnored, true);
});

test("whatever comes in whatever order, a resource has one agent at a time, and each is answered once", () => {
  const step = fc.oneof(
    fc.record({
      do: fc.constant("order"),
      resource: fc.constantFrom("a", "b"),
      action: fc.constantFrom("start", "stop", "monitor"),
      recurs: fc.boolean(),
    }),
    fc.record({ do: fc.constantFrom("end", "wake", "cancel", "forget"), which: fc.nat(9) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const bench = new Bench();
      const running = new Map<number, string>();
      const reported = new Map<string, number>();
      let key = 0;
      const look = (): void => {
        for (const effect of bench.take()) {
          if (effect.kind === "run-agent") {
            const { resource } = effect.call;
            assert.ok(![...running.values()].includes(resource), `${resource} has two agents`);
            running.set(effect.token, resource);
          }
          if (effect.kind === "report" && effect.report.intervalMs === 0) {
            const { transitionKey } = effect.report;
            reported.set(transitionKey, (reported.get(transitionKey) ?? 0) + 1);
          }
        }
      };
      for (const each of steps) {
        if (each.do === "order" && "action" in each) {
          const intervalMs = each.action === "monitor" && each.recurs ? 1000 : 0;
          bench.order({ ...each, intervalMs, timeoutMs: 3000, key: `${key++}` });
        } else if (each.do === "wake") bench.wake();
        else if (each.do === "forget") bench.give({ kind: "forget", resource: "a" });
        else if (each.do === "cancel") {
          const operation = { resource: "a", action: "monitor", intervalMs: 1000 };
          bench.give({ kind: "cancel", operation, transitionKey: "c" });
        } else if ("which" in each) {
          const token = [...running.keys()][each.which];
          if (token !== undefined) {
            running.delete(token);
            bench.give({ kind: "agent-ended", token, rc: 0, reason: "" });
          }
        }
        look();
      }
      reported.delete("c");
      assert.ok([...reported.values()].every((times) => times === 1));
    }),
  );
});

type Wanted = Partial<Order> & { readonly key?: string };

class Bench {
  readonly executor = new Executor();
  now: Instant = instant(0);
  #effects: ExecutorEffect[] = [];

  at(ms: number): this {
    this.now = instant(ms);
    return this;
  }

  give(event: ExecutorEvent): void {
    const wall = wallTime(1_240_000_000_000 + this.now);
    this.#effects.push(...this.executor.handle(event, this.now, wall));
  }

  order({ key, ...wanted }: Wanted): void {
    this.give({
      kind: "order",
      order: {
        agent: { class: "ocf", provider: "heartbeat", type: "Xen" },
        resource: wanted.resource ?? "host1",
        action: wanted.action ?? "monitor",
        params: wanted.params ?? { xmfile: "/etc/xen/host1.dom" },
        meta: wanted.meta ?? {},
        ...(wanted.remoteNode !== undefined && { remoteNode: wanted.remoteNode }),
        transitionKey: key ?? "1:1:0:u",
        intervalMs: wanted.intervalMs ?? 0,
        timeoutMs: wanted.timeoutMs ?? 20_000,
        startDelayMs: wanted.startDelayMs ?? 0,
      },
    });
  }

  end(run: RunAgent, rc: number): void {
    this.give({ kind: "agent-ended", token: run.token, rc, reason: "" });
  }

  /** Goes to the next deadline. */
  wake(): void {
    const deadline = this.executor.nextDeadline();
    if (deadline !== undefined && deadline > this.now) this.now = deadline;
    this.give({ kind: "wake" });
  }

  take(): ExecutorEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  runs(): RunAgent[] {
    return this.take().filter((effect) => effect.kind === "run-agent");
  }

  run(): RunAgent {
    const [run, ...more] = this.runs();
    assert.ok(run !== undefined && more.length === 0);
    return run;
  }

  report(): OperationReport {
    const [effect, ...more] = this.take();
    assert.ok(effect?.kind === "report" && more.length === 0, JSON.stringify(effect));
    return effect.report;
  }
}
