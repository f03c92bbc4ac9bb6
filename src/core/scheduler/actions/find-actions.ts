/** Finding actions of a resource. */
import type { Action, ClusterNode, Resource } from "../model/types.ts";
import { opKey } from "../values/op-key.ts";

const none: readonly Action[] = [];

/** Oldest first. With a node, also those that have no node yet: they get it. */
export function actionsWithKey(
  resource: Resource,
  key: string,
  node: ClusterNode | undefined,
): readonly Action[] {
  const same = resource.actionsByKey.get(key) ?? none;
  if (node === undefined) return same.slice();
  return same.filter((action) => {
    action.node ??= node;
    return action.node === node;
  });
}

/** Oldest first; only those that are on exactly that node. */
export function actionsExactlyOn(
  resource: Resource,
  key: string,
  node: ClusterNode | undefined,
): readonly Action[] {
  if (node === undefined) return none;
  return resource.actionsByKey.get(key)?.filter((action) => action.node === node) ?? none;
}

/** Oldest first; the one-off action of a resource. */
export function taskActions(
  resource: Resource,
  task: string,
  node: ClusterNode | undefined,
  exactly = false,
): readonly Action[] {
  if (resource.actions.length === 0) return none;
  const key = opKey(resource.id, task, 0);
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
  return firstMatching(resource.actionsByKey.get(key) ?? none, () => true, node);
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
