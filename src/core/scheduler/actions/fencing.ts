/** Fencing: whether it can be done, the action that does it, and marking nodes that need it. */
import { attribute } from "../../../formats/xml/xml-element.ts";
import { actionFlag, edge } from "../model/flags.ts";
import { guestLauncher, isRemoteKind, isRemoteNode } from "../model/nodes.ts";
import type { Action, Cluster, ClusterNode, Resource } from "../model/types.ts";
import { setMeta } from "./action-meta.ts";
import { nodeAction, setReason } from "./create-action.ts";
import { cachedDigests } from "./digests.ts";
import { link } from "./link.ts";
import { priorityDelaySeconds } from "./priority-delay.ts";

/** Whether the node can be fenced now: devices, and quorum or the right to act without it. */
export function canFence(cluster: Cluster, node: ClusterNode | undefined): boolean {
  const launcher = node === undefined ? undefined : guestLauncher(node);
  if (launcher !== undefined) {
    // A guest is fenced by stopping it, which its host must be there for, or be fenced.
    return launcher.active.every((host) => host.online || canFence(cluster, host));
  }
  const { settings } = cluster;
  if (!settings.fencingEnabled || !cluster.haveFencing) return false;
  if (settings.quorate || settings.noQuorumPolicy === "ignore") return true;
  if (node === undefined || !node.online) return false;
  if (isRemoteKind(node) && !settings.fenceRemoteWithoutQuorum) {
    // The connection may have moved to the other partition: then the node is not ours to fence.
    const allowed = node.connection?.allowed.values() ?? [];
    for (const host of allowed) if (!host.node.online) return false;
  }
  return true;
}

export type FenceWish = {
  /** reboot, off or on; the cluster's fencing-action if not given. */
  readonly how?: string;
  readonly optional: boolean;
  readonly reason?: string | undefined;
  /** The node is lost, so priority-fencing-delay applies. */
  readonly priorityDelay?: boolean;
};

export function fenceAction(cluster: Cluster, node: ClusterNode, wish: FenceWish): Action {
  const how = wish.how ?? cluster.settings.fencingAction;
  const key = `stonith-${node.name}-${how}`;
  let { optional } = wish;
  let action = cluster.singletons.get(key);
  if (action === undefined) {
    action = nodeAction(cluster, { key, task: "stonith", node, optional: true });
    setMeta(action, "on_node", node.name);
    setMeta(action, "on_node_uuid", node.id);
    setMeta(action, "stonith_action", how);
    if (cluster.settings.unfencing && recordUnfencingDigests(cluster, node, action))
      optional = false;
  }
  const delayName = "priority-fencing-delay";
  const delayed = wish.priorityDelay === true || action.meta.has(delayName);
  if (cluster.settings.priorityFencingDelayMs > 0 && delayed) {
    // Even 0 is said: it wins over the delays of the device.
    setMeta(action, delayName, String(priorityDelaySeconds(cluster, node)));
  }
  if (!optional && canFence(cluster, node)) {
    action.flags &= ~actionFlag.optional;
    setReason(action, wish.reason, false);
  } else if (wish.reason !== undefined) {
    setReason(action, wish.reason, false);
  }
  return action;
}

/** Marks the node as needing fencing; a guest is marked by the failure of what it runs in. */
export function fenceNode(
  cluster: Cluster,
  node: ClusterNode,
  reason: string,
  priorityDelay = false,
): void {
  const launcher = guestLauncher(node);
  if (launcher !== undefined) {
    // The guest itself stays clean: once recovered it may run resources in this transition.
    if (!launcher.failed && launcher.managed) {
      node.remoteReset = true;
      launcher.failed = true;
      launcher.stopIfFailed = true;
    }
    return;
  }
  const connection = node.connection;
  if (isRemoteKind(node) && connection?.removedLaunched === true) {
    connection.failed = true;
    connection.stopIfFailed = true;
    return;
  }
  if (isRemoteNode(node)) {
    if (connection === undefined || connection.managed) node.remoteReset = true;
    markUnclean(node, reason);
    fenceAction(cluster, node, { optional: true, reason });
    return;
  }
  if (node.unclean) return;
  markUnclean(node, reason);
  fenceAction(cluster, node, { optional: true, reason, priorityDelay });
}

function markUnclean(node: ClusterNode, reason: string): void {
  node.unclean = true;
  node.whyUnclean ??= reason;
}

/** Requires unfencing where a fence device, or what depends on one, asks for it. */
export function triggerUnfencing(
  cluster: Cluster,
  wish: {
    readonly resource?: Resource | undefined;
    readonly node?: ClusterNode | undefined;
    readonly reason: string;
    readonly dependency?: Action | undefined;
  },
): void {
  if (!cluster.settings.unfencing) return;
  const { resource, node, reason, dependency } = wish;
  if (resource !== undefined && !resource.fenceDevice) return;
  const usable = (each: ClusterNode): boolean => each.online && !each.unclean && !each.shutdown;
  if (node !== undefined && usable(node)) {
    const unfence = fenceAction(cluster, node, { how: "on", optional: false, reason });
    if (dependency !== undefined) link(unfence, dependency, edge.order);
    return;
  }
  for (const candidate of resource?.allowed.values() ?? []) {
    if (usable(candidate.node)) triggerUnfencing(cluster, { ...wish, node: candidate.node });
  }
}

/** Records what the devices are now; true if one of them changed since the node was unfenced. */
function recordUnfencingDigests(cluster: Cluster, node: ClusterNode, action: Action): boolean {
  let changed = false;
  let all = "";
  let secure = "";
  for (const device of unfencingDevices(cluster.resources, []).reverse()) {
    const agent = device.meta.get("type") ?? attribute(device.xml, "type") ?? "";
    const digests = cachedDigests({
      resource: device,
      node,
      task: "stonith-on",
      intervalMs: 0,
      recorded: undefined,
      secure: true,
    });
    const matches = (attributeName: string, digest: string | undefined): boolean | undefined =>
      node.attributes.get(attributeName)?.includes(`${device.id}:${agent}:${digest}`);
    const full = matches("#digests-all", digests.all);
    if (full === false && matches("#digests-secure", digests.secure) !== true) {
      digests.verdict = "mismatch";
      changed = true;
    }
    all += `${device.id}:${agent}:${digests.all},`;
    secure += `${device.id}:${agent}:${digests.secure},`;
  }
  setMeta(action, "digests-all", all);
  setMeta(action, "digests-secure", secure);
  return changed;
}

function unfencingDevices(candidates: readonly Resource[], found: Resource[]): Resource[] {
  for (const candidate of candidates) {
    if (candidate.children.length > 0) unfencingDevices(candidate.children, found);
    else if (!candidate.fenceDevice) continue;
    else if (candidate.needsUnfencing) found.push(candidate);
    else if (candidate.meta.get("provides")?.toLowerCase() === "unfencing") found.push(candidate);
  }
  return found;
}
