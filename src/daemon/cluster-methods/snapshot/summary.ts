/** The head of every status page: who decides, quorum, the last change, and the options that everybody should know. */
import type { ClusterSummary } from "../../../api/cluster-snapshot.ts";
import { formatVersion, readVersion } from "../../../core/cib/version.ts";
import type { Cluster } from "../../../core/scheduler/model/types.ts";
import { clusterOption } from "../../../core/scheduler/unpack/cluster-options.ts";
import { parseBoolean } from "../../../formats/cib/cib-boolean.ts";
import { parseIntervalMs } from "../../../formats/cib/interval.ts";
import { attribute, descendants, type XmlElement } from "../../../formats/xml/xml-element.ts";

export function summaryOf(cib: XmlElement, cluster: Cluster): ClusterSummary {
  const { settings, dc } = cluster;
  return {
    stack: optionAnywhere(cib, "cluster-infrastructure") ?? "unknown",
    clusterName: cluster.options.get("cluster-name"),
    dc: dc && { name: dc.name, id: dc.id },
    dcVersion: optionAnywhere(cib, "dc-version"),
    mixedVersion: featureSets(cluster).size > 1,
    quorate: parseBoolean(attribute(cib, "have-quorum") ?? "") ?? false,
    cibVersion: formatVersion(readVersion(cib)),
    lastChange: {
      written: attribute(cib, "cib-last-written"),
      user: attribute(cib, "update-user"),
      client: attribute(cib, "update-client"),
      origin: attribute(cib, "update-origin"),
    },
    options: {
      fencingEnabled: settings.fencingEnabled,
      fencingAction: settings.fencingAction,
      fencingDevices: cluster.resources.filter((each) => each.fenceDevice).length,
      fencingTimeoutMs: parseIntervalMs(clusterOption(cluster, "fencing-timeout")) ?? 0,
      priorityFencingDelayMs: settings.priorityFencingDelayMs,
      symmetric: settings.symmetric,
      noQuorumPolicy: settings.noQuorumPolicy,
    },
  };
}

/** The first of that name in the document, wherever it stands. */
function optionAnywhere(cib: XmlElement, name: string): string | undefined {
  for (const each of descendants(cib)) {
    if (each.name === "nvpair" && attribute(each, "name") === name) return attribute(each, "value");
  }
  return undefined;
}

function featureSets(cluster: Cluster): ReadonlySet<string> {
  const sets = cluster.nodes
    .filter((node) => node.online)
    .flatMap((node) => node.attributes.get("#feature-set") ?? []);
  return new Set(sets);
}
