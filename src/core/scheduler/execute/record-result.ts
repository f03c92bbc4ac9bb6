/** Writes an operation's result into the status section, as the nodes' executors record theirs. */
import { formatTransitionKey } from "../../../formats/cib/operation-key.ts";
import { attribute } from "../../../formats/xml/xml-element.ts";
import { operationDigest } from "../actions/digests.ts";
import type { GraphAction, GraphResource } from "../graph/transition-graph.ts";
import { scanInteger } from "../values/number.ts";
import { notifyKey, opKey } from "../values/op-key.ts";
import { childMade, type Draft, newDraft, setAttributes } from "./status-draft.ts";

/** Agents of other classes have no executor. */
const knownClasses: ReadonlySet<string> = new Set(["ocf", "stonith", "service", "systemd", "lsb"]);

/** Stands for the transition that nobody ran. */
const simulatedTransition = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";

/** The resource's history under the state of a node, or undefined if it has none and cannot have any. */
export function resourceHistory(
  state: Draft,
  name: string,
  resource: Omit<GraphResource, "element" | "longId">,
): Draft | undefined {
  const known = onlyHistory(state, name) ?? onlyHistory(state, resource.id);
  if (known !== undefined) return known;
  const { agentClass, provider, type } = resource;
  if (agentClass === undefined || type === undefined) return undefined;
  if (!knownClasses.has(agentClass.toLowerCase())) return undefined;
  if (agentClass.toLowerCase() === "ocf" && provider === undefined) return undefined;
  const lrm = childMade(state, "lrm", { id: attribute(state, "id") });
  const made = newDraft("lrm_resource", { id: resource.id, class: agentClass, provider, type });
  childMade(lrm, "lrm_resources").children.push(made);
  return made;
}

function onlyHistory(state: Draft, id: string): Draft | undefined {
  const found: Draft[] = [];
  const search = (each: Draft): void => {
    if (each.name === "lrm_resource" && attribute(each, "id") === id) found.push(each);
    each.children.forEach(search);
  };
  search(state);
  return found.length === 1 ? found[0] : undefined;
}

/** What came of an operation; it failed when `rc` is not `targetRc`. */
export type SimulatedResult = {
  readonly resource: string;
  readonly task: string;
  readonly intervalMs: number;
  readonly rc: number;
  readonly targetRc: number;
  readonly exitReason: string;
  readonly node: string;
  /** Seconds since 1970. */
  readonly now: number;
  readonly featureSet: string | undefined;
  readonly digest: string | undefined;
  readonly migration:
    | { readonly source: string | undefined; readonly target: string | undefined }
    | undefined;
  /** Of the entry for a success. */
  readonly entryId: string;
};

export type Recording = {
  readonly action: GraphAction;
  readonly node: string;
  /** Seconds since 1970. */
  readonly now: number;
  /** How it failed; absent when it ended as it should. */
  readonly failure?: { readonly rc: number; readonly exitReason: string } | undefined;
};

/** Of an action of a transition. */
export function resultOf({ action, node, now, failure }: Recording): SimulatedResult {
  const attributes = new Map(action.attributes);
  const resource = action.resource?.id ?? "";
  const intervalMs = scanInteger(attributes.get("CRM_meta_interval")) ?? 0;
  const targetRc = Math.max(0, scanInteger(attributes.get("CRM_meta_op_target_rc")) ?? 0);
  // A reload leaves a resource that runs with its present parameters, as a start does.
  const reload = action.operation === "reload" || action.operation === "reload-agent";
  const task = reload ? "start" : action.operation;
  const migrates = task === "migrate_to" || task === "migrate_from";
  return {
    ...{ resource, task, intervalMs, targetRc, node, now },
    rc: failure?.rc ?? targetRc,
    exitReason: failure?.exitReason ?? "",
    featureSet: attributes.get("crm_feature_set"),
    digest: operationDigest(attributes, intervalMs > 0),
    migration: migrates
      ? {
          source: attributes.get("CRM_meta_migrate_source"),
          target: attributes.get("CRM_meta_migrate_target"),
        }
      : undefined,
    entryId: entryIdOf(action, attributes, intervalMs),
  };
}

/** What else an earlier entry says is kept. */
export function recordResult(history: Draft, result: SimulatedResult): void {
  const { resource, task, intervalMs, rc, targetRc } = result;
  const callId = highest(history, "call-id") + 1;
  // Operations on remote nodes are ordered by time: it must be later than whatever is recorded.
  const time = Math.max(result.now, highest(history, "last-rc-change")) + 1;
  const transitionKey = formatTransitionKey({
    ...{ actionId: callId, transitionId: -1, targetRc, uuid: simulatedTransition },
  });
  for (const entryId of entryIds(result)) {
    let entry = history.children.find((each) => attribute(each, "id") === entryId);
    if (entry === undefined) {
      entry = newDraft("lrm_rsc_op", { id: entryId });
      history.children.push(entry);
    }
    setAttributes(entry, {
      operation_key: opKey(resource, task, intervalMs),
      operation: task,
      crm_feature_set: result.featureSet,
      "transition-key": transitionKey,
      "transition-magic": `0:${rc};${transitionKey}`,
      "exit-reason": result.exitReason,
      on_node: result.node,
      "call-id": String(callId),
      "rc-code": String(rc),
      "op-status": "0",
      interval: String(intervalMs),
      "last-rc-change": String(time),
      "exec-time": "0",
      "queue-time": "0",
      "op-digest": result.digest,
      migrate_source: result.migration?.source,
      migrate_target: result.migration?.target,
    });
  }
}

/** A failure stands beside the last success, which a recurring operation keeps; of the others the last one counts. */
function entryIds({ resource, rc, targetRc, intervalMs, entryId }: SimulatedResult): string[] {
  if (rc === targetRc) return [entryId];
  const failure = opKey(resource, "last_failure", 0);
  return intervalMs === 0 ? [failure, opKey(resource, "last", 0)] : [failure];
}

function highest(history: Draft, name: string): number {
  const values = history.children.map((entry) => scanInteger(attribute(entry, name)) ?? 0);
  return Math.max(0, ...values);
}

/** Migrations, notifications and recurring operations have entries of their own; of the others the last one counts. */
function entryIdOf(
  { operation, resource }: GraphAction,
  attributes: ReadonlyMap<string, string>,
  intervalMs: number,
): string {
  const id = resource?.id ?? "";
  if (operation === "notify") {
    const when = attributes.get("CRM_meta_notify_type") ?? "";
    return notifyKey(id, when, attributes.get("CRM_meta_notify_operation") ?? "");
  }
  const separate = operation === "migrate_to" || operation === "migrate_from";
  return separate || intervalMs > 0 ? opKey(id, operation, intervalMs) : opKey(id, "last", 0);
}
