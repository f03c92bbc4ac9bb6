/** Finding actions of a resource. */
import type { Action, ClusterNode, Resource } from "../model/types.ts";
import { opKey } from "../values/op-key.ts";

/** Oldest first. With a node, also those that have no node yet: they get it. */
export function actionsWithKey(
  resource: Resource,
  key: string,
  node: ClusterNode | undefined,
): Action[] {
  const found: Action[] = [];
  for (const action of resource.actions) {
    if (action.key !== key) continue;
    if (node !== undefined) {
      action.node ??= node;
      if (action.node !== node) continue;
    }
    found.push(action);
  }
  return found;
}

/** Oldest first; only those that are on exactly that node. */
export function actionsExactlyOn(
  resource: Resource,
  key: string,
  node: ClusterNode | undefined,
): Action[] {
  if (node === undefined) return [];
  return resource.actions.filter((action) => action.key === key && action.node === node);
}

/** Oldest first; the one-off action of a resource. */
export function taskActions(
  resource: Resource,
  task: string,
  node: ClusterNode | undefined,
  exactly = false,
): Action[] {
  const key = opKey(resource.id, task, 0);
  return exactly ? actionsExactlyOn(resource, key, node) : actionsWithKey(resource, key, node);
}

/** The newest action that fits. */
export function firstByTask(
  resource: Resource,
  task: string,
  node?: ClusterNode | undefined,
): Action | undefined {
  return firstMatching(resource, (action) => action.task === task, node);
}

export function firstByKey(
  resource: Resource,
  key: string,
  node?: ClusterNode | undefined,
): Action | undefined {
  return firstMatching(resource, (action) => action.key === key, node);
}

function firstMatching(
  resource: Resource,
  fits: (action: Action) => boolean,
  node: ClusterNode | undefined,
): Action | undefined {
  const { actions } = resource;
  for (let i = actions.length - 1; i >= 0; i--) {
    const action = actions[i] as Action;
    if (fits(action) && (node === undefined || action.node === node)) return action;
  }
  return undefined;
}
