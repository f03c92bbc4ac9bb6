/** Finding actions of a resource. */
import type { Action, ClusterNode, Resource, SameKey } from "../model/types.ts";
import { taskKey } from "./task-key.ts";

const none: readonly Action[] = [];

/** Oldest first. With a node, also those that have no node yet: they get it. */
export function actionsWithKey(
  resource: Resource,
  key: string,
  node: ClusterNode | undefined,
): readonly Action[] {
  const same = resource.actionsByKey.get(key);
  if (same === undefined) return none;
  // A copy: while they are gone through another may be made.
  if (node === undefined) return same.actions.slice();
  giveNode(same, node);
  return actionsOn(same, node);
}

/** Oldest first, on whatever node. For who makes no action while going through them. */
export function allWithKey({ actionsByKey }: Resource, key: string): readonly Action[] {
  return actionsByKey.get(key)?.actions ?? none;
}

/** Oldest first; only those that are on exactly that node. */
export function actionsExactlyOn(
  resource: Resource,
  key: string,
  node: ClusterNode | undefined,
): readonly Action[] {
  const same = resource.actionsByKey.get(key);
  return node === undefined || same === undefined ? none : actionsOn(same, node);
}

/** Those that have no node yet get this one. */
export function giveNode({ actions, nodes }: SameKey, node: ClusterNode): void {
  for (let at = nodes.indexOf(undefined); at >= 0; at = nodes.indexOf(undefined, at)) {
    nodes[at] = node;
    (actions[at] as Action).node = node;
  }
}

function actionsOn({ actions, nodes }: SameKey, node: ClusterNode): readonly Action[] {
  const first = nodes.indexOf(node);
  if (first < 0) return none;
  const action = actions[first] as Action;
  if (nodes.indexOf(node, first + 1) < 0) return [action];
  return actions.filter((_, at) => nodes[at] === node);
}

/** Oldest first; the one-off action of a resource. */
export function taskActions(
  resource: Resource,
  task: string,
  node: ClusterNode | undefined,
  exactly = false,
): readonly Action[] {
  if (resource.actions.length === 0) return none;
  const key = taskKey(resource, task);
  return exactly ? actionsExactlyOn(resource, key, node) : actionsWithKey(resource, key, node);
}

/** The newest action that fits. */
export function firstByTask(
  resource: Resource,
  task: string,
  node?: ClusterNode | undefined,
): Action | undefined {
  return firstMatching(resource.actions, (action) => action.task === task, node);
}

export function firstByKey(
  resource: Resource,
  key: string,
  node?: ClusterNode | undefined,
): Action | undefined {
  return firstMatching(resource.actionsByKey.get(key)?.actions ?? none, () => true, node);
}

function firstMatching(
  actions: readonly Action[],
  fits: (action: Action) => boolean,
  node: ClusterNode | undefined,
): Action | undefined {
  for (let i = actions.length - 1; i >= 0; i--) {
    const action = actions[i] as Action;
    if (fits(action) && (node === undefined || action.node === node)) return action;
  }
  return undefined;
}
