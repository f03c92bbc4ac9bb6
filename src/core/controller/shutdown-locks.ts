/**
 * shutdown-lock: what a node ran when it was shut down in order waits for it. The scheduler says which actions are about a
 * locked resource, and since when; the lock stands in the history of that resource on that node (shutdown-lock of
 * lrm_resource, in seconds since 1970), which outlives the node's leaving and coming back. A stop that ended well and a
 * probe that found nothing keep it; anything else, a start above all, ends it (0 is written). As Pacemaker records it.
 */
import { compareText } from "../../base/compare.ts";
import {
  attribute,
  child,
  childrenNamed,
  element,
  type XmlElement,
} from "../../formats/xml/xml-element.ts";
import type { CibChange } from "../cib/change.ts";
import { sectionChildren } from "../cib/sections.ts";
import { inStatus } from "../cib/status/node-state.ts";
import { opStatus, type StatusNode } from "../cib/status/operation-result.ts";
import type { OperationReport } from "../executor/types.ts";
import { isOptionOn } from "./read-options.ts";

const name = "shutdown-lock";

/** Of a result: the lock that its history keeps, or loses. None where the action was not about a locked resource. */
export function lockChanges(
  cib: XmlElement,
  node: StatusNode,
  report: OperationReport,
): readonly CibChange[] {
  const { shutdownLockS, resource, agent } = report;
  if (shutdownLockS === undefined || report.opStatus === opStatus.pending) return [];
  const since = isOptionOn(cib, name) && keepsLock(report) ? shutdownLockS : 0;
  const history = element("lrm_resource", {
    id: resource,
    class: agent.class,
    ...(agent.provider !== undefined && { provider: agent.provider }),
    ...{ type: agent.type, [name]: String(since) },
  });
  return [inHistory(node, [history])];
}

/** What is kept of the history of a node that leaves or comes back: that it is locked, and nothing of what was done. */
export function keptLocks(cib: XmlElement, node: StatusNode): readonly CibChange[] {
  if (!isOptionOn(cib, name)) return [];
  const state = sectionChildren(cib, "status").find((each) => attribute(each, "id") === node.id);
  const resources = [state]
    .flatMap((each) => each && child(each, "lrm"))
    .flatMap((each) => each && child(each, "lrm_resources"))
    .flatMap((each) => (each === undefined ? [] : childrenNamed(each, "lrm_resource")));
  const locked = resources
    .filter((each) => Number(attribute(each, name) ?? 0) > 0)
    .map((each) => ({ ...each, children: [] }));
  return locked.length === 0 ? [] : [inHistory(node, locked)];
}

/**
 * Of all that a joining node has told: the last thing that it did to each resource. Earlier ones say nothing of its lock
 * any more.
 */
export function lastOfEach(history: readonly OperationReport[]): readonly OperationReport[] {
  const last = new Map<string, OperationReport>();
  for (const report of history) {
    const about = `${report.remoteNode ?? ""} ${report.resource}`;
    const known = last.get(about);
    if (report.intervalMs === 0 && (known === undefined || known.callId < report.callId)) {
      last.set(about, report);
    }
  }
  return [...last.values()].sort((a, b) => compareText(a.resource, b.resource));
}

function keepsLock({ action, intervalMs, rc, opStatus: status }: OperationReport): boolean {
  if (status !== opStatus.done) return false;
  return (action === "stop" && rc === 0) || (action === "monitor" && intervalMs === 0 && rc === 7);
}

function inHistory(node: StatusNode, resources: readonly XmlElement[]): CibChange {
  const lrm = element("lrm", { id: node.id }, [element("lrm_resources", {}, resources)]);
  return inStatus(element("node_state", { id: node.id, uname: node.uname }, [lrm]));
}
