/**
 * Running one transition: an action begins when all that it waits for is done; what fails, or an abort, lets nothing
 * new begin, and what is under way is waited for. The run is over when nothing is under way and nothing can begin.
 * Fencing among the inputs of a start is waited for like anything else: this is where "no start before the fence" is kept.
 */
import { assert, present } from "../../base/assert.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import type { ActionOutcome } from "../../decision/transition-outcome.ts";
import { parseIntervalMs } from "../../formats/cib/interval.ts";
import { parseTransitionKey } from "../../formats/cib/operation-key.ts";
import { opStatus } from "../cib/status/operation-result.ts";
import type { OperationName, OperationReport, Order } from "../executor/types.ts";
import type { FenceAction } from "../fencer/types.ts";
import {
  cancelledOperation,
  metaOf,
  orderOf,
  type TransitionId,
  targetRcOf,
  transitionKeyOf,
} from "./graph-order.ts";
import type { GraphAction, Synapse, TransitionGraph } from "./types.ts";

/** Where the graph sets no batch-limit: operations in flight in the whole cluster. */
const inFlightMax = 100;
const clusterDelayMsDefault = 60_000;

export type RunEffect =
  | { readonly kind: "order"; readonly node: string; readonly order: Order }
  | {
      readonly kind: "cancel";
      readonly node: string;
      readonly operation: OperationName;
      readonly transitionKey: string;
    }
  | { readonly kind: "fence"; readonly target: string; readonly action: FenceAction }
  | { readonly kind: "clear-failures"; readonly node: string; readonly resource: string }
  | { readonly kind: "forget"; readonly node: string; readonly resource: string }
  | { readonly kind: "shut-down"; readonly node: string };

export type RunState = "running" | "aborted" | "done" | "failed";

/** found: a probe says otherwise than was planned with. */
export type ReportEffect = "expected" | "found" | "failed";

type ActionState = "waiting" | "under way" | "done" | "failed";

type Entry = {
  readonly synapse: Synapse;
  state: ActionState;
  /** How it ended, where an agent said so. */
  report: OperationReport | undefined;
  /** When its answer is taken for lost. */
  until: Instant | undefined;
};

export class TransitionRun {
  readonly id: TransitionId;
  readonly #graph: TransitionGraph;
  /** By action id. */
  readonly #entries: ReadonlyMap<number, Entry>;
  #abortedBecause: string | undefined;
  #hasFailed = false;

