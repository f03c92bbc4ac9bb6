/**
 * Running one transition: an action begins when all that it waits for is done. What goes wrong, or news from outside,
 * limits what may still begin (`run-halt.ts`), and what is under way is waited for. The run is over when nothing is under
 * way and nothing can begin. Fencing among the inputs of a start is waited for like anything else: this is where "no
 * start before the fence" is kept.
 */
import { assert, present } from "../../base/assert.ts";
import { after, earliest, type Instant } from "../../base/time.ts";
import type { ActionOutcome } from "../../decision/transition-outcome.ts";
import { parseIntervalMs } from "../../formats/cib/interval.ts";
import { parseTransitionKey } from "../../formats/cib/operation-key.ts";
import { effectiveRc, opStatus } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";
import {
  cancelledOperation,
  intervalMsOf,
  isUnwaited,
  metaOf,
  orderOf,
  recipientOf,
  type TransitionId,
  targetRcOf,
  transitionKeyOf,
} from "./graph-order.ts";
import type { RunEffect } from "./run-effects.ts";
import { RunHalt } from "./run-halt.ts";
import { type Capacity, RunLimits } from "./run-limits.ts";
import type { GraphAction, Synapse, TransitionGraph } from "./types.ts";

const clusterDelayMsDefault = 60_000;

export type RunState = "running" | "aborted" | "done" | "failed";

/** found: a probe says otherwise than was planned with. */
export type ReportEffect = "expected" | "found" | "failed";

type Entry = {
  readonly synapse: Synapse;
  readonly index: number;
  state: "waiting" | "under way" | "done" | "failed";
  /** Of its inputs, those that are not done. */
  missing: number;
  /** How it ended, where an agent said so. */
  report: OperationReport | undefined;
  /** When its answer is taken for lost. */
  until: Instant | undefined;
};

export class TransitionRun {
  readonly id: TransitionId;
  readonly #graph: TransitionGraph;
  /** By action id. */
  readonly #entries = new Map<number, Entry>();
  /** By action id: those that wait for it. */
  readonly #followers = new Map<number, Entry[]>();
  /** All that they wait for is done. */
  #ready: Entry[] = [];
  readonly #underWay = new Set<Entry>();
  readonly #counts = { done: 0, failed: 0 };
  readonly #halt = new RunHalt();
  readonly #limits: RunLimits;
  /** Nodes that were lost, or joined anew, while this runs. */
  readonly #lost = new Set<string>();

  constructor(graph: TransitionGraph, id: TransitionId, capacity: Capacity) {
    this.#graph = graph;
    this.id = id;
    this.#limits = new RunLimits(graph, capacity);
    for (const [index, synapse] of graph.synapses.entries()) {
      const missing = synapse.inputs.length;
      const entry: Entry = {
        ...{ synapse, index, missing, state: "waiting" },
        ...{ report: undefined, until: undefined },
      };
      this.#entries.set(synapse.action.id, entry);
      if (missing === 0) this.#ready.push(entry);
      for (const input of synapse.inputs) {
        this.#followers.set(input.id, [...(this.#followers.get(input.id) ?? []), entry]);
      }
    }
  }

  get abortedBecause(): string | undefined {
    return this.#halt.newsBecause;
  }

  get isOver(): boolean {
    return this.#underWay.size === 0 && !this.#ready.some(({ synapse }) => this.#mayBegin(synapse));
  }

