/**
 * Operations on this node's resources. Invariants:
 *
 * - A resource has at most one operation under way; different resources go side by side. An operation that was
 *   cancelled or has run out of time is under way until its agent has ended.
 * - The same transition key is never run twice: what has ended is reported again, what is under way goes on.
 * - A change of the resource's state ends its recurring operations first; they come again with the DC's next order.
 * - What runs on a remote node through this one is known apart from what runs here, and forgotten with the connection.
 * - A recurring monitor that runs out of time is asked once more before it counts: under load an answer may be late.
 *
 * Results are OCF return codes and op-status as Pacemaker records them. Whose orders count is decided above.
 */
import { assert, unreachable } from "../../base/assert.ts";
import { sortedEntries } from "../../base/compare.ts";
import { after, earliest, elapsedMs, type Instant, type WallTime } from "../../base/time.ts";
import { formatOperationKey } from "../../formats/cib/operation-key.ts";
import type { ParameterKinds } from "../../formats/ocf/parameter-kinds.ts";
import { opStatus, pendingRc } from "../cib/status/operation-result.ts";
import { failureByWord } from "./failure-by-word.ts";
import { HandledKeys } from "./handled-keys.ts";
import { Lane, type LaneName, laneKey, type Recurring, type Running } from "./lane.ts";
import type {
  AgentEnded,
  ExecutorEffect,
  ExecutorEvent,
  ExecutorNotice,
  OperationName,
  OperationReport,
  Order,
  RunningOperation,
} from "./types.ts";

/** Operations of one resource that wait for their turn; a transition orders a handful at most. */
export const queuedMax = 16;

/** What changes nothing about the resource's state. */
const harmless: ReadonlySet<string> = new Set(["monitor", "notify", "meta-data", "validate-all"]);

const genericError = 1;

type SaidToFail = Extract<ExecutorEvent, { kind: "fail" }>;
type RemoteGone = Extract<ExecutorEvent, { kind: "remote-gone" }>;
type Now = { readonly now: Instant; readonly wall: WallTime };

export class Executor {
  readonly #lanes = new Map<string, Lane>();
  readonly #handled = new HandledKeys();
  #nextToken = 1;
  #nextCallId = 1;
  /** The highest number of an operation that was heard of, by remote node. */
  readonly #remoteCallIds = new Map<string, number>();
  #effects: ExecutorEffect[] = [];

