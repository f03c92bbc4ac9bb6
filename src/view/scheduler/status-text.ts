/** A cluster's status as crm_simulate prints it: the nodes, then all resources. */
import type { ClusterStatus, NodeStatus } from "../../decision/cluster-status.ts";
import { type ListItem, listText } from "./list-text.ts";
import { resourceItem } from "./resource-text.ts";

/** Another list below a status. */
export type StatusList = { readonly title: string; readonly items: readonly ListItem[] };

/** Lists with a blank line between them. */
export function statusText(
  title: string,
  status: ClusterStatus,
  more: readonly StatusList[] = [],
): string {
  const resources = status.resources.map(resourceItem);
  const lists: readonly StatusList[] = [
    ...(status.nodes.length > 0 ? [{ title: "Node List", items: nodeItems(status.nodes) }] : []),
    {
      title: "Full List of Resources",
      items: resources.length > 0 ? resources : ["No resources"],
    },
    ...more,
  ];
  const texts = lists.map((list) => listText("", [list]).slice(2));
  return `${title}:\n${texts.join("\n")}`;
}

/** What stands above the status when nothing will be done, or when something is disabled or blocked. */
export function statusNotices(status: ClusterStatus): string[] {
  const notices: string[] = [];
  if (status.maintenance) {
    notices.push(disabledNotice("The cluster will not attempt to start, stop or recover services"));
  }
  const { disabled, blocked, instances } = status;
  if (disabled > 0 || blocked > 0) {
    notices.push(
      `${disabled} of ${instances} resource instances DISABLED and ${blocked} BLOCKED from further action due to failure\n`,
    );
  }
  return notices;
}

function disabledNotice(sentence: string): string {
  return `\n              *** Resource management is DISABLED ***\n  ${sentence}\n`;
}

/** Nodes that are not simply up or down have a line each; the others are listed together. */
function nodeItems(nodes: readonly NodeStatus[]): string[] {
  const alone = nodes.filter(isSpecial);
  const others = nodes.filter((node) => !isSpecial(node));
  const lists: readonly (readonly [label: string, kind: NodeStatus["kind"], online: boolean])[] = [
    ["Online", "member", true],
    ["OFFLINE", "member", false],
    ["RemoteOnline", "remote", true],
    ["RemoteOFFLINE", "remote", false],
    // Guests that are down are not listed: their resource says it.
    ["GuestOnline", "guest", true],
  ];
  const together = lists.flatMap(([label, kind, online]) => {
    const names = others.filter((node) => node.kind === kind && node.online === online);
    return names.length === 0 ? [] : [`${label}: [ ${names.map((node) => node.name).join(" ")} ]`];
  });
  return [...alone.map(nodeLine), ...together];
}

export function isSpecial(node: NodeStatus): boolean {
  return (
    node.unclean ||
    node.pending ||
    node.standby === "yes" ||
    (node.standby === "on-fail" && node.online) ||
    node.maintenance ||
    node.health !== "green"
  );
}

const kindNames = { member: "Node", remote: "RemoteNode", guest: "GuestNode" } as const;

export function nodeLine(node: NodeStatus): string {
  const health = node.health === "green" ? "" : ` (health is ${node.health.toUpperCase()})`;
  return `${kindNames[node.kind]} ${node.name}: ${stateOf(node)}${health}`;
}

function stateOf(node: NodeStatus): string {
  const { online } = node;
  if (node.unclean) {
    return `UNCLEAN (${online ? "online" : node.pending ? "pending" : "offline"})`;
  }
  if (node.pending) return "pending";
  if (node.standby === "on-fail" && online) return "standby (on-fail)";
  if (node.standby === "yes") {
    if (!online) return "OFFLINE (standby)";
    return node.hasResources ? "standby (with active resources)" : "standby";
  }
  if (node.maintenance) return online ? "maintenance" : "OFFLINE (maintenance)";
  return online ? "online" : "OFFLINE";
}
