/**
 * <node_state>: whether a member is there. in_ccm = it is a member, crmd = its controller is up (booleans, words, or
 * since 3.18 the time since when), join = how far it has joined, expected = whether it should be there.
 */

import { infinity } from "../../../decision/score.ts";
import { booleanOr, parseBoolean } from "../../../formats/cib/cib-boolean.ts";
import { attribute, child, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { fenceNode } from "../actions/fencing.ts";
import { recheckAt } from "../model/recheck.ts";
import type { Cluster, ClusterNode } from "../model/types.ts";
import { scanInteger } from "../values/number.ts";
import { wholeSeconds } from "../values/seconds.ts";
import { readNodeAttributes } from "./node-attributes.ts";

type Membership = {
  /** Since when it is a member, in seconds; 0 = it is none, -1 = nothing is known. */
  readonly member: number;
  readonly online: number;
  readonly join: string | undefined;
  readonly expected: string | undefined;
};

export function readMemberState(cluster: Cluster, node: ClusterNode, state: XmlElement): void {
  readNodeAttributes(cluster, node, child(state, "transient_attributes"), true);
  if (booleanOr(node.attributes.get("standby"), false)) node.standby = true;
  if (booleanOr(node.attributes.get("maintenance"), false)) node.maintenance = true;
  // It has been seen in this cluster's life: clean until its state says otherwise.
  node.unclean = false;
  node.whyUnclean = undefined;
  node.seen = true;
  readMembership(cluster, node, state);
  const { quorate, noQuorumPolicy } = cluster.settings;
  if (!quorate && node.online && noQuorumPolicy === "fence") {
    fenceNode(cluster, node, "cluster does not have quorum");
  }
}

export function isShutdownRequested(node: ClusterNode): boolean {
  const shutdown = node.attributes.get("shutdown");
  return shutdown !== undefined && shutdown !== "0";
}

function readMembership(cluster: Cluster, node: ClusterNode, state: XmlElement): void {
  const membership: Membership = {
    member: memberSince(cluster, state),
    online: onlineSince(state),
    join: attribute(state, "join"),
    expected: attribute(state, "expected"),
  };
  node.shutdown = isShutdownRequested(node);
  if (!node.shutdown && membership.expected?.toLowerCase() === "member") node.expectedUp = true;
  const online = cluster.settings.fencingEnabled
    ? judgeWithFencing(cluster, node, membership)
    : judgeWithoutFencing(cluster, node, membership);
  if (online) node.online = true;
  if (!online || node.shutdown) node.base.score = -infinity;
}

function memberSince(cluster: Cluster, state: XmlElement): number {
  const text = attribute(state, "in_ccm");
  if (text === undefined) return -1;
  const flag = parseBoolean(text);
  if (flag !== undefined) return flag ? cluster.now : 0;
  const since = scanInteger(text);
  return since === undefined || since < 0 ? -1 : since;
}

function onlineSince(state: XmlElement): number {
  const text = attribute(state, "crmd")?.toLowerCase();
  if (text === undefined || text === "offline") return 0;
  if (text === "online") return 1;
  return Math.max(0, scanInteger(text) ?? 0);
}

/** Without fencing a silent node counts as dead, unless its controller alone is gone while it was expected. */
function judgeWithoutFencing(
  cluster: Cluster,
  node: ClusterNode,
  { member, online, join }: Membership,
): boolean {
  if (member <= 0) return false;
  if (online > 0) return join?.toLowerCase() === "member";
  if (node.expectedUp) fenceNode(cluster, node, "peer is unexpectedly down");
  return false;
}

/** Safety: with fencing, a node that is not known to be up or properly down is fenced. */
function judgeWithFencing(cluster: Cluster, node: ClusterNode, membership: Membership): boolean {
  const { member, online, join, expected } = membership;
  if (node.shutdown) return online > 0;
  if (member < 0) {
    fenceNode(cluster, node, "peer has not been seen by the cluster");
    return false;
  }
  if (join === "banned") {
    fenceNode(cluster, node, "peer failed Pacemaker membership criteria");
  } else if (isTerminationRequested(node)) {
    if (member <= 0 && online <= 0 && join === "down") return false;
    fenceNode(cluster, node, "fencing was requested");
  } else if (expected === undefined || expected === "down") {
    if (isPendingTooLong(cluster, membership)) {
      fenceNode(cluster, node, "peer pending timed out on joining the process group");
    } else if (member > 0 || online > 0) {
      markPending(node);
    }
  } else if (member <= 0) {
    fenceNode(cluster, node, "peer is no longer part of the cluster", true);
  } else if (online <= 0) {
    fenceNode(cluster, node, "peer process is no longer available");
  } else if (join === "pending" || join === "down") {
    markPending(node);
  } else if (join !== "member") {
    fenceNode(cluster, node, "peer was in an unknown state");
  }
  return member > 0;
}

function markPending(node: ClusterNode): void {
  node.standby = true;
  node.pending = true;
}

function isTerminationRequested(node: ClusterNode): boolean {
  const text = node.attributes.get("terminate");
  if (text === undefined) return false;
  return parseBoolean(text) ?? (scanInteger(text) ?? 0) > 0;
}

function isPendingTooLong(cluster: Cluster, { member, online }: Membership): boolean {
  const { nodePendingMs } = cluster.settings;
  if (nodePendingMs === 0 || member <= 0 || online > 0) return false;
  const until = member + wholeSeconds(nodePendingMs);
  if (cluster.now >= until) return true;
  recheckAt(cluster, until);
  return false;
}
