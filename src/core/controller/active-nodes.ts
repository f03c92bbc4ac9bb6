/** Where a resource is, by the operations that the status section records: known to run, or not known to be stopped. */
import {
  attribute,
  childrenNamed,
  descendants,
  type XmlElement,
} from "../../formats/xml/xml-element.ts";
import { sectionChildren } from "../cib/sections.ts";

/** Ids of nodes by resource. Only what a later success of stop, probe or migration denies is left out. */
export function activeNodes(cib: XmlElement): ReadonlyMap<string, ReadonlySet<string>> {
  const active = new Map<string, Set<string>>();
  for (const state of sectionChildren(cib, "status")) {
    const node = attribute(state, "id");
    if (state.name !== "node_state" || node === undefined) continue;
    for (const history of descendants(state)) {
      const resource = attribute(history, "id");
      if (history.name !== "lrm_resource" || resource === undefined) continue;
      // A fence device runs nowhere: it is only known there.
      if (attribute(history, "class") === "stonith") continue;
      if (!mayRun(history)) continue;
      const nodes = active.get(resource) ?? new Set<string>();
      active.set(resource, nodes.add(node));
    }
  }
  return active;
}

/** Resources that may run on one node, by its id. */
export function activeOn(cib: XmlElement, nodeId: string): readonly string[] {
  const active = [...activeNodes(cib)].filter(([, nodes]) => nodes.has(nodeId));
  return active.map(([resource]) => resource);
}

/** @param history an lrm_resource. */
export function mayRun(history: XmlElement): boolean {
  const records = childrenNamed(history, "lrm_rsc_op");
  const inOrder = [...records].sort((a, b) => callId(a) - callId(b));
  let active = false;
  for (const record of inOrder) active = after(record, active);
  return active;
}

/** What is under way has no number yet: it comes last. */
function callId(record: XmlElement): number {
  const id = Number(attribute(record, "call-id") ?? 0);
  return id < 0 ? Number.MAX_SAFE_INTEGER : id;
}

function after(record: XmlElement, active: boolean): boolean {
  const operation = attribute(record, "operation");
  const rc = attribute(record, "rc-code");
  const ended = attribute(record, "op-status") === "0";
  switch (operation) {
    case "stop":
    case "migrate_to":
      // What is being stopped, or could not be, was there.
      return !(ended && rc === "0");
    case "monitor":
      if (attribute(record, "op-status") === "-1" || (ended && rc === "5")) return active;
      return !(ended && rc === "7");
    case "start":
    case "promote":
    case "demote":
    case "migrate_from":
      return !(ended && rc === "7");
    default:
      return active;
  }
}