  handle(event: ExecutorEvent, now: Instant, wall: WallTime): readonly ExecutorEffect[] {
    const at = { now, wall };
    this.#onEvent(event, at);
    for (const [, lane] of sortedEntries(this.#lanes)) this.#advance(lane, at);
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  nextDeadline(): Instant | undefined {
    return earliest(...[...this.#lanes.values()].map((lane) => lane.nextDeadline()));
  }

  /** All that a DC must know: the last result of every kind, and what is under way, oldest first. */
  history(): readonly OperationReport[] {
    const reports = [...this.#lanes.values()].flatMap((lane) => lane.history());
    const pending = sortedEntries(this.#lanes).flatMap(([, lane]) =>
      lane.underWay().map((order) => pendingReport(order)),
    );
    return [...reports.sort((a, b) => a.callId - b.callId), ...pending];
  }

  running(now: Instant): readonly RunningOperation[] {
    return sortedEntries(this.#lanes).flatMap(([, { running, resource, remoteNode }]) => {
      if (running === undefined) return [];
      const { action, intervalMs } = running.order;
      const sinceMs = Math.round(elapsedMs(running.startedAt, now));
      const there = remoteNode === undefined ? {} : { remoteNode };
      return [{ resource, action, intervalMs, sinceMs, ...there }];
    });
  }

  #onEvent(event: ExecutorEvent, at: Now): void {
    switch (event.kind) {
      case "wake":
        return;
      case "order":
        this.#onOrder(event.order, at);
        return;
      case "cancel":
        this.#onCancel(event.operation, event.transitionKey, at);
        return;
      case "forget":
        this.#onForget(event);
        return;
      case "fail":
        this.#onFail(event, at);
        return;
      case "remote-gone":
        this.#onRemoteGone(event, at);
        return;
      case "agent-ended":
        this.#onAgentEnded(event, at);
        return;
      default:
        unreachable(event);
    }
  }

  #onOrder(order: Order, at: Now): void {
    const known = this.#handled.get(order.transitionKey);
    if (known !== undefined) {
      if (typeof known === "object") this.#effects.push({ kind: "report", report: known });
      return;
    }
    this.#handled.begin(order.transitionKey);
    const lane = this.#laneOf(order);
    if (lane.queue.length >= queuedMax) {
      const what = "was refused: too many operations wait for the resource";
      this.#notice("error", "HF4400", what, order);
      const reason = "queue is full";
      this.#report(lane, order, { rc: genericError, status: opStatus.error, reason }, at);
      return;
    }
    if (order.intervalMs > 0) {
      this.#register(lane, order, at);
      return;
    }
    if (!harmless.has(order.action)) this.#endRecurring(lane);
    lane.queue.push({ order, queuedAt: at.now, notBefore: undefined });
  }

  /** It runs at once for the first time; the order is answered by the first result. */
  #register(lane: Lane, order: Order, at: Now): void {
    const name = recurringName(order);
    const old = lane.recurring.get(name);
    if (old !== undefined) this.#handled.close(old.order.transitionKey);
    const dueAt = after(at.now, order.startDelayMs);
    lane.recurring.set(name, { order, dueAt, reported: undefined, isAskedAgain: false });
  }

  #endRecurring(lane: Lane): void {
    for (const { order } of lane.recurring.values()) this.#handled.close(order.transitionKey);
    lane.recurring.clear();
    const { running } = lane;
    if (running?.recurring === undefined) return;
    running.isUnwanted = true;
    this.#cancelAgent(running);
  }

  #onCancel(operation: OperationName, transitionKey: string, at: Now): void {
    const lane = this.#laneOf(operation);
    const name = recurringName(operation);
    const recurring = lane.recurring.get(name);
    lane.recurring.delete(name);
    lane.results.delete(name);
    if (recurring !== undefined) this.#handled.close(recurring.order.transitionKey);
    const { running } = lane;
    if (
      running !== undefined &&
      running.recurring !== undefined &&
      running.recurring === recurring
    ) {
      running.isUnwanted = true;
      this.#cancelAgent(running);
    }
    const order = recurring?.order ?? unknownOperation(operation);
    const callId = this.#callId(operation);
    const report = {
      ...reportOf(order, { rc: 0, status: opStatus.cancelled, reason: "" }, callId),
      transitionKey,
    };
    this.#effects.push({ kind: "report", report: { ...report, lastRcChangeS: seconds(at.wall) } });
  }