  get state(): RunState {
    if (!this.isOver) return this.#halt.isHalted ? "aborted" : "running";
    if (this.#halt.hasFailed) return "failed";
    return this.#counts.done < this.#entries.size ? "aborted" : "done";
  }

  get counts(): { readonly done: number; readonly failed: number; readonly all: number } {
    return { ...this.#counts, all: this.#entries.size };
  }

  /** It is over although nothing failed and no news came: what is left waits for each other. */
  get isStuck(): boolean {
    return this.isOver && !this.#halt.isHalted && this.#counts.done < this.#entries.size;
  }

  /** Operation keys of what has not begun; points in the order are not told. */
  notBegun(): readonly string[] {
    return [...this.#entries.values()]
      .filter(({ state, synapse }) => state === "waiting" && synapse.action.kind !== "pseudo")
      .map(({ synapse }) => synapse.action.key);
  }

  underWay(): readonly GraphAction[] {
    return [...this.#underWay].map((entry) => entry.synapse.action);
  }

  /** What could begin, were its node, or another, not under load. */
  heldByLoad(): readonly GraphAction[] {
    this.#limits.look();
    return this.#ready
      .filter(({ synapse }) => this.#mayBegin(synapse) && this.#limits.isHeldByLoad(synapse.action))
      .map(({ synapse }) => synapse.action);
  }

  /** Of a run that is over. */
  outcomes(): readonly ActionOutcome[] {
    assert(this.isOver, "nothing is under way any more");
    return [...this.#entries.values()]
      .filter(({ synapse }) => synapse.action.kind !== "pseudo")
      .map(outcomeOf);
  }

  /** What was planned with does not hold any more. The first reason counts. */
  abort(reason: string): void {
    this.#halt.onNews(reason);
  }

  /** Begins what can begin, in the order of the graph. */
  goOn(now: Instant): readonly RunEffect[] {
    const effects: RunEffect[] = [];
    this.#limits.look();
    for (let hasBegun = true; hasBegun; ) {
      hasBegun = false;
      const ready = this.#ready.sort((a, b) => a.index - b.index);
      this.#ready = [];
      for (const entry of ready) {
        const { action } = entry.synapse;
        if (!this.#mayBegin(entry.synapse) || !this.#limits.hasRoom(action)) {
          this.#ready.push(entry);
          continue;
        }
        hasBegun = true;
        effects.push(...this.#begin(entry, now));
      }
    }
    return effects;
  }

  /**
   * @param node who tells it.
   * @returns whether it ends an action of this transition: as it should, or not. Undefined: it is of another
   * transition, or a recurring operation that says something new.
   */
  onReport(node: string, report: OperationReport): ReportEffect | undefined {
    if (report.opStatus === opStatus.pending) return undefined;
    const entry = this.#entryOf(report.transitionKey);
    if (entry?.state !== "under way") return undefined;
    const { action } = entry.synapse;
    if (recipientOf(action) !== node) return undefined;
    entry.report = report;
    if (isSuccess(action, report)) {
      this.#end(entry, "done");
      return "expected";
    }
    if (!isFinding(report)) {
      this.#fail(entry);
      return "failed";
    }
    // It is no failure; but all that follows was planned without it.
    this.abort(finding(action.node?.name ?? node, report));
    this.#end(entry, "done");
    return "found";
  }

  /** @returns the action that it ends. */
  onFenced(
    target: string,
    isDone: boolean,
  ): { readonly ended: "expected" | "failed"; readonly action: GraphAction } | undefined {
    const entry = [...this.#underWay].find(
      ({ synapse: { action } }) => action.operation === "stonith" && action.node?.name === target,
    );
    if (entry === undefined) return undefined;
    if (isDone) this.#end(entry, "done");
    else this.#fail(entry);
    return { ended: isDone ? "expected" : "failed", action: entry.synapse.action };
  }

  /** What is under way on a node that is gone, or that forgot it, has failed. @returns the actions. */
  onLost(node: string, isKnownThere: (transitionKey: string) => boolean): readonly GraphAction[] {
    this.#lost.add(node);
    return this.#failAll(
      ({ synapse: { action } }) =>
        action.kind === "resource" &&
        recipientOf(action) === node &&
        !isKnownThere(transitionKeyOf(action, this.id)),
    );
  }

  /** Answers that should have come long ago. @returns their actions, which have failed. */
  onTime(now: Instant): readonly GraphAction[] {
    return this.#failAll(({ until }) => until !== undefined && now >= until);
  }

  nextDeadline(): Instant | undefined {
    return earliest(...[...this.#underWay].map((entry) => entry.until));
  }

  #mayBegin(synapse: Synapse): boolean {
    return this.#halt.allows(synapse) || this.#isArrival(synapse);
  }

  /**
   * A guest that is on its way arrives, whatever has happened since (all that its migrate_from waits for is done): left
   * half done, it would be stopped and started anew. Not on a node that was lost in this run.
   */
  #isArrival({ action }: Synapse): boolean {
    return action.operation === "migrate_from" && !this.#lost.has(recipientOf(action) ?? "");
  }

  #begin(entry: Entry, now: Instant): readonly RunEffect[] {
    const { action } = entry.synapse;
    assert(entry.state === "waiting" && entry.missing === 0, "all that it waits for is done");
    if (action.kind === "pseudo") {
      this.#end(entry, "done");
      return pseudoEffects(action);
    }
    const node = present(action.node, "the node of an action that is no point in the order").name;
    entry.state = "under way";
    this.#underWay.add(entry);
    this.#limits.begin(action);
    const effect =
      action.kind === "cluster"
        ? clusterEffect(action, node)
        : this.#resourceEffect(entry, { node: recipientOf(action) ?? node, now });
    const isTold = effect?.kind !== "order" && effect?.kind !== "cancel";
    // All but operations and fencing are done with being said.
    if ((isTold && effect?.kind !== "fence") || isUnwaited(action)) this.#end(entry, "done");
    return effect === undefined ? [] : [effect];
  }

  #resourceEffect(
    entry: Entry,
    { node, now }: { readonly node: string; readonly now: Instant },
  ): RunEffect {
    const { action } = entry.synapse;
    const order = orderOf(action, this.id);
    if (action.operation === "lrm_delete" || action.operation === "delete") {
      const host = order.remoteNode ?? node;
      return { kind: "forget", node: host, resource: order.resource, told: node };
    }
    const delayMs = parseIntervalMs(this.#graph.clusterDelay) ?? clusterDelayMsDefault;
    entry.until = after(now, order.timeoutMs * 2 + order.startDelayMs + delayMs);
    if (action.operation !== "cancel") return { kind: "order", node, order };
    const operation = cancelledOperation(action);
    return { kind: "cancel", node, operation, transitionKey: order.transitionKey };
  }

  #entryOf(transitionKey: string): Entry | undefined {
    const key = parseTransitionKey(transitionKey);
    if (key === undefined) return undefined;
    if (key.uuid !== this.id.uuid || key.transitionId !== this.id.number) return undefined;
    return this.#entries.get(key.actionId);
  }

  #failAll(isMeant: (entry: Entry) => boolean): readonly GraphAction[] {
    const failed = [...this.#underWay].filter(isMeant);
    for (const entry of failed) this.#fail(entry);
    return failed.map((entry) => entry.synapse.action);
  }

  #fail(entry: Entry): void {
    this.#halt.onFailure(entry.synapse.priority);
    this.#end(entry, "failed");
  }

  #end(entry: Entry, state: "done" | "failed"): void {
    entry.state = state;
    entry.until = undefined;
    this.#counts[state] += 1;
    if (this.#underWay.delete(entry)) this.#limits.end(entry.synapse.action);
    if (state === "failed") return;
    for (const follower of this.#followers.get(entry.synapse.action.id) ?? []) {
      follower.missing -= 1;
      if (follower.missing === 0) this.#ready.push(follower);
    }
  }
}

/** Some points in the order are to be written down, because they concern remote nodes. */
function pseudoEffects({ operation, downed, maintenance }: GraphAction): readonly RunEffect[] {
  if (operation === "stonith" && downed.length > 0) return [{ kind: "guests-down", nodes: downed }];
  return maintenance.length === 0 ? [] : [{ kind: "remote-maintenance", nodes: maintenance }];
}

function clusterEffect(action: GraphAction, node: string): RunEffect | undefined {
  const resource = action.resource?.id ?? "";
  switch (action.operation) {
    case "stonith": {
      const how = metaOf(action, "stonith_action");
      const wanted = how === "off" || how === "on" ? how : "reboot";
      const delayMs = parseIntervalMs(metaOf(action, "priority_fencing_delay") ?? "") ?? 0;
      return { kind: "fence", target: node, action: wanted, delayMs };
    }
    case "clear_failcount":
      return { kind: "clear-failures", node, resource };
    case "lrm_delete":
      return { kind: "forget", node, resource, told: action.mode === "cib" ? undefined : node };
    case "do_shutdown":
      return { kind: "shut-down", node };
    default:
      return undefined;
  }
}

function outcomeOf({ synapse: { action }, state, report }: Entry): ActionOutcome {
  const { operation: task, resource, node } = action;
  const { rc, execMs: tookMs, exitReason: why = "" } = report ?? {};
  return {
    task,
    ...(resource !== undefined && { resource: resource.id }),
    node: node?.name ?? "",
    intervalMs: intervalMsOf(action),
    state: state === "done" || state === "failed" ? state : "not-begun",
    ...(rc !== undefined && { rc }),
    ...(tookMs !== undefined && { tookMs }),
    ...(why !== "" && { why }),
  };
}

/** In words, for the log. */
export function finding(node: string, { resource, rc: told }: OperationReport): string {
  const rc = effectiveRc(told);
  if (rc === 7) return `${resource} was found not running on ${node}`;
  if (rc === 0 || rc === 8) return `${resource} was found running on ${node}`;
  return `the probe of ${resource} on ${node} ended with ${rc}`;
}

function isFinding({ action, intervalMs, opStatus: status }: OperationReport): boolean {
  return action === "monitor" && intervalMs === 0 && status === opStatus.done;
}

function isSuccess(action: GraphAction, report: OperationReport): boolean {
  if (action.operation === "cancel") return report.opStatus === opStatus.cancelled;
  // Nothing depends on what an agent makes of a notification.
  if (action.operation === "notify") return true;
  // on-fail=ignore: what is ordered after it goes on as if it had ended well.
  if (report.isFailureIgnored === true) return true;
  return report.opStatus === opStatus.done && effectiveRc(report.rc) === targetRcOf(action);
}