  constructor(graph: TransitionGraph, id: TransitionId) {
    this.#graph = graph;
    this.id = id;
    this.#entries = new Map(
      graph.synapses.map((synapse) => [
        synapse.action.id,
        { synapse, state: "waiting", report: undefined, until: undefined },
      ]),
    );
  }

  get isEmpty(): boolean {
    return this.#entries.size === 0;
  }

  get abortedBecause(): string | undefined {
    return this.#abortedBecause;
  }

  get isOver(): boolean {
    return this.#inState("under way").length === 0 && this.#next() === undefined;
  }

  get state(): RunState {
    if (!this.isOver) return this.#isStopped ? "aborted" : "running";
    if (this.#hasFailed) return "failed";
    return this.#inState("waiting").length > 0 ? "aborted" : "done";
  }

  get counts(): { readonly done: number; readonly failed: number; readonly all: number } {
    return {
      done: this.#inState("done").length,
      failed: this.#inState("failed").length,
      all: this.#entries.size,
    };
  }

  underWay(): readonly GraphAction[] {
    return this.#inState("under way").map((entry) => entry.synapse.action);
  }

  /** Of a run that is over. */
  outcomes(): readonly ActionOutcome[] {
    assert(this.isOver, "nothing is under way any more");
    return [...this.#entries.values()]
      .filter(({ synapse }) => synapse.action.kind !== "pseudo")
      .map(outcomeOf);
  }

  /** Lets nothing new begin. The first reason counts. */
  abort(reason: string): void {
    this.#abortedBecause ??= reason;
  }

  /** Begins what can begin. */
  goOn(now: Instant): readonly RunEffect[] {
    const effects: RunEffect[] = [];
    for (let entry = this.#next(); entry !== undefined; entry = this.#next()) {
      assert(!this.#isStopped, "nothing begins after an abort");
      assert(this.#isReady(entry), "all that it waits for is done");
      effects.push(...this.#begin(entry, now));
    }
    return effects;
  }

  /**
   * @returns whether it ends an action of this transition: as it should, or not. Undefined: it is of another
   * transition, or a recurring operation that says something new.
   */
  onReport(node: string, report: OperationReport): ReportEffect | undefined {
    if (report.opStatus === opStatus.pending) return undefined;
    const entry = this.#entryOf(report.transitionKey);
    if (entry?.state !== "under way" || entry.synapse.action.node?.name !== node) return undefined;
    entry.report = report;
    if (isSuccess(entry.synapse.action, report)) return this.#end(entry, true);
    if (!isFinding(report)) {
      this.#fail(entry);
      return "failed";
    }
    // It is no failure; but all that follows was planned without it.
    this.abort(finding(node, report));
    this.#end(entry, true);
    return "found";
  }

  onFenced(target: string, isDone: boolean): "expected" | "failed" | undefined {
    const entry = this.#inState("under way").find(
      ({ synapse: { action } }) => action.operation === "stonith" && action.node?.name === target,
    );
    if (entry !== undefined && !isDone) this.#hasFailed = true;
    return entry && this.#end(entry, isDone);
  }

  /** What is under way on a node that is gone, or that forgot it, has failed. @returns the actions. */
  onLost(node: string, isKnownThere: (transitionKey: string) => boolean): readonly GraphAction[] {
    const lost = this.#inState("under way").filter(
      ({ synapse: { action } }) =>
        action.kind === "resource" &&
        action.node?.name === node &&
        !isKnownThere(transitionKeyOf(action, this.id)),
    );
    for (const entry of lost) this.#fail(entry);
    return lost.map((entry) => entry.synapse.action);
  }

  /** Answers that should have come long ago. @returns their actions, which have failed. */
  onTime(now: Instant): readonly GraphAction[] {
    const late = this.#inState("under way").filter(
      ({ until }) => until !== undefined && now >= until,
    );
    for (const entry of late) this.#fail(entry);
    return late.map((entry) => entry.synapse.action);
  }

  nextDeadline(): Instant | undefined {
    return earliest(...this.#inState("under way").map((entry) => entry.until));
  }

  get #isStopped(): boolean {
    return this.#abortedBecause !== undefined || this.#hasFailed;
  }

  #inState(state: ActionState): readonly Entry[] {
    return [...this.#entries.values()].filter((entry) => entry.state === state);
  }

  /** The next that may begin, in the order of the graph. */
  #next(): Entry | undefined {
    if (this.#isStopped) return undefined;
    const limit = Number(this.#graph.batchLimit) > 0 ? Number(this.#graph.batchLimit) : inFlightMax;
    const isFull = this.#inState("under way").length >= limit;
    for (const entry of this.#entries.values()) {
      if (entry.state !== "waiting" || !this.#isReady(entry)) continue;
      const { action } = entry.synapse;
      if (isFull && action.kind === "resource") continue;
      if (isMigration(action) && !this.#mayMigrate(action)) continue;
      return entry;
    }
    return undefined;
  }

  #isReady({ synapse }: Entry): boolean {
    return synapse.inputs.every((input) => this.#entries.get(input.id)?.state === "done");
  }

  #mayMigrate(action: GraphAction): boolean {
    const limit = Number(this.#graph.migrationLimit ?? -1);
    if (!(limit > 0)) return true;
    const migrating = this.#inState("under way").filter(
      ({ synapse }) =>
        isMigration(synapse.action) && synapse.action.node?.name === action.node?.name,
    );
    return migrating.length < limit;
  }

  #begin(entry: Entry, now: Instant): readonly RunEffect[] {
    const { action } = entry.synapse;
    if (action.kind === "pseudo") {
      entry.state = "done";
      return [];
    }
    const node = present(action.node, "the node of an action that is no point in the order").name;
    entry.state = "under way";
    if (action.kind === "cluster") return this.#beginClusterAction(entry, node);
    const order = orderOf(action, this.id);
    const delayMs = parseIntervalMs(this.#graph.clusterDelay) ?? clusterDelayMsDefault;
    entry.until = after(now, order.timeoutMs * 2 + order.startDelayMs + delayMs);
    if (action.operation === "cancel") {
      const operation = cancelledOperation(action);
      return [{ kind: "cancel", node, operation, transitionKey: order.transitionKey }];
    }
    if (action.operation === "lrm_delete" || action.operation === "delete") {
      entry.state = "done";
      return [{ kind: "forget", node, resource: order.resource }];
    }
    return [{ kind: "order", node, order }];
  }

  /** All but fencing are done with being said. */
  #beginClusterAction(entry: Entry, node: string): readonly RunEffect[] {
    const { action } = entry.synapse;
    if (action.operation === "stonith") {
      const how = metaOf(action, "stonith_action");
      return [
        { kind: "fence", target: node, action: how === "off" || how === "on" ? how : "reboot" },
      ];
    }
    entry.state = "done";
    const resource = action.resource?.id ?? "";
    switch (action.operation) {
      case "clear_failcount":
        return [{ kind: "clear-failures", node, resource }];
      case "lrm_delete":
        return [{ kind: "forget", node, resource }];
      case "do_shutdown":
        return [{ kind: "shut-down", node }];
      default:
        return [];
    }
  }

  #entryOf(transitionKey: string): Entry | undefined {
    const key = parseTransitionKey(transitionKey);
    if (key === undefined) return undefined;
    if (key.uuid !== this.id.uuid || key.transitionId !== this.id.number) return undefined;
    return this.#entries.get(key.actionId);
  }

  #end(entry: Entry, isGood: boolean): "expected" | "failed" {
    entry.state = isGood ? "done" : "failed";
    entry.until = undefined;
    return isGood ? "expected" : "failed";
  }

  #fail(entry: Entry): void {
    this.#hasFailed = true;
    this.#end(entry, false);
  }
}