  #onForget(name: LaneName): void {
    const lane = this.#lanes.get(laneKey(name));
    if (lane === undefined) return;
    this.#endRecurring(lane);
    lane.results.clear();
  }

  #onFail(event: SaidToFail, at: Now): void {
    const lane = this.#lanes.get(laneKey(event));
    const agent = lane?.history()[0]?.agent;
    // Forgotten meanwhile: with no history there is nothing that could have failed.
    if (lane === undefined || agent === undefined) return;
    const callId = this.#callId(lane);
    const report = failureByWord({ ...event, agent, callId, lastRcChangeS: seconds(at.wall) });
    lane.keep(report);
    this.#effects.push({ kind: "report", report });
  }

  #onRemoteGone({ node, isLost }: RemoteGone, at: Now): void {
    const reason = `the connection to ${node} has ended`;
    const outcome = { rc: genericError, status: opStatus.notConnected, reason };
    for (const [key, lane] of sortedEntries(this.#lanes)) {
      if (lane.remoteNode !== node) continue;
      const { running, queue } = lane;
      this.#endRecurring(lane);
      lane.running = undefined;
      const isAwaited = running?.recurring === undefined && running?.isReported === false;
      if (isAwaited) this.#report(lane, running.order, outcome, at, running);
      for (const { order } of queue) this.#report(lane, order, outcome, at);
      // What the agent says of its end, if anything, is for a lane that is no more.
      this.#lanes.delete(key);
    }
    const connection = isLost ? this.#lanes.get(node) : undefined;
    for (const recurring of connection?.recurring.values() ?? []) recurring.dueAt = at.now;
  }

  #onAgentEnded(event: AgentEnded, at: Now): void {
    for (const lane of this.#lanes.values()) {
      const { running } = lane;
      if (running?.token !== event.token) continue;
      lane.running = undefined;
      if (running.isUnwanted || running.isReported) return;
      if (running.isCancelled) {
        this.#onTimedOut(lane, running, at);
        return;
      }
      if (event.opStatus === opStatus.timeout) {
        this.#onTimedOut(lane, running, at, event.reason);
        return;
      }
      this.#noteCallId(lane, event.callId);
      const { rc, reason, parameterKinds, opStatus: status = opStatus.done } = event;
      if (running.recurring !== undefined) running.recurring.isAskedAgain = false;
      this.#onResult(lane, running, { rc, status, reason, parameterKinds }, at);
      return;
    }
  }

  #advance(lane: Lane, at: Now): void {
    const { running } = lane;
    if (running !== undefined) {
      if (!running.isCancelled && at.now >= running.deadline) this.#onDeadline(lane, running, at);
      if (running.isCancelled) this.#failOverdue(lane, at);
      return;
    }
    const [task] = lane.queue;
    if (task !== undefined) {
      task.notBefore ??= after(at.now, task.order.startDelayMs);
      if (at.now < task.notBefore) return;
      lane.queue.shift();
      this.#run(lane, task.order, { queuedAt: task.queuedAt, recurring: undefined }, at);
      return;
    }
    const due = lane.firstDue(at.now);
    if (due !== undefined) this.#run(lane, due.order, { queuedAt: due.dueAt, recurring: due }, at);
    else if (lane.isEmpty) this.#lanes.delete(lane.key);
  }

  #onDeadline(lane: Lane, running: Running, at: Now): void {
    this.#cancelAgent(running);
    // A one-shot operation is told at once; a monitor is asked again when its agent is gone.
    if (running.recurring === undefined || running.recurring.isAskedAgain) {
      running.isReported = true;
      this.#onTimedOut(lane, running, at);
    }
  }

  /** @param told why, where the one who was asked says so. */
  #onTimedOut(lane: Lane, running: Running, at: Now, told = ""): void {
    const { recurring, order } = running;
    if (recurring !== undefined && !recurring.isAskedAgain) {
      recurring.isAskedAgain = true;
      recurring.dueAt = at.now;
      this.#notice(
        "warn",
        "HF4401",
        `did not answer within ${order.timeoutMs} ms; it is asked once more`,
        order,
      );
      return;
    }
    if (recurring !== undefined) recurring.isAskedAgain = false;
    const reason = told === "" ? `no answer within ${order.timeoutMs} ms` : told;
    this.#onResult(lane, running, { rc: genericError, status: opStatus.timeout, reason }, at);
  }

  /** While a cancelled agent does not end, what waits behind it runs out of time as if it ran. */
  #failOverdue(lane: Lane, at: Now): void {
    const overdue = lane.queue.filter(
      (task) => at.now >= after(task.queuedAt, task.order.timeoutMs),
    );
    if (overdue.length === 0) return;
    lane.queue = lane.queue.filter((task) => !overdue.includes(task));
    for (const { order } of overdue) {
      this.#notice(
        "error",
        "HF4402",
        "could not begin: the agent of the operation before it does not end",
        order,
      );
      const reason = "an earlier operation of the agent does not end";
      this.#report(lane, order, { rc: genericError, status: opStatus.timeout, reason }, at);
    }
  }

  #run(
    lane: Lane,
    order: Order,
    how: { readonly queuedAt: Instant; readonly recurring: Recurring | undefined },
    at: Now,
  ): void {
    assert(lane.running === undefined, "a resource has one operation under way");
    const token = this.#nextToken++;
    lane.running = {
      ...{ token, order, recurring: how.recurring, startedAt: at.now },
      startedS: seconds(at.wall),
      queueMs: Math.round(elapsedMs(how.queuedAt, at.now)),
      deadline: after(at.now, order.timeoutMs),
      ...{ isCancelled: false, isUnwanted: false, isReported: false },
    };
    const { agent, resource, action, meta, remoteNode } = order;
    const there = remoteNode === undefined ? {} : { remoteNode };
    const call = { agent, resource, action, params: lane.paramsFor(order), meta, ...there };
    this.#effects.push({ kind: "run-agent", token, call, timeoutMs: order.timeoutMs });
  }

  #onResult(lane: Lane, running: Running, outcome: Outcome, at: Now): void {
    const { order, recurring } = running;
    if (recurring === undefined) {
      this.#report(lane, order, outcome, at, running);
      return;
    }
    if (lane.recurring.get(recurringName(order)) !== recurring) return;
    recurring.dueAt = after(at.now, order.intervalMs);
    const seen = `${outcome.status}:${outcome.rc}`;
    if (recurring.reported === seen) return;
    recurring.reported = seen;
    this.#report(lane, order, outcome, at, running);
  }

  #report(lane: Lane, order: Order, outcome: Outcome, at: Now, running?: Running): void {
    const timing = {
      lastRcChangeS: running?.startedS ?? seconds(at.wall),
      execMs: running === undefined ? 0 : Math.round(elapsedMs(running.startedAt, at.now)),
      queueMs: running?.queueMs ?? 0,
    };
    const report = { ...reportOf(order, outcome, this.#callId(order)), ...timing };
    lane.keep(report);
    this.#handled.end(order.transitionKey, report);
    this.#effects.push({ kind: "report", report });
  }

  #noteCallId({ remoteNode }: Lane, callId = 0): void {
    if (remoteNode === undefined) return;
    const highest = this.#remoteCallIds.get(remoteNode) ?? 0;
    this.#remoteCallIds.set(remoteNode, Math.max(highest, callId));
  }

  /** What is recorded of one node is put in order by these. */
  #callId({ remoteNode }: Pick<LaneName, "remoteNode">): number {
    if (remoteNode === undefined) return this.#nextCallId++;
    return this.#remoteCallIds.get(remoteNode) ?? 0;
  }

  #cancelAgent(running: Running): void {
    if (running.isCancelled) return;
    running.isCancelled = true;
    this.#effects.push({ kind: "cancel-agent", token: running.token });
  }

  #laneOf(name: LaneName): Lane {
    const known = this.#lanes.get(laneKey(name));
    if (known !== undefined) return known;
    const lane = new Lane(name);
    this.#lanes.set(lane.key, lane);
    return lane;
  }

  #notice(level: "warn" | "error", code: ExecutorNotice["code"], what: string, order: Order): void {
    const { resource, action, intervalMs } = order;
    const message = `${formatOperationKey({ resource, action, intervalMs })} ${what}`;
    this.#effects.push({
      kind: "notice",
      level,
      code,
      message,
      fields: { resource, action, intervalMs },
    });
  }
}

