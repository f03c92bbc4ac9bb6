/**
 * What the status section says of remote nodes and guests that are nodes. They are no members: their state follows from
 * what becomes of the connection resource that goes by their name, on the cluster node that has it.
 */
import { xpathLiteral } from "../../formats/cib/xpath/literal.ts";
import {
  attribute,
  descendants,
  element,
  withChildren,
  type XmlElement,
} from "../../formats/xml/xml-element.ts";
import type { CibChange } from "../cib/change.ts";
import { sectionChildren } from "../cib/sections.ts";
import { eraseNode } from "../cib/status/history.ts";
import { inStatus } from "../cib/status/node-state.ts";
import { opStatus, type StatusNode } from "../cib/status/operation-result.ts";
import { isConnectionAgent, type OperationReport } from "../executor/types.ts";
import { activeNodes, activeOn } from "./active-nodes.ts";

/** What a result of a connection changes about its remote node; none if it is none, or says nothing new. */
export function connectionChanges(
  cib: XmlElement,
  host: StatusNode,
  report: OperationReport,
): readonly CibChange[] {
  if (!isConnectionAgent(report.agent) || report.remoteNode !== undefined) return [];
  if (report.opStatus !== opStatus.done || report.rc !== 0) return [];
  const remote = { id: report.resource, uname: report.resource };
  switch (report.action) {
    case "start":
      // Nobody knows what happened there meanwhile: all is looked at again.
      return [eraseNode(remote), remoteState(remote, { in_ccm: "true", node_fenced: "0" })];
    case "migrate_from":
      return [remoteState(remote, { in_ccm: "true" }), eraseRecurring(remote)];
    case "stop": {
      const hosts = activeNodes(cib).get(report.resource) ?? new Set();
      const hasMoved = [...hosts].some((id) => id !== host.id);
      return hasMoved ? [] : [eraseAttributes(remote), remoteState(remote, { in_ccm: "false" })];
    }
    default:
      return [];
  }
}

/** It was fenced, or what it runs in was: it executes nothing. */
export function remoteDownChange(remote: StatusNode): CibChange {
  const state = remoteState(remote, { in_ccm: "false", node_fenced: "1" });
  return { kind: "sequence", changes: [eraseNode(remote), state] };
}

export function remoteMaintenanceChange(id: string, on: boolean): CibChange {
  return remoteState({ id, uname: id }, { node_in_maintenance: on ? "1" : "0" });
}

/**
 * A member that has joined with a new daemon knows nothing of the connections that it had. What runs behind them goes on, and
 * must not be started elsewhere as if it were down: so they stay recorded, and what recurs is ordered anew; with that order
 * the connection is made again.
 */
export function keptConnections(
  cib: XmlElement,
  node: StatusNode,
  history: readonly OperationReport[],
): readonly CibChange[] {
  const state = sectionChildren(cib, "status").find((each) => attribute(each, "id") === node.id);
  const told = new Set(history.map(({ resource }) => resource));
  const active = new Set(activeOn(cib, node.id));
  return [...descendants(state ?? element("node_state"))].flatMap((each) => {
    const id = attribute(each, "id") ?? "";
    if (each.name !== "lrm_resource" || !isConnection(each)) return [];
    if (told.has(id) || !active.has(id)) return [];
    const once = each.children.filter((record) => attribute(record, "interval") === "0");
    const lrm = element("lrm", { id: node.id }, [
      element("lrm_resources", {}, [withChildren(each, once)]),
    ]);
    const kept = element("node_state", { id: node.id, uname: node.uname }, [lrm]);
    return [inStatus(kept), eraseRecurring({ id, uname: id })];
  });
}

function isConnection({ attributes }: XmlElement): boolean {
  const { class: agentClass = "", provider = "", type = "" } = attributes;
  return isConnectionAgent({ class: agentClass, provider, type });
}

function remoteState(node: StatusNode, attributes: Readonly<Record<string, string>>): CibChange {
  return inStatus(
    element("node_state", {
      ...{ id: node.id, uname: node.uname, remote_node: "true" },
      ...attributes,
    }),
  );
}

/** The node that had the connection repeated them; the new one is to be ordered to. */
function eraseRecurring(remote: StatusNode): CibChange {
  const xpath = `${statePath(remote)}/lrm/lrm_resources/lrm_resource/lrm_rsc_op[@interval!="0"]`;
  return { kind: "delete", at: { xpath }, everyMatch: true };
}

function eraseAttributes(remote: StatusNode): CibChange {
  return { kind: "delete", at: { xpath: `${statePath(remote)}/transient_attributes` } };
}

function statePath({ id }: StatusNode): string {
  return `/cib/status/node_state[@id=${xpathLiteral(id)}]`;
}
