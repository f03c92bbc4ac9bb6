/**
 * Simulated execution: what the CIB would be after the transition if every action ended as it should, or as it was asked
 * to fail. Nothing is run; shutdowns only count as begun.
 */

import type { ExecutedStep, StepTime } from "../../../decision/transition.ts";
import {
  attribute,
  descendants,
  withChildren,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import type { GraphAction, TransitionGraph } from "../graph/transition-graph.ts";
import { scanInteger } from "../values/number.ts";
import { countFailure } from "./count-failure.ts";
import { ExpectedTimes } from "./expected-times.ts";
import type { OperationSpec } from "./operation-spec.ts";
import { recordResult, resourceHistory, resultOf } from "./record-result.ts";
import { type RunOutcome, runGraph } from "./run-graph.ts";
import { type Draft, draftOf, newDraft, nodeState, setAttributes } from "./status-draft.ts";

export type SimulationInput = {
  readonly cib: XmlElement;
  readonly graph: TransitionGraph;
  /** Seconds since 1970: when everything is taken to happen. */
  readonly now: number;
  /** Whether the configuration or the status knows a resource by that name. */
  readonly isKnown: (resource: string) => boolean;
  /** Operations that fail if they are run. */
  readonly failing?: readonly OperationSpec[];
};

export type Simulation = {
  readonly cib: XmlElement;
  readonly steps: readonly ExecutedStep[];
  /** Of each step; undefined for what takes no time. */
  readonly times: readonly (StepTime | undefined)[];
  readonly outcome: RunOutcome;
};

export function simulate(input: SimulationInput): Simulation {
  const given = input.cib.children.find((each) => each.name === "status");
  const status = given === undefined ? newDraft("status") : draftOf(given);
  const steps: ExecutedStep[] = [];
  const now = Math.max(input.now, latestResult(status));
  const expected = new ExpectedTimes(given);
  const times: (StepTime | undefined)[] = [];
  const outcome = runGraph(input.graph, (action, inputs) => {
    const time = expected.of(action, inputs);
    const isDone = perform(action, { input, status, steps, now });
    if (times.length < steps.length) times.push(action.kind === "pseudo" ? undefined : time);
    // What follows from the step takes no time of its own.
    while (times.length < steps.length) times.push(undefined);
    return isDone;
  });
  const others = input.cib.children.filter((each) => each !== given);
  return { cib: withChildren(input.cib, [...others, status]), steps, times, outcome };
}

type Run = {
  readonly input: SimulationInput;
  readonly status: Draft;
  readonly steps: ExecutedStep[];
  readonly now: number;
};

/** What is simulated comes after all that is recorded, whatever the clock is taken to be. */
function latestResult(status: XmlElement): number {
  let latest = 0;
  for (const each of descendants(status)) {
    if (each.name !== "lrm_rsc_op") continue;
    latest = Math.max(latest, scanInteger(attribute(each, "last-rc-change")) ?? 0);
  }
  return latest;
}

function perform(action: GraphAction, run: Run): boolean {
  const { steps } = run;
  const node = action.node?.name;
  if (action.kind === "pseudo") {
    steps.push({ kind: "pseudo", key: action.key, node });
    return true;
  }
  if (node === undefined) return false;
  if (action.kind === "resource") return performOnResource(action, node, run);
  if (action.operation === "stonith") {
    fence(action, node, run);
    return true;
  }
  const resource = action.resource?.id;
  steps.push({ kind: "cluster", task: action.operation, resource, node });
  return true;
}

function performOnResource(
  action: GraphAction,
  node: string,
  { input, status, steps, now }: Run,
): boolean {
  const { resource, operation } = action;
  if (resource === undefined || action.node === undefined) return false;
  const long = resource.longId;
  const byLongId = !input.isKnown(resource.id) && long !== undefined && input.isKnown(long);
  const name = byLongId ? long : resource.id;
  const interval = action.attributes.find(([each]) => each === "CRM_meta_interval")?.[1];
  const intervalMs = scanInteger(interval) ?? 0;
  const isForgotten = operation === "delete" || operation === "meta-data";
  const step = { kind: "resource", resource: name, task: operation, node } as const;
  if (isForgotten) {
    steps.push({ ...step, intervalMs: 0 });
    return true;
  }
  const nodeId = action.routerNode === undefined ? action.node.id : node;
  const state = nodeState(status, node, nodeId);
  const history = resourceHistory(state, name, resource);
  if (history === undefined) return false;
  const failing = input.failing?.find((spec) =>
    isMeant(spec, [name, resource.id], { operation, intervalMs, node }),
  );
  const failure = failing && { rc: failing.rc, exitReason: "User-injected result" };
  const result = resultOf({ action, node, now, failure });
  recordResult(history, result);
  steps.push({ ...step, intervalMs });
  if (result.rc === result.targetRc) return true;
  steps.push({ kind: "failed", actionId: action.id, rc: result.rc });
  steps.push(...countFailure(state, { ...result, resource: name }));
  return false;
}

function isMeant(
  spec: OperationSpec,
  names: readonly string[],
  run: { readonly operation: string; readonly intervalMs: number; readonly node: string },
): boolean {
  return (
    names.includes(spec.resource) &&
    spec.task === run.operation &&
    spec.intervalMs === run.intervalMs &&
    spec.node === run.node
  );
}

/** A fenced node is down, and what it knew is forgotten. */
function fence(action: GraphAction, node: string, { status, steps }: Run): void {
  const how = action.attributes.find(([name]) => name === "CRM_meta_stonith_action")?.[1] ?? "";
  steps.push({ kind: "fence", node, how });
  if (how.toLowerCase() === "on") return;
  const state = nodeState(status, node, action.node?.id ?? node);
  setAttributes(state, { in_ccm: "false", crmd: "offline", join: "down", expected: "down" });
  for (const each of status.children) {
    if (each.name !== "node_state" || attribute(each, "uname") !== node) continue;
    each.children = each.children.filter(
      (part) => part.name !== "lrm" && part.name !== "transient_attributes",
    );
  }
}
