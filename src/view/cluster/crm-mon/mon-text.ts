/** A snapshot as `crm_mon -1` prints it: sections with a blank line between them. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import { listText } from "../../scheduler/list-text.ts";
import type { TimeTexts } from "../time-texts.ts";
import { fencingSections } from "./fencing-lists.ts";
import { historySection } from "./history-list.ts";
import type { MonOptions } from "./mon-options.ts";
import { isMeant, nodeItems } from "./node-list.ts";
import { attributeItems, banItems, failureItems, ticketText } from "./other-lists.ts";
import { resourceSection } from "./resource-list.ts";
import { managementNotice, summaryItems } from "./summary-list.ts";

export function crmMonText(
  snapshot: ClusterSnapshot,
  options: MonOptions,
  times: TimeTexts,
): string {
  const { sections } = options;
  const parts: string[] = [];
  const summary = summaryItems(snapshot, options, times);
  if (summary.length > 0) parts.push(listText("Cluster Summary", summary));
  if (sections.has("options") || summary.length > 0) {
    const notice = managementNotice(snapshot);
    if (notice !== "") parts.push(notice);
  }
  const add = (title: string, items: Parameters<typeof listText>[1]): void => {
    if (items.length > 0) parts.push(listText(title, items));
  };
  // Also where --brief leaves nothing of them.
  const hasNodes = snapshot.status.nodes.some(({ name }) => isMeant(name, options.onlyNode));
  if (sections.has("nodes") && hasNodes)
    parts.push(listText("Node List", nodeItems(snapshot, options)));
  if (sections.has("resources")) {
    const list = resourceSection(snapshot, options);
    if (list !== undefined) parts.push(listText(list.title, list.items));
  }
  if (sections.has("attributes")) add("Node Attributes", attributeItems(snapshot, options));
  if (sections.has("operations") || sections.has("failcounts")) {
    const history = historySection(snapshot, options, times);
    if (history !== undefined) parts.push(listText(history.title, history.items));
  }
  if (sections.has("failures")) {
    add("Failed Resource Actions", failureItems(snapshot, options, times));
  }
  const fencing = fencingSections(snapshot, options, times);
  add("Failed Fencing Actions", fencing.failed);
  if (sections.has("tickets")) {
    add(
      "Tickets",
      snapshot.tickets.map((each) => ticketText(each, times)),
    );
  }
  if (sections.has("bans")) add("Negative Location Constraints", banItems(snapshot, options));
  add("Fencing History", fencing.history);
  add("Pending Fencing Actions", fencing.pending);
  return parts.join("\n");
}
