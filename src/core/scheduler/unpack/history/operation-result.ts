/** What one recorded operation says about its resource: its role, where it is, and what its failure leads to. */
import { infinity } from "../../../../decision/score.ts";
import { attribute, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import { onFailSeverity, parseOnFail, roleAfterFailure } from "../../actions/on-fail.ts";
import { isProbe } from "../../actions/operation-meta.ts";
import { operationTemplate } from "../../actions/operation-template.ts";
import { taskAction } from "../../actions/resource-action.ts";
import { findNode, isRemoteKind } from "../../model/nodes.ts";
import { isAnonymousClone, isBundled, topResource } from "../../model/resources.ts";
import { addScore, addScoreEverywhere, banEverywhere } from "../../model/scoring.ts";
import type { ClusterNode, OnFail, Resource } from "../../model/types.ts";
import { scanInteger } from "../../values/number.ts";
import { type Role, role } from "../../values/role.ts";
import { checkExpiry, isDroppedAsExpired } from "./expiry.ts";
import { recordFailure } from "./failed-operations.ts";
import {
  afterMigrateFromFailure,
  afterMigrateToFailure,
  afterMigrateToSuccess,
} from "./migrations.ts";
import {
  execution,
  historyKey,
  intervalOfEntry,
  type Operation,
  ocf,
  parseOperation,
} from "./operation.ts";
import { type HistoryState, remapOperation } from "./remap.ts";

export function readOperation(
  resource: Resource,
  node: ClusterNode,
  xml: XmlElement,
  state: HistoryState,
): void {
  const operation = parseOperation(resource, node, xml);
  if (operation === undefined) return;
  const expired = checkExpiry(operation);
  const originalRc = operation.rc;
  remapOperation(operation, state, expired);
  if (expired && isDroppedAsExpired(operation, originalRc)) return;
  if (operation.masked && !isBundled(resource)) {
    maskProbe(operation, state);
    return;
  }
  switch (operation.status) {
    case execution.pending:
      notePending(operation, state);
      return;
    case execution.done:
      applyResult(operation, operation.rc, state);
      return;
    case execution.notInstalled:
      agentMissing(operation, state);
      return;
    case execution.notConnected:
      failConnection(node);
      break;
    default:
  }
  applyFailure(operation, state);
}

/** The probe says "not running", and the resource cannot run there at all. */
function maskProbe(operation: Operation, state: HistoryState): void {
  const { resource, node } = operation;
  applyResult(operation, operation.expected, state);
  recordFailure(operation);
  const banned = resource.unique ? resource : topResource(resource);
  addScore(
    banned,
    node,
    -infinity,
    "its agent or program is missing or rejects the parameters there",
  );
}

/** The connection is considered good, but something behind it was not connected. */
function failConnection(node: ClusterNode): void {
  const { connection } = node;
  if (!isRemoteKind(node) || connection === undefined || !connection.managed) return;
  connection.failed = true;
  connection.stopIfFailed = true;
}

function agentMissing(operation: Operation, state: HistoryState): void {
  const { resource, node } = operation;
  const { onFail, failRole } = failureHandling(operation);
  if (onFail === "ignore") state.onFail = "ban";
  addScore(wholeOf(resource), node, -infinity, "its agent is not installed there");
  noteFailure(operation, { onFail, failRole }, state);
}

function applyFailure(operation: Operation, state: HistoryState): void {
  const { resource, node, task } = operation;
  const handling = failureHandling(operation);
  const { onFail } = handling;
  if (onFail === "ignore" || (onFail === "restart-container" && task === "stop")) {
    applyResult(operation, operation.expected, state);
    resource.failureIgnored = true;
    recordFailure(operation);
    if (
      onFail === "restart-container" &&
      onFailSeverity(state.onFail) <= onFailSeverity("restart")
    ) {
      state.onFail = onFail;
    }
    return;
  }
  noteFailure(operation, handling, state);
  if (operation.status === execution.errorHard) {
    addScore(
      wholeOf(resource),
      node,
      -infinity,
      `${task} failed in a way that will not change there`,
    );
  } else if (operation.status === execution.errorFatal) {
    addScoreEverywhere(
      wholeOf(resource),
      -infinity,
      `${task} says that it is not configured right`,
    );
  }
}

/** Instances of an anonymous clone are banned together. */
function wholeOf(resource: Resource): Resource {
  return resource.unique ? resource : topResource(resource);
}

type FailureHandling = { readonly onFail: OnFail; readonly failRole: Role };

function failureHandling({ resource, node, task, intervalMs }: Operation): FailureHandling {
  const { meta } = operationTemplate(resource, node, { task, intervalMs, notifies: false });
  const onFail = parseOnFail(resource, task, intervalMs, meta.get("on-fail"));
  return { onFail, failRole: roleAfterFailure(resource, task, onFail) };
}

function noteFailure(
  operation: Operation,
  { onFail, failRole }: FailureHandling,
  state: HistoryState,
): void {
  const { resource, node, task, xml, rc, probe } = operation;
  const { settings } = resource.cluster;
  state.lastFailure = xml;
  // In a cluster where resources run only where they are allowed, agents may be missing elsewhere.
  if (settings.symmetric || rc !== ocf.notInstalled) recordFailure(operation);
  if (onFailSeverity(state.onFail) < onFailSeverity(onFail)) state.onFail = onFail;
  if (task === "stop") {
    addScore(resource, node, -infinity, "its stop failed there");
  } else if (task === "migrate_to") {
    afterMigrateToFailure(operation);
  } else if (task === "migrate_from") {
    afterMigrateFromFailure(operation);
  } else if (task === "promote") {
    resource.role = role.promoted;
  } else if (task === "demote") {
    noteFailedDemote(resource, onFail, rc);
  }
  if (probe && rc === ocf.notInstalled) resource.role = role.stopped;
  else if (resource.role < role.started) resource.role = activeRole(resource);
  if (failRole !== role.started && resource.nextRole < failRole) resource.nextRole = failRole;
  if (failRole === role.stopped) banAfterFailure(resource);
}

/** Staying promoted would only demote again and again; the stop that recovers it orders what must wait. */
function noteFailedDemote(resource: Resource, onFail: OnFail, rc: number): void {
  if (onFail === "block") {
    resource.role = role.promoted;
    resource.nextRole = role.stopped;
  } else if (rc === ocf.notRunning) {
    resource.role = role.stopped;
  } else {
    resource.role = role.unpromoted;
  }
}

/** on-fail=stop of one instance stops the whole anonymous clone. */
function banAfterFailure(resource: Resource): void {
  const top = topResource(resource);
  const banned = resource.parent !== undefined && isAnonymousClone(top) ? top : resource;
  banEverywhere(banned, "failed, on-fail=stop");
}

function activeRole(resource: Resource): Role {
  return topResource(resource).promotable ? role.unpromoted : role.started;
}

/** The role after an operation that ended with `rc`, and whether it makes an earlier failure forgotten. */
function applyResult(operation: Operation, rc: number, state: HistoryState): void {
  if (!setRoleAfter(operation, rc, state)) return;
  const { resource } = operation;
  switch (state.onFail) {
    case "stop":
    case "ban":
    case "standby":
    case "fence":
      return;
    case "reset-remote":
      // With a reconnect interval the connection waits until the failure is cleared.
      if (resource.reconnectMs !== 0) return;
      break;
    default:
  }
  state.onFail = "ignore";
  resource.nextRole = role.unknown;
}

function setRoleAfter(operation: Operation, rc: number, state: HistoryState): boolean {
  const { resource, task } = operation;
  if (rc === ocf.notInstalled || (operation.masked && !isBundled(resource))) {
    resource.role = role.stopped;
    return false;
  }
  if (rc === ocf.notRunning) return true;
  switch (task) {
    case "monitor": {
      const { lastFailure } = state;
      if (resource.role < role.started) resource.role = activeRole(resource);
      return lastFailure !== undefined && operation.key === historyKey(lastFailure);
    }
    case "start":
    case "migrate_from":
      resource.role = role.started;
      return true;
    case "stop":
      resource.role = role.stopped;
      return true;
    case "promote":
      resource.role = role.promoted;
      return true;
    case "demote":
      resource.role = role.unpromoted;
      return state.onFail === "demote";
    case "migrate_to":
      afterMigrateToSuccess(operation);
      return false;
    default:
      if (resource.role < role.started) resource.role = activeRole(resource);
      return false;
  }
}

function notePending(operation: Operation, state: HistoryState): void {
  const { resource, node, task, intervalMs, xml } = operation;
  if (isSuperseded(operation, state.lastFailure)) return;
  if (task === "start") {
    resource.startPending = true;
    resource.role = activeRole(resource);
  } else if (task === "promote") {
    resource.role = role.promoted;
  } else if (task === "migrate_to" && node.unclean) {
    // The source is lost while migrating, so the target may have the guest: stop it there.
    const target = findNode(resource.cluster, attribute(xml, "migrate_target"));
    if (target !== undefined) taskAction(resource, "stop", target, false);
  }
  if (resource.pendingTask !== undefined || isProbe(task, intervalMs)) return;
  resource.pendingTask = task;
  resource.pendingNode = node;
}

/** A recurring monitor's failure is recorded apart; if it is newer, the monitor is no longer pending. */
function isSuperseded(
  { task, intervalMs, xml }: Operation,
  failure: XmlElement | undefined,
): boolean {
  if (failure === undefined || attribute(failure, "operation") !== task) return false;
  if (intervalOfEntry(failure) !== intervalMs) return false;
  const changed = scanInteger(attribute(xml, "last-rc-change"));
  const failed = scanInteger(attribute(failure, "last-rc-change"));
  return changed !== undefined && failed !== undefined && failed >= changed;
}
