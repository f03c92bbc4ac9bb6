/** A CIB -> what commands show of it. What only a running daemon knows is added by the daemon. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type { WallTime } from "../../../base/time.ts";
import type { Cluster } from "../../../core/scheduler/model/types.ts";
import { readCluster } from "../../../core/scheduler/plan.ts";
import { clusterStatus } from "../../../core/scheduler/report/cluster-status.ts";
import { readConstraints } from "../../../core/scheduler/unpack/constraints/read-constraints.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { failuresOf } from "./failures.ts";
import { historyOf } from "./history.ts";
import { locationNotes } from "./location-notes.ts";
import { nodeDetails } from "./node-details.ts";
import { resourceDetails } from "./resource-details.ts";
import { summaryOf } from "./summary.ts";

export function cibSnapshot(cib: XmlElement, now: WallTime): ClusterSnapshot {
  const cluster = readCluster({ cib, now: Math.floor(now / 1000), sanitized: true });
  const status = clusterStatus(cluster, { pending: true });
  // Constraints change no role and no node: read after the status, they only add to the model.
  readConstraints(cluster);
  return {
    takenAtMs: now,
    summary: summaryOf(cib, cluster),
    status,
    nodes: nodeDetails(cluster),
    resources: resourceDetails(cib),
    history: historyOf(cib, cluster),
    failures: failuresOf(cluster),
    locations: locationNotes(cib, cluster),
    tickets: ticketsOf(cluster),
  };
}

function ticketsOf(cluster: Cluster): readonly string[] {
  return [...cluster.tickets.values()].map(
    ({ id, granted, standby }) =>
      `${id}: ${granted ? "granted" : "revoked"}${standby ? " [standby]" : ""}`,
  );
}
