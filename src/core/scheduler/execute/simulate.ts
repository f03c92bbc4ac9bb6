/**
 * Simulated execution: what the CIB would be after the transition if every action ended as it should. Nothing is run;
 * shutdowns only count as begun.
 */
import { attribute, withChildren, type XmlElement } from "../../../formats/xml/xml-element.ts";
import type { GraphAction, TransitionGraph } from "../graph/transition-graph.ts";
import { scanInteger } from "../values/number.ts";
import { recordSuccess, resourceHistory } from "./record-result.ts";
import { type RunOutcome, runGraph } from "./run-graph.ts";
import { type Draft, draftOf, newDraft, nodeState, setAttributes } from "./status-draft.ts";

/** What was done, in the order in which it was done. */
export type Step =
  | { readonly kind: "pseudo"; readonly key: string; readonly node: string | undefined }
  | {
      readonly kind: "resource";
      readonly resource: string;
      readonly task: string;
      readonly intervalMs: number;
      readonly node: string;
    }
  | {
      readonly kind: "cluster";
      readonly task: string;
      readonly resource: string | undefined;
      readonly node: string;
    }
  | { readonly kind: "fence"; readonly node: string; readonly how: string };

export type SimulationInput = {
  readonly cib: XmlElement;
  readonly graph: TransitionGraph;
  /** Seconds since 1970: when everything is taken to happen. */
  readonly now: number;
  /** Whether the configuration or the status knows a resource by that name. */
  readonly isKnown: (resource: string) => boolean;
};

export type Simulation = {
  readonly cib: XmlElement;
  readonly steps: readonly Step[];
  readonly outcome: RunOutcome;
};

export function simulate(input: SimulationInput): Simulation {
  const given = input.cib.children.find((each) => each.name === "status");
  const status = given === undefined ? newDraft("status") : draftOf(given);
  const steps: Step[] = [];
  const outcome = runGraph(input.graph, (action) => perform(action, { input, status, steps }));
  const others = input.cib.children.filter((each) => each !== given);
  return { cib: withChildren(input.cib, [...others, status]), steps, outcome };
}

type Run = {
  readonly input: SimulationInput;
  readonly status: Draft;
  readonly steps: Step[];
};

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
  { input, status, steps }: Run,
): boolean {
  const { resource, operation } = action;
  if (resource === undefined || action.node === undefined) return false;
  const long = resource.longId;
  const byLongId = !input.isKnown(resource.id) && long !== undefined && input.isKnown(long);
  const name = byLongId ? long : resource.id;
  const interval = action.attributes.find(([each]) => each === "CRM_meta_interval")?.[1];
  const intervalMs = scanInteger(interval) ?? 0;
  const forgotten = operation === "delete" || operation === "meta-data";
  if (!forgotten) {
    const state = nodeState(status, node, action.routerNode === undefined ? action.node.id : node);
    const history = resourceHistory(state, name, resource);
    if (history === undefined) return false;
    recordSuccess({ history, action, node, now: input.now });
  }
  const shownInterval = forgotten ? 0 : intervalMs;
  steps.push({
    kind: "resource",
    resource: name,
    task: operation,
    intervalMs: shownInterval,
    node,
  });
  return true;
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
