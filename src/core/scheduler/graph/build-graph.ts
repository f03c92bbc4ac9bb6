/** Actions and orderings -> the transition: what is required and can run, each with what it waits for. */
import { pseudoAction } from "../actions/create-action.ts";
import { actionFlag, has } from "../model/flags.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Action, Cluster, Edge } from "../model/types.ts";
import { clusterOption } from "../unpack/cluster-options.ts";
import { listSort } from "../values/list-sort.ts";
import { scanInteger } from "../values/number.ts";
import { graphAction, graphActionId, maintenanceChanges } from "./graph-action.ts";
import { isInputInTransition, isInTransition } from "./inclusion.ts";
import { noParts, type SharedParts } from "./shared-parts.ts";
import type { GraphActionId, Synapse, TransitionGraph } from "./transition-graph.ts";

export function buildGraph(cluster: Cluster): TransitionGraph {
  const synapses: Synapse[] = [];
  const parts = noParts();
  const add = (action: Action): void => addAction(action, synapses, parts);
  for (const resource of cluster.resources) rulesOf(resource).collectActions(resource, add);
  if (maintenanceChanges(cluster).length > 0) {
    pseudoAction(cluster, "maintenance_nodes").flags |= actionFlag.alwaysInGraph;
  }
  for (let i = cluster.actions.length - 1; i >= 0; i--) add(cluster.actions[i] as Action);
  const migrationLimit = clusterOption(cluster, "migration-limit");
  return {
    clusterDelay: clusterOption(cluster, "cluster-delay"),
    fencingTimeout: clusterOption(cluster, "fencing-timeout"),
    failedStopOffset: "INFINITY",
    failedStartOffset: cluster.settings.startFailureFatal ? "INFINITY" : "1",
    batchLimit: clusterOption(cluster, "batch-limit"),
    migrationLimit: (scanInteger(migrationLimit) ?? 0) > 0 ? migrationLimit : undefined,
    recheckBy: cluster.recheckBy > 0 ? cluster.recheckBy : undefined,
    synapses,
  };
}

function addAction(action: Action, synapses: Synapse[], parts: SharedParts): void {
  mergeInputs(action);
  if (has(action.flags, actionFlag.inGraph) || !isInTransition(action)) return;
  action.flags |= actionFlag.inGraph;
  const id = synapses.length;
  const priority = Math.max(0, action.priority, action.resource?.priority ?? 0);
  const described = graphAction(action, parts);
  const inputs: GraphActionId[] = [];
  for (let i = action.before.length - 1; i >= 0; i--) {
    const input = action.before[i] as Edge;
    input.graphed = isInputInTransition(action, input);
    if (input.graphed) inputs.push(graphActionId(input.action, parts));
  }
  synapses.push({ id, priority, action: described, inputs });
}

/** Several orderings after the same action become one with the flags of all. */
function mergeInputs(action: Action): void {
  if (has(action.flags, actionFlag.inputsMerged)) return;
  action.flags |= actionFlag.inputsMerged;
  if (action.before.length === 0) return;
  const newestFirst = [...action.before].reverse();
  const merged: Edge[] = [];
  for (const input of listSort(newestFirst, (a, b) => a.action.id - b.action.id)) {
    const last = merged.at(-1);
    if (last?.action === input.action) last.flags |= input.flags;
    else merged.push(input);
    input.graphed = false;
  }
  action.before = merged.reverse();
}
