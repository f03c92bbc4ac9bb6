/**
 * One run of the scheduler: unpack -> score -> place -> order -> graph. Each pass works on what the ones before left
 * in the working model; the order of the passes is part of the rules.
 */
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import { clearFailCount, failCount } from "./actions/fail-count.ts";
import { taskKey } from "./actions/task-key.ts";
import { buildGraph } from "./graph/build-graph.ts";
import type { TransitionGraph } from "./graph/transition-graph.ts";
import { edge } from "./model/flags.ts";
import { walk } from "./model/resources.ts";
import { rulesOf } from "./model/rules-of.ts";
import type { Cluster, Resource } from "./model/types.ts";
import { applyOrderings } from "./order/apply-orderings.ts";
import { limitChains } from "./order/chain-limit.ts";
import { handleConfigChanges, runDeferredChecks } from "./order/config-changes.ts";
import { scheduleFencingAndShutdowns } from "./order/fence-and-shutdown.ts";
import { newOrdering } from "./order/new-ordering.ts";
import { scheduleProbes } from "./order/probes.ts";
import { orderRemoteActions } from "./order/remote-order.ts";
import { assignAll } from "./place/assign-all.ts";
import { applyNodeCriteria } from "./score/node-criteria.ts";
import { applyNodeHealth } from "./score/node-health.ts";
import { readConstraints } from "./unpack/constraints/read-constraints.ts";
import { readCib } from "./unpack/read-cib.ts";
import { role } from "./values/role.ts";
import { variantRules } from "./variants/variant-rules.ts";

export type PlanInput = {
  readonly cib: XmlElement;
  /** Seconds since 1970. */
  readonly now: number;
  /** Secret parameters may be masked in the CIB, so a difference in them alone does not count. */
  readonly sanitized: boolean;
};

export type Plan = { readonly cluster: Cluster; readonly graph: TransitionGraph };

export function plan(input: PlanInput): Plan {
  const cluster = readCluster(input);
  return { cluster, graph: planCluster(cluster) };
}

/** Decides for a cluster that was read and not yet planned for. */
export function planCluster(cluster: Cluster): TransitionGraph {
  applyNodeHealth(cluster);
  readConstraints(cluster);
  applyNodeCriteria(cluster);
  for (const resource of cluster.resources) rulesOf(resource).internalConstraints(resource);
  limitChains(cluster);
  handleConfigChanges(cluster);
  assignAll(cluster);
  runDeferredChecks(cluster);
  if (cluster.settings.probes) scheduleProbes(cluster);
  if (cluster.settings.stopRemoved) cluster.resources.forEach(clearFailuresIfRemoved);
  for (const resource of cluster.resources) rulesOf(resource).createActions(resource);
  // Before the fencing: a lost connection is one more reason to fence.
  orderRemoteActions(cluster);
  scheduleFencingAndShutdowns(cluster);
  applyOrderings(cluster);
  for (const resource of cluster.resources) walk(resource, noteActive);
  return buildGraph(cluster);
}

/** Instances are notified of what happens to one that is active somewhere, though its last operation here ended it. */
function noteActive(resource: Resource): void {
  if (resource.children.length > 0 || resource.active.length === 0) return;
  if (resource.role === role.stopped) resource.role = role.started;
}

/** The cluster as the CIB describes it, with nothing decided. */
export function readCluster(input: PlanInput): Cluster {
  return readCib({ ...input, rules: variantRules });
}

function clearFailuresIfRemoved(resource: Resource): void {
  if (!resource.removed) return;
  for (const node of resource.cluster.nodes) {
    if (!node.online || failCount(resource, node, { effective: true }).count === 0) continue;
    newOrdering(resource.cluster, {
      first: clearFailCount(resource, node),
      nextResource: resource,
      nextKey: taskKey(resource, "stop"),
      flags: edge.order,
    });
  }
}
