/** `crm_simulate --output-as=xml`: a simulation in the form of Pacemaker 2.1's tool. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import { unreachable } from "../../../base/assert.ts";
import { formatScore } from "../../../decision/score.ts";
import type {
  Change,
  ExecutedStep,
  NodeChange,
  ResourceChange,
  SimulationReport,
  Supposition,
} from "../../../decision/transition.ts";
import {
  type Allocations,
  allocationLines,
  capacityWords,
  utilizationStep,
} from "../../scheduler/allocation-lines.ts";
import { scoreFunction } from "../../scheduler/scores-text.ts";
import type { TimeTexts } from "../time-texts.ts";
import type { XmlText } from "../xml-text.ts";
import { failuresXml, historyXml } from "./history-xml.ts";
import { attributesXml, nodesXml } from "./nodes-xml.ts";
import { resourcesXml } from "./resource-xml.ts";

export type StatusParts = { readonly attributes: boolean; readonly failCounts: boolean };

export function clusterStatusXml(
  name: "cluster_status" | "revised_cluster_status",
  snapshot: ClusterSnapshot,
  { parts, times }: { readonly parts: StatusParts; readonly times: TimeTexts },
): XmlText {
  const online = new Set(snapshot.status.nodes.flatMap((node) => (node.online ? node.name : [])));
  const children = [
    nodesXml(snapshot, { nodes: snapshot.status.nodes }),
    resourcesXml(snapshot, snapshot.status.resources),
    parts.attributes
      ? attributesXml(snapshot.nodes.filter((node) => online.has(node.name)))
      : undefined,
    parts.failCounts ? historyXml(snapshot.history, "failcounts", times) : undefined,
    parts.failCounts ? failuresXml(snapshot.failures, times) : undefined,
  ];
  return { name, attributes: {}, children: children.filter((each) => each !== undefined) };
}

/** Undefined where nothing was supposed. */
export function modificationsXml({ suppositions }: SimulationReport): XmlText | undefined {
  if (suppositions.length === 0) return undefined;
  const suppliedAs = (kind: "quorum" | "watchdog"): string | undefined => {
    const found = suppositions.findLast((each) => each.kind === kind);
    return found?.kind === kind ? found.value : undefined;
  };
  return {
    name: "modifications",
    attributes: { quorum: suppliedAs("quorum"), watchdog: suppliedAs("watchdog") },
    children: suppositions.flatMap(modificationXml),
  };
}

const nodeActions = { up: "Online", down: "Offline", fail: "Failing" } as const;
const ticketActions = {
  grant: "Granting",
  revoke: "Revoking",
  standby: "Standby",
  activate: "Activating",
} as const;

function modificationXml(what: Supposition | ExecutedStep): readonly XmlText[] {
  switch (what.kind) {
    case "node":
      return [
        {
          name: "modify_node",
          attributes: { action: nodeActions[what.event], node: what.node },
        },
      ];
    case "ticket":
      return [
        {
          name: "modify_ticket",
          attributes: { action: ticketActions[what.event], ticket: what.ticket },
        },
      ];
    case "operation":
      return [{ name: "inject_spec", attributes: { spec: what.spec } }];
    case "attribute":
      return [stepXml(what)];
    default:
      return [];
  }
}

/** Undefined where neither is shown. */
export function allocationsXml(shown: Allocations): XmlText | undefined {
  const { scores, utilization } = shown;
  if (scores === undefined && utilization === undefined) return undefined;
  const both = scores !== undefined && utilization !== undefined;
  const children = allocationLines(shown).map((each): XmlText => {
    if (each.kind === "score") {
      const { line } = each;
      const { resource: id, node, kind } = line;
      if (kind === "promotion")
        return {
          name: "promotion_score",
          attributes: { id, score: formatScore(line.score), node },
        };
      const weight = { function: scoreFunction(line), node, score: formatScore(line.score), id };
      return { name: "node_weight", attributes: weight };
    }
    const { kind, node, resource, amounts } = each.line;
    const children = amounts.map(([name, value]) => ({
      name,
      attributes: {},
      text: String(value),
    }));
    const of =
      kind === "assigned"
        ? { resource, node, function: utilizationStep }
        : { node, comment: capacityWords[kind] };
    return { name: kind === "assigned" ? "utilization" : "capacity", attributes: of, children };
  });
  const name = both
    ? "allocations_utilizations"
    : scores === undefined
      ? "utilizations"
      : "allocations";
  return { name, attributes: {}, children };
}

export function actionsXml({ changes }: SimulationReport): XmlText {
  return { name: "actions", attributes: {}, children: changes.flatMap(changeXml) };
}

function changeXml(change: Change): readonly XmlText[] {
  return change.kind === "node" ? nodeChangeXml(change) : [resourceChangeXml(change)];
}

/** A shutdown was asked for, so it needs no word. */
function nodeChangeXml({ change, how, node, guestOf, reason }: NodeChange): readonly XmlText[] {
  if (reason === undefined) return [];
  const task = change === "fence" ? `Fence (${how})` : "Shutdown";
  return [
    {
      name: "node_action",
      attributes:
        guestOf === undefined ? { task, node, reason } : { task, resource: guestOf, node, reason },
    },
  ];
}

function resourceChangeXml(of: ResourceChange): XmlText {
  const { change, resource, reason, blocked } = of;
  return {
    name: "rsc_action",
    attributes: {
      action: change,
      resource,
      ...placesOf(of),
      reason,
      blocked: blocked ? true : undefined,
    },
  };
}

function placesOf(change: ResourceChange): XmlText["attributes"] {
  const { from, to, role, nextRole, showsRole } = change;
  if (from === undefined)
    return showsRole ? { role, "next-role": nextRole, dest: to } : { node: to };
  if (to === undefined) return showsRole ? { role, node: from } : { node: from };
  if (role !== nextRole) {
    return from === to
      ? { role, "next-role": nextRole, source: from }
      : { role, source: from, "next-role": nextRole, dest: to };
  }
  const shown = showsRole ? { role } : {};
  return from === to ? { ...shown, source: from } : { ...shown, source: from, dest: to };
}

export function transitionXml({ steps }: SimulationReport): XmlText {
  // What failed shows by what it leads to.
  const children = steps.filter(({ kind }) => kind !== "failed").map(stepXml);
  return { name: "transition", attributes: {}, children };
}

function stepXml(step: ExecutedStep): XmlText {
  switch (step.kind) {
    case "pseudo":
      return { name: "pseudo_action", attributes: { task: step.key, node: step.node } };
    case "resource": {
      const { resource, task: op, node, intervalMs } = step;
      const interval = intervalMs > 0 ? intervalMs : undefined;
      return { name: "rsc_action", attributes: { resource, op, node, interval } };
    }
    case "cluster":
      return {
        name: "cluster_action",
        attributes: { task: step.task, node: step.node, id: step.resource },
      };
    case "fence":
      return { name: "fencing_action", attributes: { target: step.node, op: step.how } };
    case "attribute": {
      const { name, value, nodeId } = step;
      return {
        name: "inject_attr",
        attributes: { name, value, node_path: "/node_state", cib_node: nodeId },
      };
    }
    case "failed":
      return { name: "failed_action", attributes: { action: step.actionId, rc: step.rc } };
    default:
      return unreachable(step);
  }
}
