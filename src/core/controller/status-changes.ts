/** What the DC writes into the status section: joins, losses, results. Functions from the CIB to changes. */
import { formatOperationKey } from "../../formats/cib/operation-key.ts";
import { xpathLiteral } from "../../formats/cib/xpath/literal.ts";
import { attribute, descendants, type XmlElement } from "../../formats/xml/xml-element.ts";
import type { CibChange } from "../cib/change.ts";
import { nodeNamed } from "../cib/read/nodes.ts";
import { sectionChildren } from "../cib/sections.ts";
import {
  clearFailCounts,
  failCounts,
  failureChange,
  ignoredFailureChange,
  isCounted,
} from "../cib/status/fail-counts.ts";
import { eraseNode, eraseOperation, eraseResource, historyChange } from "../cib/status/history.ts";
import { type JoinState, type NodeState, nodeStateChange } from "../cib/status/node-state.ts";
import {
  isCountedAsFailure,
  isRecorded,
  opStatus,
  type StatusNode,
} from "../cib/status/operation-result.ts";
import { type OperationReport, settlesMigrations } from "../executor/types.ts";
import { isOptionOn } from "./read-options.ts";
import { keptConnections } from "./remote-status.ts";
import { keptLocks, lastOfEach, lockChanges } from "./shutdown-locks.ts";

/** A node that the configuration does not know yet is known by its name. */
export function statusNode(cib: XmlElement, name: string): StatusNode {
  return nodeNamed(cib, name) ?? { id: name, uname: name };
}

function recordedState(cib: XmlElement, node: StatusNode): NodeState | undefined {
  const state = stateElement(cib, node);
  if (state === undefined || attribute(state, "join") === undefined) return undefined;
  return {
    ...node,
    inCluster: attribute(state, "in_ccm") === "true",
    controllerOnline: attribute(state, "crmd") === "online",
    join: (attribute(state, "join") ?? "down") as JoinState,
    expected: (attribute(state, "expected") ?? "down") as JoinState,
  };
}

export type MemberCondition =
  | "member"
  /** It is heard and does not join. */
  | "pending"
  /** It is not there, and nothing says that it executes nothing. */
  | "lost"
  /** It is not there, and is known to execute nothing. */
  | "down";

/** Undefined when that is what is recorded already. */
export function conditionChange(
  cib: XmlElement,
  node: StatusNode,
  condition: MemberCondition,
): CibChange | undefined {
  const wanted = stateFor(node, condition);
  const recorded = recordedState(cib, node);
  const same =
    recorded !== undefined &&
    recorded.inCluster === wanted.inCluster &&
    recorded.controllerOnline === wanted.controllerOnline &&
    recorded.join === wanted.join &&
    recorded.expected === wanted.expected;
  if (same) return undefined;
  if (condition !== "down") return nodeStateChange(wanted);
  return { kind: "sequence", changes: [downChange(node), ...keptLocks(cib, node)] };
}

/** What is known to execute nothing has no history worth keeping; it comes back as a new member. */
export function downChange(node: StatusNode): CibChange {
  const state = nodeStateChange(stateFor(node, "down"));
  return { kind: "sequence", changes: [eraseNode(node), state] };
}

/** A member has joined: its own account takes the place of what was recorded. */
export function joinChange(
  cib: XmlElement,
  node: StatusNode,
  joined: {
    readonly history: readonly OperationReport[];
    /** Its daemon has been with the cluster before: fail counts and the like go on to hold. */
    readonly isSeasoned: boolean;
    readonly nowS: number;
  },
): CibChange {
  const { history, isSeasoned, nowS } = joined;
  const state = `/cib/status/node_state[@id=${xpathLiteral(node.id)}]`;
  const untold = history.filter(
    (report) =>
      isFailed(report) &&
      isCounted(report) &&
      report.isFailureIgnored !== true &&
      !isKnown(cib, hostOf(node, report), report),
  );
  return {
    kind: "sequence",
    changes: [
      isSeasoned ? { kind: "delete", at: { xpath: `${state}/lrm` } } : eraseNode(node),
      nodeStateChange(stateFor(node, "member")),
      ...keptLocks(cib, node),
      ...keptConnections(cib, node, history),
      ...history.map((report) => historyChange({ ...report, node: hostOf(node, report) })),
      ...lastOfEach(history).flatMap((report) => lockChanges(cib, hostOf(node, report), report)),
      ...untold.map((report) =>
        failureChange(hostOf(node, report), report, { nowS, startIsFatal: startIsFatal(cib) }),
      ),
    ],
  };
}

