/** What crm_mon shows of a snapshot, list after list: on a screen, and on a page. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { ListItem } from "../../scheduler/list-text.ts";
import type { TimeTexts } from "../time-texts.ts";
import { fencingSections } from "./fencing-lists.ts";
import { historySection } from "./history-list.ts";
import type { MonOptions } from "./mon-options.ts";
import { isMeant, nodeItems } from "./node-list.ts";
import { attributeItems, banItems, failureItems, ticketText } from "./other-lists.ts";
import { resourceSection } from "./resource-list.ts";
import { managementNotice, summaryItems } from "./summary-list.ts";

export type MonList = { readonly title: string; readonly items: readonly ListItem[] };

export type MonLists = {
  readonly summary: MonList | undefined;
  /** Empty unless the cluster keeps its hands off. */
  readonly notice: string;
  readonly lists: readonly MonList[];
};

export function monLists(
  snapshot: ClusterSnapshot,
  options: MonOptions,
  times: TimeTexts,
): MonLists {
  const { sections } = options;
  const summary = summaryItems(snapshot, options, times);
  const hasNotice = sections.has("options") || summary.length > 0;
  return {
    summary: summary.length > 0 ? { title: "Cluster Summary", items: summary } : undefined,
    notice: hasNotice ? managementNotice(snapshot) : "",
    lists: [
      ...nodeLists(snapshot, options),
      ...resourceLists(snapshot, options),
      ...otherLists(snapshot, options, times),
    ],
  };
}

/** Also where --brief leaves nothing of them. */
function nodeLists(snapshot: ClusterSnapshot, options: MonOptions): readonly MonList[] {
  const hasNodes = snapshot.status.nodes.some(({ name }) => isMeant(name, options.onlyNode));
  if (!options.sections.has("nodes") || !hasNodes) return [];
  return [{ title: "Node List", items: nodeItems(snapshot, options) }];
}

function resourceLists(snapshot: ClusterSnapshot, options: MonOptions): readonly MonList[] {
  const list = options.sections.has("resources") ? resourceSection(snapshot, options) : undefined;
  return list === undefined ? [] : [list];
}

function otherLists(
  snapshot: ClusterSnapshot,
  options: MonOptions,
  times: TimeTexts,
): readonly MonList[] {
  const { sections } = options;
  const fencing = fencingSections(snapshot, options, times);
  const isHistory = sections.has("operations") || sections.has("failcounts");
  const history = isHistory ? historySection(snapshot, options, times) : undefined;
  const attributes = sections.has("attributes") ? attributeItems(snapshot, options) : [];
  const failures = sections.has("failures") ? failureItems(snapshot, options, times) : [];
  const tickets = sections.has("tickets") ? snapshot.tickets : [];
  const full = (title: string, items: readonly ListItem[]): readonly MonList[] =>
    items.length > 0 ? [{ title, items }] : [];
  return [
    ...full("Node Attributes", attributes),
    // Its title stands there where nothing failed, too.
    ...(history === undefined ? [] : [history]),
    ...full("Failed Resource Actions", failures),
    ...full("Failed Fencing Actions", fencing.failed),
    ...full(
      "Tickets",
      tickets.map((each) => ticketText(each, times)),
    ),
    ...full(
      "Negative Location Constraints",
      sections.has("bans") ? banItems(snapshot, options) : [],
    ),
    ...full("Fencing History", fencing.history),
    ...full("Pending Fencing Actions", fencing.pending),
  ];
}
