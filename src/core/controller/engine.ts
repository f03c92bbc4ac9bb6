/**
 * When the scheduler is asked, and the transition that it gave. What is unexpected is noted with its reason: it aborts
 * the transition that runs, and the scheduler is asked again when that is over.
 *
 * The scheduler is guarded: a bug in it gives a notice and no transition. It is a function of the CIB, and no transition
 * means that nothing moves; everything else that fails an assertion stops the node.
 */
import { assert, present } from "../../base/assert.ts";
import { after, earliest, elapsedMs, type Instant } from "../../base/time.ts";
import { doesNothing } from "../../decision/idle-graph.ts";
import type { TransitionOutcome } from "../../decision/transition-outcome.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { OperationReport } from "../executor/types.ts";
import { Echo } from "./echo.ts";
import { lastTransitionIn } from "./last-transition.ts";
import { type ClusterLoad, loadSentence } from "./load-sentence.ts";
import { clusterOperationsUnderLoad, type LoadLevel, operationsUnderLoad } from "./node-load.ts";
import { reachableGraph } from "./reachable-graph.ts";
import { optionDurationMs, optionNumber } from "./read-options.ts";
import type { RunEffect } from "./run-effects.ts";
import type { Capacity } from "./run-limits.ts";
import { type DiskConstraint, type InputFacts, scheduleInput } from "./schedule-input.ts";
import { type ReportEffect, type RunState, TransitionRun } from "./transition-run.ts";
import type { BlockedReason, GraphAction, PlannedChange, Scheduled } from "./types.ts";
import {
  type ControllerNotice,
  type DcWorld,
  type KeepInput,
  type KeepOutcome,
  type Now,
  seconds,
} from "./world.ts";

/** More transitions than this in the window are a circle: the next ones come slowly. */
const transitionsMax = 20;
const windowMs = 10_000;
const slowMs = 5000;
const leaveMs = 2000;
/** Reasons that are remembered until the scheduler is asked; the first ones say most. */
const reasonsMax = 5;
const recheckReason = "it is time to look again";

export type EngineEffect =
  | RunEffect
  | KeepInput
  | KeepOutcome
  | { readonly kind: "status-changed" }
  | ControllerNotice;

export type TransitionRecord = {
  readonly number: number;
  readonly reason: string;
  readonly state: RunState;
  /** Wall times in ms. */
  readonly began: number;
  readonly ended: number | undefined;
  readonly changes: readonly PlannedChange[];
  readonly counts: TransitionRun["counts"];
  readonly underWay: readonly GraphAction[];
  /** What could begin, were its node, or another, not under load. */
  readonly heldByLoad: readonly GraphAction[];
};

export type EngineWorld = Pick<
  DcWorld,
  "self" | "cib" | "newUuid" | "schedule" | "lastTransition" | "nodeActionsMax" | "load" | "members"
>;

type Current = {
  readonly run: TransitionRun;
  readonly reason: string;
  readonly began: number;
  readonly scheduled: Scheduled;
  ended: number | undefined;
  /** That load holds something back is said once in a transition. */
  toldOfLoad: boolean;
};

export class Engine {
  readonly #world: EngineWorld;
  readonly #uuid: string;
  /** Of the last transition; undefined before the first one. */
  #number: number | undefined;
  #current: Current | undefined;
  #reasons: string[] = [];
  /** With reasons: not before this time; undefined = as soon as may be. */
  #notBefore: Instant | undefined;
  /** Fencing failed: when it is worth trying again. */
  #retryAt: Instant | undefined;
  #recheckAt: Instant | undefined;
  #lately: Instant[] = [];
  #disks: readonly DiskConstraint[] = [];
  #waitsForDisks = false;
  #toldDisks = "";
  /** Why a node could not be fenced, by name. */
  readonly #fencingTrouble = new Map<string, string>();
  readonly #echo = new Echo();
  /** Operations that are not done a second time. */
  #repeated: readonly string[] = [];

  constructor(world: EngineWorld) {
    this.#world = world;
    this.#uuid = world.newUuid();
  }

  /** Nothing runs, and nothing waits to be decided. */
  get isIdle(): boolean {
    return this.#reasons.length === 0 && !this.#isRunning && !this.#waitsForDisks;
  }

  get disks(): readonly DiskConstraint[] {
    return this.#disks;
  }

