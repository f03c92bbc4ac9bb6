/**
 * What the DC of a side does at once: it asks the scheduler, begins what can begin, and ends what changes nothing (points in
 * the order, probes, monitors). Starts, stops, migrations and fencing are under way until a move ends them, in any order.
 */
import { assert } from "../../src/base/assert.ts";
import { applyChange } from "../../src/core/cib/apply/apply-change.ts";
import type { CibChange } from "../../src/core/cib/change.ts";
import { opStatus, pendingRc } from "../../src/core/cib/status/operation-result.ts";
import {
  cancelledOperation,
  metaOf,
  reportWithout,
  targetRcOf,
} from "../../src/core/controller/graph-order.ts";
import {
  clearFailuresChange,
  forgetChange,
  reportChange,
  statusNode,
} from "../../src/core/controller/status-changes.ts";
import type { GraphAction } from "../../src/core/controller/types.ts";
import type { OperationReport } from "../../src/core/executor/types.ts";
import { planCluster, readCluster } from "../../src/core/scheduler/plan.ts";
import { doesNothing } from "../../src/decision/idle-graph.ts";
import { type Draft, executesOn, type Run, type Side, withSide } from "./explored-state.ts";

/** Seconds since 1970 when nothing had happened. */
export const beganS = 1_700_000_000;
const uuid = "01234567-89ab-4def-8123-456789abcdef";
/** More transitions than this without anything ending are a circle. */
const transitionsMax = 20;

export function secondsOf({ count }: { readonly count: number }): number {
  return beganS + count;
}

/** Until every side waits for something to end, or has nothing to do. */
export function decideAll(draft: Draft): void {
  for (const { dc } of draft.sides) {
    for (let transitions = 0; decide(draft, dc); transitions++) {
      assert(transitions < transitionsMax, "a transition leads somewhere");
    }
  }
}

/** @returns whether a transition that needed no waiting was run. */
function decide(draft: Draft, dc: string): boolean {
  const side = sideLedBy(draft, dc);
  if (side.run === undefined || isOver(draft, side, side.run)) {
    const graph = planCluster(
      readCluster({ cib: side.cib, now: secondsOf(draft), sanitized: true }),
    );
    if (doesNothing(graph)) {
      withSide(draft, { ...side, run: undefined });
      return false;
    }
    draft.count += 1;
    const run = { number: draft.count, graph, begun: new Set<number>(), done: new Set<number>() };
    withSide(draft, { ...side, run: { ...run, isHalted: false } });
  }
  goOn(draft, dc);
  const begun = sideLedBy(draft, dc);
  return begun.run !== undefined && isOver(draft, begun, begun.run);
}

function goOn(draft: Draft, dc: string): void {
  for (;;) {
    const { run } = sideLedBy(draft, dc);
    if (run === undefined || run.isHalted) return;
    const { graph, begun, done } = run;
    const next = graph.synapses.find(
      ({ action, inputs }) => !begun.has(action.id) && inputs.every(({ id }) => done.has(id)),
    );
    if (next === undefined) return;
    withRun(draft, dc, { ...run, begun: new Set([...begun, next.action.id]) });
    begin(draft, dc, { action: next.action, transition: run.number });
  }
}

type Ordered = { readonly action: GraphAction; readonly transition: number };

function begin(draft: Draft, dc: string, ordered: Ordered): void {
  const { action } = ordered;
  const node = action.node?.name ?? dc;
  const resource = action.resource?.id ?? "";
  switch (action.kind === "pseudo" ? "pseudo" : action.operation) {
    case "start":
    case "stop":
    case "migrate_to":
    case "migrate_from":
      record(draft, node, pendingReport(ordered));
      draft.works = [...draft.works, { node, ...ordered }];
      return;
    case "stonith":
      draft.works = [...draft.works, { node: dc, ...ordered }];
      return;
    case "monitor":
      // Behind what the executor is already doing with the resource.
      if (draft.works.some((work) => work.node === node && work.action.resource?.id === resource))
        draft.works = [...draft.works, { node, ...ordered }];
      else report(draft, node, ordered, monitorRc(draft, node, resource));
      return;
    case "cancel": {
      const { action: operation, intervalMs } = cancelledOperation(action);
      const cancelled = { ...reportOf(draft, ordered, 0), action: operation, intervalMs };
      record(draft, node, { ...cancelled, opStatus: opStatus.cancelled });
      end(draft, dc, action.id);
      return;
    }
    case "clear_failcount":
      changeStatus(draft, dc, (side) =>
        clearFailuresChange(side.cib, statusNode(side.cib, node), resource),
      );
      end(draft, dc, action.id);
      return;
    case "delete":
    case "lrm_delete":
      changeStatus(draft, dc, (side) => forgetChange(statusNode(side.cib, node), resource));
      end(draft, dc, action.id);
      return;
    case "pseudo":
      end(draft, dc, action.id);
      return;
    default:
      assert(false, `an exploration knows no ${action.operation}`);
  }
}

