/** Writes an operation's result into the status section, as the nodes' executors record theirs. */
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
  resource: GraphResource,
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

export type Recording = {
  readonly history: Draft;
  readonly action: GraphAction;
  readonly node: string;
  /** Seconds since 1970. */
  readonly now: number;
};

/** Records that the operation ended as it should; what else its earlier entry says is kept. */
export function recordSuccess({ history, action, node, now }: Recording): void {
  const attributes = new Map(action.attributes);
  const id = action.resource?.id ?? "";
  const intervalMs = scanInteger(attributes.get("CRM_meta_interval")) ?? 0;
  const rc = Math.max(0, scanInteger(attributes.get("CRM_meta_op_target_rc")) ?? 0);
  // A reload leaves a resource that runs with its present parameters, as a start does.
  const reload = action.operation === "reload" || action.operation === "reload-agent";
  const task = reload ? "start" : action.operation;
  const key = opKey(id, task, intervalMs);
  const entryId = entryIdOf(action, attributes, { id, key, intervalMs });
  const callId = highest(history, "call-id") + 1;
  // Operations on remote nodes are ordered by time: it must be later than whatever is recorded.
  const time = Math.max(now, highest(history, "last-rc-change")) + 1;
  let entry = history.children.find((each) => attribute(each, "id") === entryId);
  if (entry === undefined) {
    entry = newDraft("lrm_rsc_op", { id: entryId });
    history.children.push(entry);
  }
  const transitionKey = `${callId}:-1:${rc}:${simulatedTransition}`;
  setAttributes(entry, {
    operation_key: key,
    operation: task,
    crm_feature_set: attributes.get("crm_feature_set"),
    "transition-key": transitionKey,
    "transition-magic": `0:${rc};${transitionKey}`,
    "exit-reason": "",
    on_node: node,
    "call-id": String(callId),
    "rc-code": String(rc),
    "op-status": "0",
    interval: String(intervalMs),
    "last-rc-change": String(time),
    "exec-time": "0",
    "queue-time": "0",
    "op-digest": operationDigest(attributes, intervalMs > 0),
  });
  if (task === "migrate_to" || task === "migrate_from") {
    setAttributes(entry, {
      migrate_source: attributes.get("CRM_meta_migrate_source"),
      migrate_target: attributes.get("CRM_meta_migrate_target"),
    });
  }
}

function highest(history: Draft, name: string): number {
  const values = history.children.map((entry) => scanInteger(attribute(entry, name)) ?? 0);
  return Math.max(0, ...values);
}

/** Migrations, notifications and recurring operations have entries of their own; of the others the last one counts. */
function entryIdOf(
  { operation }: GraphAction,
  attributes: ReadonlyMap<string, string>,
  of: { readonly id: string; readonly key: string; readonly intervalMs: number },
): string {
  if (operation === "notify") {
    const when = attributes.get("CRM_meta_notify_type") ?? "";
    return notifyKey(of.id, when, attributes.get("CRM_meta_notify_operation") ?? "");
  }
  const separate = operation === "migrate_to" || operation === "migrate_from";
  return separate || of.intervalMs > 0 ? of.key : opKey(of.id, "last", 0);
}
