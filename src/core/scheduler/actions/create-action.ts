/** Making actions, each once for its key and node. */
import { actionFlag } from "../model/flags.ts";
import type { Action, ActionMeta, Cluster, ClusterNode, Resource } from "../model/types.ts";
import { role } from "../values/role.ts";
import { giveNode } from "./find-actions.ts";
import { parseOnFail, requirementOf, roleAfterFailure } from "./on-fail.ts";
import { operationTemplate } from "./operation-template.ts";

export type ActionWish = {
  readonly key: string;
  readonly task: string;
  /** That of the key; 0 if it is not given. */
  readonly intervalMs?: number;
  readonly node: ClusterNode | undefined;
  readonly optional: boolean;
};

const noParams: ReadonlyMap<string, string> = new Map();
const noMeta: ActionMeta = new Map();

/** The action of that key on that node (an action without a node gets it), or a new one. */
export function findOrCreate(
  cluster: Cluster,
  resource: Resource | undefined,
  wish: ActionWish,
): Action {
  const known =
    resource === undefined ? knownSingleton(cluster, wish) : knownAction(resource, wish);
  const action = known ?? newAction(cluster, resource, wish);
  updateOptional(action, wish.optional);
  return action;
}

/** An action that belongs to no resource. */
export function nodeAction(cluster: Cluster, wish: ActionWish): Action {
  return findOrCreate(cluster, undefined, wish);
}

/** A point in the order, named by its task; it always can be reached. */
export function pseudoAction(cluster: Cluster, task: string): Action {
  const known = cluster.singletons.get(task);
  if (known !== undefined) return known;
  const action = nodeAction(cluster, { key: task, task, node: undefined, optional: true });
  action.flags |= actionFlag.pseudo | actionFlag.runnable;
  return action;
}

/** The oldest; those without a node all get it. */
function knownAction(resource: Resource, { key, node }: ActionWish): Action | undefined {
  const same = resource.actionsByKey.get(key);
  if (same === undefined) return undefined;
  if (node === undefined) return same.actions[0];
  giveNode(same, node);
  return same.actions[same.nodes.indexOf(node)];
}

function knownSingleton(cluster: Cluster, wish: ActionWish): Action | undefined {
  const action = cluster.singletons.get(wish.key);
  if (action === undefined || wish.node === undefined) return action;
  action.node ??= wish.node;
  return action.node === wish.node ? action : undefined;
}

function newAction(cluster: Cluster, resource: Resource | undefined, wish: ActionWish): Action {
  const { key, task, node } = wish;
  const detail = resource === undefined ? undefined : operationDetail(resource, wish);
  const action: Action = {
    cluster,
    id: cluster.nextActionId++,
    key,
    task,
    cancelTask: undefined,
    resource,
    node,
    config: detail?.config,
    flags:
      actionFlag.runnable |
      (wish.optional ? actionFlag.optional : 0) |
      (task === "lrm_delete" ? actionFlag.onDc : 0),
    reason: undefined,
    needs: detail?.needs ?? "nothing",
    onFail: detail?.onFail ?? "ignore",
    failRole: detail?.failRole ?? role.unknown,
    meta: detail?.meta ?? noMeta,
    params: noParams,
    priority: 0,
    runnableBefore: 0,
    requiredRunnableBefore: 0,
    before: [],
    after: [],
  };
  cluster.actions.push(action);
  if (resource === undefined) cluster.singletons.set(key, action);
  else addToResource(action, resource);
  return action;
}

function addToResource(action: Action, { actions, actionsByKey }: Resource): void {
  actions.push(action);
  const same = actionsByKey.get(action.key);
  if (same === undefined) {
    actionsByKey.set(action.key, { actions: [action], nodes: [action.node] });
    return;
  }
  same.actions.push(action);
  same.nodes.push(action.node);
}

function operationDetail(
  resource: Resource,
  { key, task, intervalMs = 0, node }: ActionWish,
): Pick<Action, "config" | "meta" | "needs" | "onFail" | "failRole"> {
  const notifies = key.includes("_notify_");
  const { config, meta } = operationTemplate(resource, node, { task, intervalMs, notifies });
  const onFail = parseOnFail(resource, task, intervalMs, meta.get("on-fail"));
  return {
    config,
    meta,
    needs: requirementOf(resource, task),
    onFail,
    failRole: roleAfterFailure(resource, task, onFail),
  };
}

/** An unmanaged resource needs nothing done but its recurring operations. */
function updateOptional(action: Action, optional: boolean): void {
  const { resource, node, flags, meta } = action;
  const untouchable =
    resource !== undefined &&
    node !== undefined &&
    (flags & actionFlag.pseudo) === 0 &&
    !resource.managed &&
    !meta.has("interval");
  if (untouchable) action.flags |= actionFlag.optional;
  else if (!optional) action.flags &= ~actionFlag.optional;
}

/** The first reason given stays unless `overwrite`. */
export function setReason(action: Action, reason: string | undefined, overwrite: boolean): void {
  if (action.reason === undefined || overwrite) action.reason = reason;
}
