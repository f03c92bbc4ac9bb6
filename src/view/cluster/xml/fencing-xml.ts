/** What was fenced, in the XML of crm_mon and stonith_admin. */
import type { FencingRow } from "../../../api/cluster-live.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { XmlText } from "../xml-text.ts";

export function fenceHistoryXml(rows: readonly FencingRow[], times: TimeTexts): XmlText {
  return {
    name: "fence_history",
    attributes: { status: 0 },
    children: rows.map((row) => fenceEventXml(row, times)),
  };
}

export function fenceEventXml(row: FencingRow, times: TimeTexts): XmlText {
  const { action, target, origin, state, device, endedMs, why } = row;
  const hasFailed = state === "failed" || state === "refused";
  return {
    name: "fence_event",
    attributes: {
      action,
      target,
      client: origin,
      origin,
      status: state === "done" ? "success" : hasFailed ? "failed" : "pending",
      "exit-reason": hasFailed && why !== "" ? why : undefined,
      delegate: device,
      completed: endedMs === undefined ? undefined : times.full(endedMs),
    },
  };
}
