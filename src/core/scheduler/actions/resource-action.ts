/** Actions of resources: making them, and whether they can run where they should. */
import { actionFlag } from "../model/flags.ts";
import { isGuestNode } from "../model/nodes.ts";
import { isActive } from "../model/resources.ts";
import type { Action, ClusterNode, NoQuorumPolicy, Resource } from "../model/types.ts";
import { readBlocks } from "../unpack/nvpairs.ts";
import { role } from "../values/role.ts";
import { type ActionWish, findOrCreate, setReason } from "./create-action.ts";
import { canFence, fenceNode } from "./fencing.ts";
import { taskKey } from "./task-key.ts";

export function resourceAction(resource: Resource, wish: ActionWish): Action {
  const action = findOrCreate(resource.cluster, resource, wish);
  const { node, config } = action;
  if (node !== undefined && config !== undefined && (action.flags & actionFlag.paramsRead) === 0) {
    const { cluster } = resource;
    const input = { now: cluster.now, nodeAttributes: node.attributes };
    const params = new Map<string, string>();
    readBlocks(cluster, { from: config, blocks: "instance_attributes", input }, params);
    action.params = params;
    action.flags |= actionFlag.paramsRead;
  }
  updateRunnable(action, resource);
  return action;
}

/** The one-off action of that task. */
export function taskAction(
  resource: Resource,
  task: string,
  node: ClusterNode | undefined,
  optional: boolean,
): Action {
  return resourceAction(resource, { key: taskKey(resource, task), task, node, optional });
}

/** A point in the order of a group, clone or bundle. */
export function resourcePseudoAction(
  resource: Resource,
  task: string,
  optional: boolean,
  runnable: boolean,
): Action {
  const action = taskAction(resource, task, undefined, optional);
  action.flags |= actionFlag.pseudo | (runnable ? actionFlag.runnable : 0);
  return action;
}

function updateRunnable(action: Action, resource: Resource): void {
  const { node, flags } = action;
  const { cluster } = resource;
  if ((flags & actionFlag.pseudo) !== 0) return;
  const onDc = (flags & actionFlag.onDc) !== 0;
  if (node === undefined) {
    action.flags &= ~actionFlag.runnable;
  } else if (!onDc && !node.online && (!isGuestNode(node) || node.remoteReset)) {
    action.flags &= ~actionFlag.runnable;
    // What must stop there cannot be stopped: only fencing makes it safe to go on.
    if (resource.managed && action.task === "stop" && !node.unclean) {
      fenceNode(cluster, node, "stop is unrunnable");
    }
  } else if (!onDc && node.pending) {
    action.flags &= ~actionFlag.runnable;
  } else if (action.needs === "nothing") {
    setReason(action, undefined, true);
    // On a guest whose host is lost and cannot be fenced nothing can be done.
    if (isGuestNode(node) && !canFence(cluster, node)) action.flags &= ~actionFlag.runnable;
    else action.flags |= actionFlag.runnable;
  } else {
    applyQuorum(action, resource);
  }
}

function applyQuorum(action: Action, resource: Resource): void {
  switch (effectivePolicy(resource)) {
    case "stop":
      action.flags &= ~actionFlag.runnable;
      setReason(action, "no quorum", true);
      return;
    case "freeze":
      if (!isActive(resource, true) || resource.nextRole > resource.role) {
        action.flags &= ~actionFlag.runnable;
        setReason(action, "quorum freeze", true);
      }
      return;
    default:
      action.flags |= actionFlag.runnable;
  }
}

function effectivePolicy(resource: Resource): NoQuorumPolicy {
  const { settings } = resource.cluster;
  if (settings.quorate) return "ignore";
  if (settings.noQuorumPolicy !== "demote") return settings.noQuorumPolicy;
  if (resource.role < role.unpromoted) return "stop";
  if (resource.nextRole > role.unpromoted) resource.nextRole = role.unpromoted;
  return "ignore";
}