/** What a monitor finds. */
export function monitorRc(draft: Draft, node: string, resource: string): number {
  return executesOn(draft, resource).includes(node) ? 0 : 7;
}

/** The end of an operation, told to whoever decides for the node. */
export function report(draft: Draft, node: string, ordered: Ordered, rc: number): void {
  const { action, transition } = ordered;
  record(draft, node, reportOf(draft, ordered, rc));
  const side = draft.sides.find(({ members }) => members.includes(node));
  if (side === undefined) return;
  const isOwn = side.run?.number === transition;
  if (rc === targetRcOf(action) && isOwn) end(draft, side.dc, action.id);
  else halt(draft, side.dc);
}

function reportOf({ count }: Draft, { action, transition }: Ordered, rc: number): OperationReport {
  const outcome = { rc, opStatus: opStatus.done, why: "" };
  const without = reportWithout(action, { number: transition, uuid }, outcome);
  // A recurring operation is told again when its timeout changes.
  const timeout = without.intervalMs > 0 && {
    CRM_meta_timeout: metaOf(action, "timeout") ?? "",
  };
  const parameters = { ...without.parameters, ...(timeout || {}) };
  return { ...without, parameters, callId: count, lastRcChangeS: beganS + count };
}

/** Something that no transition asked for. */
export function tell(draft: Draft, node: string, told: OperationReport): void {
  record(draft, node, { ...told, callId: draft.count, lastRcChangeS: secondsOf(draft) });
  const side = draft.sides.find(({ members }) => members.includes(node));
  if (side !== undefined) halt(draft, side.dc);
}

export function pendingReport({ action, transition }: Ordered): OperationReport {
  const outcome = { rc: pendingRc, opStatus: opStatus.pending, why: "" };
  return reportWithout(action, { number: transition, uuid }, outcome);
}

/** In the executor's memory, and in the CIB of whoever decides for the node. */
function record(draft: Draft, node: string, told: OperationReport): void {
  draft.count += 1;
  const truth = draft.nodes.get(node);
  if (truth !== undefined && told.opStatus !== opStatus.pending) {
    draft.nodes.set(node, { ...truth, history: remembered(truth.history, told) });
  }
  const side = draft.sides.find(({ members }) => members.includes(node));
  if (side === undefined) return;
  changeStatus(draft, side.dc, ({ cib }) =>
    reportChange(cib, statusNode(cib, node), told, secondsOf(draft)),
  );
}

function remembered(
  history: readonly OperationReport[],
  told: OperationReport,
): readonly OperationReport[] {
  const isSame = (each: OperationReport): boolean =>
    each.resource === told.resource && each.intervalMs === told.intervalMs;
  const others = history.filter((each) => !isSame(each));
  const hasEnded = told.action === "stop" && told.rc === 0;
  const kept = hasEnded ? others.filter(({ resource }) => resource !== told.resource) : others;
  return told.opStatus === opStatus.cancelled ? kept : [...kept, told];
}

/** Something that the transition of this side does not expect. */
export function halt(draft: Draft, dc: string): void {
  const { run } = sideLedBy(draft, dc);
  if (run !== undefined) withRun(draft, dc, { ...run, isHalted: true });
}

export function end(draft: Draft, dc: string, actionId: number): void {
  const { run } = sideLedBy(draft, dc);
  if (run !== undefined) withRun(draft, dc, { ...run, done: new Set([...run.done, actionId]) });
}

export function changeStatus(
  draft: Draft,
  dc: string,
  changeOf: (side: Side) => CibChange | undefined,
): void {
  const side = sideLedBy(draft, dc);
  const change = changeOf(side);
  if (change === undefined) return;
  const applied = applyChange(side.cib, change);
  assert(applied.ok, applied.ok ? "" : `the status is changed: ${applied.error.message}`);
  withSide(draft, { ...side, cib: applied.value.cib });
}

export function sideLedBy(draft: Draft, dc: string): Side {
  const side = draft.sides.find((each) => each.dc === dc);
  assert(side !== undefined, `${dc} decides`);
  return side;
}

function withRun(draft: Draft, dc: string, run: Run): void {
  withSide(draft, { ...sideLedBy(draft, dc), run });
}

/** Nothing of it is under way where the DC hears of its end, and nothing more of it begins. */
function isOver(
  { works }: Draft,
  { members }: Side,
  { number, graph, done, isHalted }: Run,
): boolean {
  if (works.some(({ node, transition }) => transition === number && members.includes(node)))
    return false;
  if (isHalted || done.size === graph.synapses.length) return true;
  return !graph.synapses.some(
    ({ action, inputs }) => !done.has(action.id) && inputs.every(({ id }) => done.has(id)),
  );
}