function outcomeOf({ synapse: { action }, state, report }: Entry): ActionOutcome {
  const { key, operation, node } = action;
  const { rc, execMs: tookMs, exitReason: why = "" } = report ?? {};
  return {
    key: key === "" ? [operation, action.resource?.id ?? ""].join(" ").trim() : key,
    node: node?.name ?? "",
    state: state === "done" || state === "failed" ? state : "not-begun",
    ...(rc !== undefined && { rc }),
    ...(tookMs !== undefined && { tookMs }),
    ...(why !== "" && { why }),
  };
}

function isMigration({ operation }: GraphAction): boolean {
  return operation === "migrate_to" || operation === "migrate_from";
}

/** In words, for the log. */
export function finding(node: string, { resource, rc }: OperationReport): string {
  if (rc === 7) return `${resource} was found not running on ${node}`;
  if (rc === 0 || rc === 8) return `${resource} was found running on ${node}`;
  return `the probe of ${resource} on ${node} ended with ${rc}`;
}

function isFinding({ action, intervalMs, opStatus: status }: OperationReport): boolean {
  return action === "monitor" && intervalMs === 0 && status === opStatus.done;
}

function isSuccess(action: GraphAction, report: OperationReport): boolean {
  if (action.operation === "cancel") return report.opStatus === opStatus.cancelled;
  return report.opStatus === opStatus.done && report.rc === targetRcOf(action);
}
