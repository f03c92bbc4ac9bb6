/**
 * What a recorded operation means: its return code against the expected one, and codes that mean more than success
 * or failure (not running, promoted, not installed …).
 */
import { canFence } from "../../actions/fencing.ts";
import { isBundled } from "../../model/resources.ts";
import type { OnFail } from "../../model/types.ts";
import { role } from "../../values/role.ts";
import { recordFailure } from "./failed-operations.ts";
import { effectiveRc, execution, type Operation, ocf } from "./operation.ts";

/** What the operations of a resource on a node have led to so far. */
export type HistoryState = {
  onFail: OnFail;
  /** The latest failure. */
  lastFailure: Operation["xml"] | undefined;
};

export function remapOperation(operation: Operation, state: HistoryState, expired: boolean): void {
  const { resource, node } = operation;
  const original = operation.rc;
  operation.rc = effectiveRc(original);
  if (operation.rc !== original && !expired && (!node.shutdown || node.online)) {
    recordFailure(operation);
  }
  if (operation.masked && !isBundled(resource)) {
    operation.status = execution.done;
    operation.rc = ocf.notRunning;
  }
  switch (operation.status) {
    case execution.done:
    case execution.error:
      break;
    case execution.noFenceDevice:
    case execution.noSecrets:
      operation.status = execution.errorHard;
      return;
    default:
      return;
  }
  const wanted = operation.expected >= 0 && operation.rc === operation.expected;
  operation.status = wanted ? execution.done : execution.error;
  remapByRc(operation, state, expired);
}

function remapByRc(operation: Operation, state: HistoryState, expired: boolean): void {
  const { resource, rc, expected, probe } = operation;
  switch (rc) {
    case ocf.ok:
      if (probe && expected === ocf.notRunning) operation.status = execution.done;
      return;
    case ocf.notRunning:
      if (probe || expected === rc || !resource.managed) {
        operation.status = execution.done;
        resource.role = role.stopped;
        state.onFail = "ignore";
        resource.nextRole = role.unknown;
      }
      return;
    case ocf.promoted:
      if (probe && rc !== expected) operation.status = execution.done;
      if (!expired || rc === expected) resource.role = role.promoted;
      return;
    case ocf.failedPromoted:
      if (!expired) resource.role = role.promoted;
      operation.status = execution.error;
      return;
    case ocf.notConfigured:
      operation.status = execution.errorFatal;
      return;
    case ocf.unimplemented:
      if (operation.intervalMs > 0) {
        operation.status = execution.notSupported;
        return;
      }
      if (!expired) blockIfUnrecoverable(operation);
      operation.status = execution.errorHard;
      return;
    case ocf.notInstalled:
    case ocf.invalidParam:
    case ocf.insufficientPrivileges:
      if (!expired) blockIfUnrecoverable(operation);
      operation.status = execution.errorHard;
      return;
    default:
      // The code is none that is known, so even an expected one is a failure's.
      if (operation.status === execution.done) operation.status = execution.error;
  }
}

/** Safety: a stop that can never succeed leaves only fencing; without it nothing more is done to the resource. */
function blockIfUnrecoverable({ resource, node, task }: Operation): void {
  if (task !== "stop" || canFence(resource.cluster, node)) return;
  resource.managed = false;
  resource.blocked = true;
}
