/** The nodes, together or one by one with what runs there. */
import type { ClusterSnapshot, NodeDetail } from "../../../api/cluster-snapshot.ts";
import type { NodeStatus } from "../../../decision/cluster-status.ts";
import { type ListItem, type Tone, tonedLine } from "../../scheduler/list-text.ts";
import { isSpecial, nodeLine } from "../../scheduler/status-text.ts";
import { briefItems } from "./brief-list.ts";
import type { MonOptions } from "./mon-options.ts";
import { aloneItem as resourceAlone } from "./resource-list.ts";

export function nodeItems(snapshot: ClusterSnapshot, options: MonOptions): readonly ListItem[] {
  const nodes = snapshot.status.nodes.filter((node) => isMeant(node.name, options.onlyNode));
  const isAlone = (node: NodeStatus): boolean =>
    options.groupByNode || options.detail || isSpecial(node);
  const alone = nodes.filter(isAlone).flatMap((node) => aloneItem(snapshot, node, options));
  return [...alone, ...together(nodes, isAlone)];
}

export function isMeant(name: string, only: string | undefined): boolean {
  return only === undefined || name.toLowerCase() === only.toLowerCase();
}

/** A guest with its host, and the id, where details are wanted and the id says more. */
export function shownName(node: NodeDetail | undefined, name: string, detail: boolean): string {
  if (node === undefined) return name;
  const host = detail && node.guestOf !== undefined ? `@${node.guestOn ?? ""}` : "";
  const id = detail && node.id !== name ? ` (${node.id})` : "";
  return `${name}${host}${id}`;
}

/** Nodes tell theirs since that one. */
const oldestFeatureSet = "<3.15.1";

/** Undefined where it is not known. */
export function featureSetOf(
  { online, kind }: NodeStatus,
  detail: NodeDetail | undefined,
): string | undefined {
  const oldest = online && kind === "member" ? oldestFeatureSet : undefined;
  return detail?.featureSet ?? oldest;
}

export function detailOf(snapshot: ClusterSnapshot, name: string): NodeDetail | undefined {
  return snapshot.nodes.find((node) => node.name === name);
}

function aloneItem(
  snapshot: ClusterSnapshot,
  node: NodeStatus,
  options: MonOptions,
): readonly ListItem[] {
  const detail = detailOf(snapshot, node.name);
  const named = { ...node, name: shownName(detail, node.name, options.detail) };
  const set = options.detail ? featureSetOf(node, detail) : undefined;
  const line = `${nodeLine(named)}${set === undefined ? "" : `, feature set ${set}`}`;
  const tone = nodeTone(node);
  if (!options.groupByNode) return [tonedLine(line, tone)];
  const running = detail?.running ?? [];
  if (!options.brief) {
    const items = running
      .filter(({ implicit }) => options.detail || !implicit)
      .filter((each) => isMeantResource(each.name, options.onlyResource))
      .map(resourceAlone);
    return [{ title: line, items: [{ title: "Resources", items }], tone }];
  }
  if (running.length === 0) return [];
  const items = briefItems(snapshot.status, running, { inactive: false, showNode: false });
  return [{ title: line, items: [{ title: "Resources", items }], tone }];
}

function nodeTone(node: NodeStatus): Tone {
  if (node.unclean) return "warning";
  if (node.standby !== "no") return "standby";
  if (node.maintenance) return "maint";
  return node.online ? "online" : "offline";
}

export function isMeantResource(name: string, only: string | undefined): boolean {
  return only === undefined || name === only;
}

function together(
  nodes: readonly NodeStatus[],
  isAlone: (node: NodeStatus) => boolean,
): readonly ListItem[] {
  const lists: readonly (readonly [label: string, kind: NodeStatus["kind"], online: boolean])[] = [
    ["Online", "member", true],
    ["OFFLINE", "member", false],
    ["RemoteOnline", "remote", true],
    ["RemoteOFFLINE", "remote", false],
    // Guests that are down are not listed: their resource says it.
    ["GuestOnline", "guest", true],
  ];
  return lists.flatMap(([label, kind, online]) => {
    const names = nodes
      .filter((node) => !isAlone(node) && node.kind === kind && node.online === online)
      .map((node) => node.name);
    if (names.length === 0) return [];
    return [tonedLine(`${label}: [ ${names.join(" ")} ]`, online ? "online" : "offline")];
  });
}
