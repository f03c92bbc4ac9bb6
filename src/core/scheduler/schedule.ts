/**
 * The scheduler: what the cluster has to do to become what its CIB asks for. A pure function: the same CIB at the same
 * time gives the same transition, to the byte. It follows Pacemaker (3.0) decision by decision.
 */
import type { WallTime } from "../../base/time.ts";
import type { ClusterStatus } from "../../decision/cluster-status.ts";
import type { Reasons } from "../../decision/reasons.ts";
import type { Change, ScoreLine, UtilizationLine } from "../../decision/transition.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { TransitionGraph } from "./graph/transition-graph.ts";
import type { Cluster, Issue } from "./model/types.ts";
import { planCluster, readCluster } from "./plan.ts";
import { clusterStatus } from "./report/cluster-status.ts";
import { type Placement, placementsAfter, placementsBefore } from "./report/placements.ts";
import { planChanges } from "./report/plan-changes.ts";
import { reasonsOf } from "./report/reasons.ts";

export type ScheduleOptions = {
  /** Secret parameters may be masked in the CIB, so a difference in them alone does not count. */
  readonly sanitized?: boolean;
};

export type Transition = {
  /** What is to be done, and in which order. */
  readonly graph: TransitionGraph;
  /** The same in the terms of people. */
  readonly changes: readonly Change[];
  readonly status: ClusterStatus;
  readonly before: readonly Placement[];
  /** Where everything will be if every action ends as it should. */
  readonly after: readonly Placement[];
  readonly scores: readonly ScoreLine[];
  readonly utilization: readonly UtilizationLine[];
  readonly reasons: Reasons;
  /** What the configuration says that is not taken as it is written. */
  readonly issues: readonly Issue[];
};

export function schedule(
  cib: XmlElement,
  now: WallTime,
  options: ScheduleOptions = {},
): Transition {
  const seconds = Math.floor(now / 1000);
  return scheduleCluster(readCluster({ cib, now: seconds, sanitized: options.sanitized ?? false }));
}

/** Decides for a cluster that was read and not yet planned for. */
export function scheduleCluster(cluster: Cluster): Transition {
  const status = clusterStatus(cluster, { pending: true });
  const before = placementsBefore(cluster);
  const graph = planCluster(cluster);
  return {
    graph,
    changes: planChanges(cluster),
    status,
    before,
    after: placementsAfter(cluster),
    scores: cluster.scores,
    utilization: cluster.utilization,
    reasons: reasonsOf(cluster, graph),
    issues: cluster.issues,
  };
}
