/** An action of the transition -> the order for a node's executor. */
import { parseIntervalMs } from "../../formats/cib/interval.ts";
import { formatTransitionKey } from "../../formats/cib/operation-key.ts";
import type { AgentId, OperationName, OperationReport, Order } from "../executor/types.ts";
import type { GraphAction } from "./types.ts";

export type TransitionId = { readonly number: number; readonly uuid: string };

const defaultTimeoutMs = 20_000;
const metaPrefix = "CRM_meta_";

export function orderOf(action: GraphAction, transition: TransitionId): Order {
  const meta: Record<string, string> = {};
  const params: [string, string][] = [];
  const isOcf = action.resource?.agentClass === "ocf";
  for (const [name, value] of action.attributes) {
    if (name.startsWith(metaPrefix)) meta[name.slice(metaPrefix.length)] = value;
    // Agents of OCF look at it; for all others it would be a parameter that they do not know.
    else if (name !== "crm_feature_set" || isOcf) params.push([name, value]);
  }
  return {
    agent: agentOf(action),
    resource: action.resource?.id ?? "",
    action: action.operation,
    params: Object.fromEntries(params),
    meta,
    transitionKey: transitionKeyOf(action, transition),
    intervalMs: intervalMsOf(action),
    timeoutMs: wholeNumber(meta["timeout"], defaultTimeoutMs),
    startDelayMs: wholeNumber(meta["start_delay"], 0),
    ...remoteNodeOf(action),
    ...(action.shutdownLock !== undefined && { shutdownLockS: action.shutdownLock }),
  };
}

/** The node that is told to do it; undefined for points in the order. */
export function recipientOf({ node, routerNode }: GraphAction): string | undefined {
  return routerNode ?? node?.name;
}

function remoteNodeOf({ node, routerNode }: GraphAction): { readonly remoteNode?: string } {
  return routerNode !== undefined && node !== undefined ? { remoteNode: node.name } : {};
}

/** Its result is not waited for. */
export function isUnwaited(action: GraphAction): boolean {
  return metaOf(action, "op_no_wait") === "true";
}

export function transitionKeyOf(action: GraphAction, { number, uuid }: TransitionId): string {
  return formatTransitionKey({
    actionId: action.id,
    transitionId: number,
    targetRc: targetRcOf(action),
    uuid,
  });
}

export function targetRcOf(action: GraphAction): number {
  return wholeNumber(metaOf(action, "op_target_rc"), 0);
}

/** Of a `cancel`: what is to be cancelled. */
export function cancelledOperation(action: GraphAction): OperationName {
  return {
    resource: action.resource?.id ?? "",
    action: metaOf(action, "operation") ?? "monitor",
    intervalMs: intervalMsOf(action),
    ...remoteNodeOf(action),
  };
}

export function metaOf(action: GraphAction, name: string): string | undefined {
  return action.attributes.find(([each]) => each === metaPrefix + name)?.[1];
}

/** Why an operation that cannot be sent, or whose answer will never come, is recorded as it is. */
export function reportWithout(
  action: GraphAction,
  transition: TransitionId,
  outcome: { readonly rc: number; readonly opStatus: number; readonly why: string },
): OperationReport {
  const order = orderOf(action, transition);
  const { agent, resource, intervalMs, transitionKey, params, meta } = order;
  const [source, target] = [meta["migrate_source"], meta["migrate_target"]];
  const migrates = order.action === "migrate_to" || order.action === "migrate_from";
  return {
    ...{ agent, resource, action: order.action, intervalMs, transitionKey, parameters: params },
    ...{ rc: outcome.rc, opStatus: outcome.opStatus, callId: -1, exitReason: outcome.why },
    ...(migrates &&
      source !== undefined &&
      target !== undefined && { migration: { source, target } }),
    ...(order.remoteNode !== undefined && { remoteNode: order.remoteNode }),
  };
}

function agentOf({ resource }: GraphAction): AgentId {
  const { agentClass = "", provider, type = "" } = resource ?? {};
  return { class: agentClass, type, ...(provider !== undefined && { provider }) };
}

export function intervalMsOf(action: GraphAction): number {
  return wholeNumber(metaOf(action, "interval"), 0);
}

/** Milliseconds; the scheduler writes plain numbers. */
function wholeNumber(text: string | undefined, otherwise: number): number {
  if (text === undefined) return otherwise;
  if (/^-?\d{1,15}$/.test(text)) return Number(text);
  return parseIntervalMs(text) ?? otherwise;
}