type Outcome = {
  readonly rc: number;
  readonly status: number;
  readonly reason: string;
  readonly parameterKinds?: ParameterKinds | undefined;
};

function recurringName({ action, intervalMs }: Omit<OperationName, "resource">): string {
  return `${action}_${intervalMs}`;
}

function pendingReport(order: Order): OperationReport {
  return reportOf(order, { rc: pendingRc, status: opStatus.pending, reason: "" }, -1);
}

function reportOf(order: Order, outcome: Outcome, callId: number): OperationReport {
  const { resource, agent, action, intervalMs, transitionKey, params, meta, timeoutMs } = order;
  const source = meta["migrate_source"];
  const target = meta["migrate_target"];
  const migrates = action === "migrate_to" || action === "migrate_from";
  return {
    ...{ resource, agent, action, intervalMs, transitionKey, callId },
    ...{ rc: outcome.rc, opStatus: outcome.status, exitReason: outcome.reason },
    parameters: intervalMs > 0 ? { ...params, CRM_meta_timeout: String(timeoutMs) } : params,
    ...(migrates &&
      source !== undefined &&
      target !== undefined && { migration: { source, target } }),
    ...kindsOf(outcome.parameterKinds),
    ...(order.remoteNode !== undefined && { remoteNode: order.remoteNode }),
    ...(meta["on_fail"] === "ignore" && { isFailureIgnored: true }),
    ...(order.shutdownLockS !== undefined && { shutdownLockS: order.shutdownLockS }),
  };
}

function kindsOf(
  kinds: ParameterKinds | undefined,
): Pick<OperationReport, "restartParameters" | "secretParameters"> {
  return {
    ...(kinds?.restart !== undefined && { restartParameters: kinds.restart }),
    ...(kinds !== undefined && kinds.secret.length > 0 && { secretParameters: kinds.secret }),
  };
}

/** To cancel what is not there is done already. */
function unknownOperation(operation: OperationName): Order {
  return {
    ...{ ...operation, timeoutMs: 0, startDelayMs: 0, transitionKey: "" },
    ...{ agent: { class: "", type: "" }, params: {}, meta: {} },
  };
}

function seconds(wall: WallTime): number {
  return Math.trunc(wall / 1000);
}