/** A remote node goes by its name. */
function hostOf(node: StatusNode, { remoteNode }: OperationReport): StatusNode {
  return remoteNode === undefined ? node : { id: remoteNode, uname: remoteNode };
}

/** An operation has ended, or was begun (op-status pending). */
export function reportChange(
  cib: XmlElement,
  node: StatusNode,
  report: OperationReport,
  nowS: number,
): CibChange {
  if (!isRecorded(report)) return { kind: "sequence", changes: [] };
  const { resource, action, intervalMs } = report;
  if (report.opStatus === opStatus.cancelled) {
    return eraseOperation(node, resource, formatOperationKey({ resource, action, intervalMs }));
  }
  const recorded: CibChange = {
    kind: "sequence",
    changes: [
      historyChange({ ...report, node }),
      ...outdatedBy(node, report),
      ...lockChanges(cib, node, report),
    ],
  };
  if (!isFailed(report) || !isCounted(report)) return recorded;
  const counted = report.isFailureIgnored
    ? ignoredFailureChange(node, report, nowS)
    : failureChange(node, report, { nowS, startIsFatal: startIsFatal(cib) });
  return { kind: "sequence", changes: [recorded, counted] };
}

/**
 * Where a start or a stop has ended well, earlier migrations say nothing any more; left in the history, the scheduler
 * would take them for half done when the other side's history is erased.
 */
function outdatedBy(node: StatusNode, report: OperationReport): readonly CibChange[] {
  if (!settlesMigrations(report)) return [];
  return ["migrate_to", "migrate_from"].map((action) =>
    eraseOperation(
      node,
      report.resource,
      formatOperationKey({ resource: report.resource, action, intervalMs: 0 }),
    ),
  );
}

export function isFailed(report: OperationReport): boolean {
  return isCountedAsFailure(report);
}

export function clearFailuresChange(
  cib: XmlElement,
  node: StatusNode,
  resource: string,
): CibChange {
  const counts = failCounts(cib, node.id, resource);
  const failure = formatOperationKey({ resource, action: "last_failure", intervalMs: 0 });
  return {
    kind: "sequence",
    changes: [...clearFailCounts(node, counts), eraseOperation(node, resource, failure)],
  };
}

export function forgetChange(node: StatusNode, resource: string): CibChange {
  return eraseResource(node, resource);
}

/** Resources with a history, as "NODE RESOURCE" with the node's id. */
export function historiesIn(cib: XmlElement): ReadonlySet<string> {
  const found = new Set<string>();
  for (const state of sectionChildren(cib, "status")) {
    for (const each of descendants(state)) {
      if (each.name === "lrm_resource")
        found.add(`${attribute(state, "id")} ${attribute(each, "id")}`);
    }
  }
  return found;
}

function stateFor(node: StatusNode, condition: MemberCondition): NodeState {
  const isThere = condition === "member" || condition === "pending";
  return {
    ...node,
    inCluster: isThere,
    controllerOnline: isThere,
    join: condition === "lost" ? "down" : condition,
    expected: condition === "down" ? "down" : "member",
  };
}

function isKnown(cib: XmlElement, node: StatusNode, report: OperationReport): boolean {
  const state = stateElement(cib, node);
  if (state === undefined) return false;
  return [...descendants(state)].some(
    (each) =>
      each.name === "lrm_rsc_op" &&
      attribute(each, "transition-key") === report.transitionKey &&
      attribute(each, "call-id") === String(report.callId),
  );
}

function startIsFatal(cib: XmlElement): boolean {
  return isOptionOn(cib, "start-failure-is-fatal");
}

function stateElement(cib: XmlElement, node: StatusNode): XmlElement | undefined {
  return sectionChildren(cib, "status").find((each) => attribute(each, "id") === node.id);
}