  get transition(): TransitionRecord | undefined {
    if (this.#current === undefined) return undefined;
    const { run, reason, began, ended, scheduled } = this.#current;
    return {
      ...{ number: run.id.number, reason, state: run.state, began, ended },
      ...{ changes: scheduled.changes, counts: run.counts, underWay: run.underWay() },
      heldByLoad: run.heldByLoad(),
    };
  }

  /** What the scheduler said last: why everything is as it is. */
  get reasons(): unknown {
    return this.#current?.scheduled.reasons;
  }

  get blocked(): readonly BlockedReason[] {
    const fencing = [...this.#fencingTrouble].map(([about, reason]) => ({ about, reason }));
    const stuck = this.#stuckActions().map((key) => ({
      about: key,
      reason: "it waits for itself",
    }));
    const again = this.#repeated.map((about) => ({ about, reason: "it would only be done again" }));
    return [...fencing, ...stuck, ...again, ...(this.#current?.scheduled.blocked ?? [])];
  }

  /** Something that the present transition does not expect. @param notBefore it can wait until then. */
  note(reason: string, notBefore?: Instant): void {
    if (this.#isRunning) this.#current?.run.abort(reason);
    this.#remember(reason, notBefore);
  }

  /** To be looked at when the present transition is over; that goes on as far as it may. */
  noteForLater(reason: string): void {
    this.#remember(reason, undefined);
  }

  #remember(reason: string, notBefore: Instant | undefined): void {
    const isWaiting = this.#reasons.length > 0;
    if (notBefore === undefined) this.#notBefore = undefined;
    else if (!isWaiting) this.#notBefore = notBefore;
    if (this.#reasons.length < reasonsMax && !this.#reasons.includes(reason)) {
      this.#reasons.push(reason);
    }
  }

  onReport(node: string, report: OperationReport): ReportEffect | undefined {
    return this.#current?.run.onReport(node, report);
  }

  /** @returns the action of the present transition that it ends. */
  onFenced(
    target: string,
    result: {
      readonly isDone: boolean;
      readonly why: string;
      readonly retryAt: Instant | undefined;
    },
  ): GraphAction | undefined {
    if (result.isDone) this.#fencingTrouble.delete(target);
    else this.#fencingTrouble.set(target, result.why);
    const of = this.#current?.run.onFenced(target, result.isDone);
    if (of?.ended === "failed") this.#retryAt = result.retryAt;
    else if (of === undefined) this.note(`${target} was fenced`);
    return of?.action;
  }

  /** It is back, or nothing of it needs fencing any more. */
  forgetTrouble(node: string): void {
    this.#fencingTrouble.delete(node);
  }

  onLost(node: string, isKnownThere: (transitionKey: string) => boolean): readonly GraphAction[] {
    return this.#current?.run.onLost(node, isKnownThere) ?? [];
  }

  /** Operations of this engine's present transition carry these. */
  get transitionId(): TransitionRun["id"] | undefined {
    return this.#current?.run.id;
  }

  takeOverdue(now: Instant): readonly GraphAction[] {
    return this.#current?.run.onTime(now) ?? [];
  }

  /**
   * Everything that has happened is told: goes on with the transition, or asks the scheduler.
   * @param mayAct false: nothing new is begun, nor decided.
   */
  onQuiet(mayAct: boolean, facts: () => InputFacts, at: Now): readonly EngineEffect[] {
    if (this.#recheckAt !== undefined && at.now >= this.#recheckAt) {
      this.#recheckAt = undefined;
      this.#echo.onRecheck(recheckReason);
      this.note(recheckReason);
    }
    const effects: EngineEffect[] = [];
    if (this.#isRunning) {
      if (mayAct) effects.push(...this.#goOn(at));
      if (this.#current?.run.isOver === true) effects.push(...this.#finish(at));
      return effects;
    }
    const isDue = this.#notBefore === undefined || at.now >= this.#notBefore;
    if (this.#reasons.length === 0 || !isDue || !mayAct) return effects;
    return this.#schedule(facts(), at);
  }

  /** Whether nothing would be done if the CIB were that one. */
  isSettledBy(cib: XmlElement, facts: InputFacts, at: Now): boolean {
    const asked = this.#askScheduler(scheduleInput(cib, facts).cib, at);
    return asked !== undefined && doesNothing(reachableGraph(asked.graph, facts.held));
  }

  nextDeadline(): Instant | undefined {
    const waiting = this.#reasons.length > 0 && !this.#isRunning ? this.#notBefore : undefined;
    return earliest(waiting, this.#recheckAt, this.#current?.run.nextDeadline());
  }

  get #isRunning(): boolean {
    return this.#current !== undefined && this.#current.ended === undefined;
  }

  #schedule(facts: InputFacts, at: Now): readonly EngineEffect[] {
    const reasons = this.#reasons;
    const reason = reasons.join("; ");
    const { cib, disks, waitsForDisks } = scheduleInput(this.#world.cib(), facts);
    this.#disks = disks;
    this.#waitsForDisks = waitsForDisks;
    this.#reasons = [];
    this.#notBefore = undefined;
    this.#retryAt = undefined;
    const last = this.#lastNumber();
    const number = last + 1;
    const nowS = seconds(at);
    const asked = this.#askScheduler(cib, at);
    if (asked === undefined) return this.#onBug({ number, cib, nowS, reason }, at);
    const scheduled = { ...asked, graph: reachableGraph(asked.graph, facts.held) };
    this.#recheckAt = this.#nextRecheck(scheduled, at);
    this.#repeated = this.#echo.repeated(scheduled.graph, reasons);
    if (doesNothing(scheduled.graph) || this.#repeated.length > 0) {
      const nothing = { ...scheduled, graph: { ...scheduled.graph, synapses: [] } };
      this.#current = this.#newCurrent({ number: last, reason, scheduled: nothing }, at);
      this.#current.ended = at.wall;
      return [
        { kind: "keep-input", number: last, isIdle: true, cib, nowS, reason },
        ...this.#idleNotice(reason),
        ...this.#echoNotice(),
        { kind: "status-changed" },
      ];
    }
    this.#number = number;
    this.#current = this.#newCurrent({ number, reason, scheduled }, at);
    return [
      { kind: "keep-input", number, isIdle: false, cib, nowS, reason },
      this.#beginNotice(number, reason, scheduled),
      { kind: "status-changed" },
      ...this.#goOn(at),
    ];
  }

  /** A new DC counts on from what the cluster has seen. */
  #lastNumber(): number {
    return (
      this.#number ?? Math.max(this.#world.lastTransition(), lastTransitionIn(this.#world.cib()))
    );
  }

  #goOn(at: Now): readonly EngineEffect[] {
    const effects: readonly RunEffect[] = this.#current?.run.goOn(at.now) ?? [];
    // It takes a moment to leave, in which it would only be told to leave again.
    if (effects.some((effect) => effect.kind === "shut-down"))
      this.#retryAt = after(at.now, leaveMs);
    return [...effects, ...this.#loadNotice()];
  }

  #loadNotice(): readonly ControllerNotice[] {
    const current = this.#current;
    if (current === undefined || current.toldOfLoad || this.load().nodes.length === 0) return [];
    const held = current.run.heldByLoad();
    if (held.length === 0) return [];
    current.toldOfLoad = true;
    const message = loadSentence(held, this.load());
    return [{ kind: "notice", level: "warn", code: "HF4423", message, fields: {} }];
  }

  /** Of the members that are under load. */
  load(): ClusterLoad {
    const capacity = this.#capacity();
    const nodes = this.#world.members().flatMap(({ name }) => {
      const level = capacity.loadOf(name);
      const operations = operationsUnderLoad(level, capacity.operationsMax(name));
      return level === 0 ? [] : [{ node: name, level, operations }];
    });
    return { nodes, operations: clusterOperationsUnderLoad(capacity.loads()) };
  }

