/** A snapshot as `crm_mon -1` prints it: sections with a blank line between them. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import { listText } from "../../scheduler/list-text.ts";
import type { TimeTexts } from "../time-texts.ts";
import { monLists } from "./mon-lists.ts";
import type { MonOptions } from "./mon-options.ts";

export function crmMonText(
  snapshot: ClusterSnapshot,
  options: MonOptions,
  times: TimeTexts,
): string {
  const { summary, notice, lists } = monLists(snapshot, options, times);
  const parts = [
    ...(summary === undefined ? [] : [listText(summary.title, summary.items)]),
    ...(notice === "" ? [] : [notice]),
    ...lists.map(({ title, items }) => listText(title, items)),
  ];
  return parts.join("\n");
}
