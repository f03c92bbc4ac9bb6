/** The head of crm_mon's XML. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { MonSection } from "../crm-mon/mon-options.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { XmlText } from "../xml-text.ts";

/** Undefined where nothing of it is to be shown. */
export function summaryXml(
  snapshot: ClusterSnapshot,
  sections: ReadonlySet<MonSection>,
  times: TimeTexts,
): XmlText | undefined {
  const { summary } = snapshot;
  const children: readonly XmlText[] = [
    ...(sections.has("stack") ? [{ name: "stack", attributes: { type: summary.stack } }] : []),
    // That nobody decides is said even where the head is not wanted.
    ...(sections.has("dc") || summary.dc === undefined ? [dcXml(snapshot)] : []),
    ...(sections.has("times") ? timesXml(snapshot, times) : []),
    ...(sections.has("counts") ? countsXml(snapshot) : []),
    ...(sections.has("options") ? [optionsXml(snapshot)] : []),
  ];
  return children.length === 0 ? undefined : { name: "summary", attributes: {}, children };
}

function dcXml({ summary }: ClusterSnapshot): XmlText {
  const { dc, dcVersion, quorate, mixedVersion } = summary;
  if (dc === undefined) return { name: "current_dc", attributes: { present: false } };
  return {
    name: "current_dc",
    attributes: {
      present: true,
      version: dcVersion ?? "",
      name: dc.name,
      id: dc.id,
      with_quorum: quorate,
      mixed_version: mixedVersion,
    },
  };
}

function timesXml({ summary, takenAtMs }: ClusterSnapshot, times: TimeTexts): readonly XmlText[] {
  const { written = "", user = "", client = "", origin = "" } = summary.lastChange;
  return [
    { name: "last_update", attributes: { time: times.full(takenAtMs) } },
    { name: "last_change", attributes: { time: written, user, client, origin } },
  ];
}

function countsXml({ status }: ClusterSnapshot): readonly XmlText[] {
  const { nodes, instances, disabled, blocked } = status;
  return [
    { name: "nodes_configured", attributes: { number: nodes.length } },
    { name: "resources_configured", attributes: { number: instances, disabled, blocked } },
  ];
}

function optionsXml({ summary, status }: ClusterSnapshot): XmlText {
  const { options } = summary;
  const { noQuorumPolicy } = options;
  return {
    name: "cluster_options",
    attributes: {
      "stonith-enabled": options.fencingEnabled,
      "symmetric-cluster": options.symmetric,
      "no-quorum-policy": noQuorumPolicy === "fence" ? "suicide" : noQuorumPolicy,
      "maintenance-mode": status.maintenance,
      "stop-all-resources": status.stopAll,
      "stonith-timeout-ms": options.fencingTimeoutMs,
      "priority-fencing-delay-ms": options.priorityFencingDelayMs,
    },
  };
}