  #newCurrent(
    of: { readonly number: number; readonly reason: string; readonly scheduled: Scheduled },
    at: Now,
  ): Current {
    const { number, reason, scheduled } = of;
    const id = { number, uuid: this.#uuid };
    const run = new TransitionRun(scheduled.graph, id, this.#capacity());
    return { run, reason, began: at.wall, scheduled, ended: undefined, toldOfLoad: false };
  }

  #capacity(): Capacity {
    const { load, members, nodeActionsMax } = this.#world;
    const configured = optionNumber(this.#world.cib(), "node-action-limit");
    const loadOf = (node: string): LoadLevel => load(node)?.level ?? 0;
    return {
      operationsMax: (node) =>
        configured > 0 ? configured : (load(node)?.operationsMax ?? nodeActionsMax),
      loadOf,
      loads: () => members().map(({ name }) => loadOf(name)),
    };
  }

  #askScheduler(cib: XmlElement, at: Now): Scheduled | undefined {
    try {
      return this.#world.schedule({ cib, nowS: seconds(at) });
    } catch {
      return undefined;
    }
  }

  #onBug(of: Omit<KeepInput, "kind" | "isIdle">, at: Now): readonly EngineEffect[] {
    this.#number = of.number;
    this.#recheckAt = after(at.now, optionDurationMs(of.cib, "cluster-recheck-interval"));
    const message =
      "The scheduler failed on a bug of its own: nothing is moved until the CIB changes. " +
      `Its input is kept as number ${of.number}.`;
    return [
      { kind: "keep-input", isIdle: false, ...of },
      { kind: "notice", level: "error", code: "HF4412", message, fields: { number: of.number } },
    ];
  }

  #nextRecheck({ graph }: Scheduled, at: Now): Instant | undefined {
    const intervalMs = optionDurationMs(this.#world.cib(), "cluster-recheck-interval");
    const regular = intervalMs > 0 ? after(at.now, intervalMs) : undefined;
    if (graph.recheckBy === undefined) return regular;
    // The scheduler counts in whole seconds.
    const wanted = after(at.now, Math.max(1000, graph.recheckBy * 1000 - at.wall + 1000));
    return earliest(regular, wanted);
  }

  #finish(at: Now): readonly EngineEffect[] {
    const current = present(this.#current, "the transition that is over");
    const { run } = current;
    const { number } = run.id;
    const { state, counts } = run;
    current.ended = at.wall;
    const retryAt = this.#retryAt;
    this.#lately = [...this.#lately.filter((each) => elapsedMs(each, at.now) < windowMs), at.now];
    const effects: EngineEffect[] = [
      { kind: "keep-outcome", outcome: this.#outcomeOf(current, at) },
      { kind: "status-changed" },
    ];
    const why = run.abortedBecause === undefined ? "" : ` (${run.abortedBecause})`;
    const message = `Transition ${number} is over: ${state}${why}, ${counts.done} of ${counts.all} actions done.`;
    const level = state === "failed" ? "warn" : "info";
    const fields = { number, state, ...counts };
    effects.push({ kind: "notice", level, code: "transition-over", message, fields });
    const isCircle = this.#lately.length > transitionsMax;
    if (isCircle) {
      const text = `${this.#lately.length} transitions in ${windowMs / 1000} s: the next one waits ${slowMs / 1000} s.`;
      effects.push({ kind: "notice", level: "warn", code: "HF4413", message: text, fields: {} });
    }
    if (this.#reasons.length === 0 && run.isStuck) {
      effects.push(this.#stuckNotice(current));
    } else if (this.#reasons.length === 0) {
      const reason = `transition ${number} is ${state}`;
      if (state === "done") this.#echo.onDone(current.scheduled.graph, reason);
      this.note(reason, isCircle ? after(at.now, slowMs) : retryAt);
    } else if (isCircle) {
      this.#notBefore = after(at.now, slowMs);
    }
    return effects;
  }

  /** Operation keys of the last transition, if they wait for each other: asking again would bring the same. */
  #stuckActions(): readonly string[] {
    const { run, ended } = this.#current ?? {};
    return run !== undefined && ended !== undefined && run.isStuck ? run.notBegun() : [];
  }

  #echoNotice(): readonly ControllerNotice[] {
    if (this.#repeated.length === 0) return [];
    const message =
      `Not done a second time, though the rules ask for it: ${this.#repeated.join(", ")}. ` +
      "It would go on without end; it is done again when something changes.";
    return [{ kind: "notice", level: "warn", code: "HF4418", message, fields: {} }];
  }

  #stuckNotice({ run }: Current): ControllerNotice {
    const { number } = run.id;
    const waiting = run.notBegun().join(", ");
    const message =
      `Transition ${number} cannot be finished: ${waiting} wait for each other. Nothing more is done ` +
      "until the configuration or the cluster changes.";
    return { kind: "notice", level: "error", code: "HF4416", message, fields: { number } };
  }

  #outcomeOf({ run, reason, began }: Current, at: Now): TransitionOutcome {
    const { state, abortedBecause } = run;
    assert(state !== "running", "the transition is over");
    return {
      ...{ number: run.id.number, dc: this.#world.self, reason, state },
      ...(abortedBecause !== undefined && { abortedBecause }),
      ...{ beganMs: began, endedMs: at.wall, actions: run.outcomes() },
    };
  }

  /** Somebody may wait for what the disks do not allow. */
  #idleNotice(reason: string): readonly ControllerNotice[] {
    const listed = this.#disks.map((each) => `${each.resource} on ${each.node}: ${each.reason}`);
    const told = listed.join("; ");
    if (told === this.#toldDisks) return [];
    this.#toldDisks = told;
    if (told === "") return [];
    const message = `Nothing to do (${reason}). Disks are not ready: ${told}.`;
    return [{ kind: "notice", level: "info", code: "disks-not-ready", message, fields: {} }];
  }

  #beginNotice(number: number, reason: string, { changes }: Scheduled): ControllerNotice {
    const listed = changes.map(describeChange).join(", ");
    const message = `Transition ${number}, because ${reason}: ${listed || "bookkeeping"}.`;
    return { kind: "notice", level: "info", code: "transition", message, fields: { number } };
  }
}

function describeChange({ change, what, from, to, blocked }: PlannedChange): string {
  const where =
    from !== undefined && to !== undefined && from !== to ? `${from} -> ${to}` : (to ?? from);
  const place = where === undefined ? "" : ` (${where})`;
  return `${change} ${what}${place}${blocked ? " blocked" : ""}`;
}
