/** The head of crm_mon. */
import type { ClusterSnapshot, ClusterSummary } from "../../../api/cluster-snapshot.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { MonOptions } from "./mon-options.ts";

export function summaryItems(
  snapshot: ClusterSnapshot,
  { sections, detail }: MonOptions,
  times: TimeTexts,
): readonly string[] {
  const { summary, live } = snapshot;
  const items: string[] = [];
  if (sections.has("stack")) items.push(`Stack: ${stackText(snapshot)}`);
  // That nobody decides is said even where headers are not wanted.
  if (sections.has("dc") || summary.dc === undefined) {
    const dcVersion = summary.dcVersion ?? live?.version;
    items.push(dcLine({ ...summary, dcVersion }, detail));
  }
  if (sections.has("times")) {
    items.push(`Last updated: ${times.full(snapshot.takenAtMs)}`);
    items.push(`Last change:  ${changeText(summary, times)}`);
  }
  if (sections.has("counts")) items.push(...countLines(snapshot));
  if (sections.has("options")) items.push(...optionLines(summary));
  return items;
}

function dcLine({ dc, dcVersion, quorate, mixedVersion }: ClusterSummary, detail: boolean): string {
  if (dc === undefined) return "Current DC: NONE";
  const name = detail && dc.id !== dc.name ? `${dc.name} (${dc.id})` : dc.name;
  const mixed = mixedVersion ? "MIXED-VERSION " : "";
  const quorum = quorate ? "with" : "WITHOUT";
  return `Current DC: ${name} (version ${dcVersion ?? "unknown"}) - ${mixed}partition ${quorum} quorum`;
}

/** What keeps the nodes together: as the CIB says it, else this daemon. */
function stackText({ summary, live }: ClusterSnapshot): string {
  return summary.stack === "unknown" && live !== undefined ? "holdfast" : summary.stack;
}

/** The time stands there as text, or as seconds since 1970. */
function changeText({ lastChange }: ClusterSummary, times: TimeTexts): string {
  const { written = "", user, client, origin } = lastChange;
  return [
    /^\d+$/.test(written) ? times.full(Number(written) * 1000) : written,
    user === undefined ? "" : ` by ${user}`,
    client === undefined ? "" : ` via ${client}`,
    origin === undefined ? "" : ` on ${origin}`,
  ].join("");
}

function countLines({ status }: ClusterSnapshot): readonly string[] {
  const { nodes, instances, disabled, blocked } = status;
  const held = [
    ...(disabled > 0 ? [`${disabled} DISABLED`] : []),
    ...(blocked > 0 ? [`${blocked} BLOCKED from further action due to failure`] : []),
  ];
  const why = held.length === 0 ? "" : ` (${held.join(", ")})`;
  return [
    `${nodes.length} node${plural(nodes.length)} configured`,
    `${instances} resource instance${plural(instances)} configured${why}`,
  ];
}

const policies: Readonly<Record<ClusterSummary["options"]["noQuorumPolicy"], string>> = {
  freeze: "Freeze resources",
  stop: "Stop ALL resources",
  demote: "Demote promotable resources and stop all other resources",
  ignore: "Ignore",
  fence: "Suicide",
};

function optionLines({ options }: ClusterSummary): readonly string[] {
  return [
    `STONITH of failed nodes ${options.fencingEnabled ? "enabled" : "disabled"}`,
    `Cluster is ${options.symmetric ? "symmetric" : "asymmetric"}`,
    `No quorum policy: ${policies[options.noQuorumPolicy]}`,
  ];
}

/** Empty unless the cluster keeps its hands off. */
export function managementNotice({ status }: ClusterSnapshot): string {
  if (status.maintenance) {
    return "              *** Resource management is DISABLED ***\n  The cluster will not attempt to start, stop or recover services\n";
  }
  if (status.stopAll) {
    return "    *** Resource management is DISABLED ***\n  The cluster will keep all resources stopped\n";
  }
  return "";
}

export function plural(count: number): string {
  return count === 1 ? "" : "s";
}
