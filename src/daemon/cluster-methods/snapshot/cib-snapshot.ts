/** A CIB -> what commands show of it. What only a running daemon knows is added by the daemon. */
import type { ClusterSnapshot, TicketNote } from "../../../api/cluster-snapshot.ts";
import type { WallTime } from "../../../base/time.ts";
import type { Cluster } from "../../../core/scheduler/model/types.ts";
import { readCluster } from "../../../core/scheduler/plan.ts";
import { clusterStatus } from "../../../core/scheduler/report/cluster-status.ts";
import { isImplicit, resourceStatus } from "../../../core/scheduler/report/resource-status.ts";
import type { StatusOptions } from "../../../core/scheduler/report/status-options.ts";
import { readConstraints } from "../../../core/scheduler/unpack/constraints/read-constraints.ts";
import type { PrimitiveStatus } from "../../../decision/cluster-status.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import { failuresOf } from "./failures.ts";
import { historyOf } from "./history.ts";
import { locationNotes } from "./location-notes.ts";
import { nodeDetails } from "./node-details.ts";
import { resourceDetails } from "./resource-details.ts";
import { summaryOf } from "./summary.ts";

export function cibSnapshot(
  cib: XmlElement,
  now: WallTime,
  options: StatusOptions = { pending: true },
): ClusterSnapshot {
  const cluster = readCluster({ cib, now: Math.floor(now / 1000), sanitized: true });
  const status = clusterStatus(cluster, options);
  const implicit = implicitOf(cluster, options);
  const nodes = nodeDetails(cluster, options);
  // Only now: what a lost ticket will do to a node or a resource is no part of how they are.
  readConstraints(cluster);
  return {
    takenAtMs: now,
    summary: summaryOf(cib, cluster),
    status,
    implicit,
    nodes,
    resources: resourceDetails(cib),
    history: historyOf(cib, cluster),
    failures: failuresOf(cluster),
    locations: locationNotes(cib, cluster),
    tickets: ticketsOf(cluster),
  };
}

function implicitOf(cluster: Cluster, options: StatusOptions): readonly PrimitiveStatus[] {
  return cluster.resources
    .filter(isImplicit)
    .map((resource) => resourceStatus(resource, { ...options, implicit: true }))
    .filter((status) => status?.kind === "primitive");
}

function ticketsOf(cluster: Cluster): readonly TicketNote[] {
  return [...cluster.tickets.values()].map(({ id, granted, standby, state }) => {
    const last = Number(state.get("last-granted"));
    return { id, granted, standby, lastGrantedS: Number.isInteger(last) ? last : undefined };
  });
}
