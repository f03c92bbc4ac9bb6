/**
 * Fail counts: node attributes fail-count-RESOURCE#OPERATION_INTERVAL, and beside each the time of its last failure.
 */

import { parseScore } from "../../../decision/score.ts";
import { formatOperationKey, parseOperationKey } from "../../../formats/cib/operation-key.ts";
import type { XmlElement } from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import { type StatusNode, saidToFail } from "./operation-result.ts";
import { transientAttributeChange, transientAttributes } from "./transient-attributes.ts";

export type FailedOperation = {
  readonly resource: string;
  readonly action: string;
  readonly intervalMs: number;
};

export type FailCount = FailedOperation & {
  readonly count: number;
  /** Seconds since 1970; undefined where it was not written down. */
  readonly lastFailureS: number | undefined;
};

const countPrefix = "fail-count-";
const timePrefix = "last-failure-";

export function failCountName(failed: FailedOperation): string {
  return countPrefix + failureName(failed);
}

export function lastFailureName(failed: FailedOperation): string {
  return timePrefix + failureName(failed);
}

/** Whether failures of an operation are counted: of recurring ones, of what changes the resource's state, and by word. */
export function isCounted(operation: FailedOperation): boolean {
  const { action, intervalMs } = operation;
  return intervalMs > 0 || ["start", "stop", "promote", "demote", saidToFail].includes(action);
}

/**
 * Counts a failure. A failed start or stop counts without limit ("INFINITY"): the start because
 * start-failure-is-fatal (see `startIsFatal`), the stop because what could not be stopped may still run.
 */
export function failureChange(
  node: StatusNode,
  failed: FailedOperation,
  facts: { readonly nowS: number; readonly startIsFatal: boolean },
): CibChange {
  const fatal = failed.action === "stop" || (failed.action === "start" && facts.startIsFatal);
  const count = fatal ? "INFINITY" : "value++";
  return {
    kind: "sequence",
    changes: [
      transientAttributeChange(node, failCountName(failed), count),
      transientAttributeChange(node, lastFailureName(failed), String(Math.trunc(facts.nowS))),
    ],
  };
}

/** A failure that is not counted (on-fail=ignore) is remembered with its time all the same. */
export function ignoredFailureChange(
  node: StatusNode,
  failed: FailedOperation,
  nowS: number,
): CibChange {
  return transientAttributeChange(node, lastFailureName(failed), String(Math.trunc(nowS)));
}

/**
 * Of one node, or only those of one resource there. What clusters of the past counted may stand under the number of a
 * clone's instance; the scheduler counts it for the clone's resource, so it is found, and cleared, as that resource's.
 */
export function failCounts(
  cib: XmlElement,
  nodeId: string,
  resource?: string,
): readonly FailCount[] {
  const values = transientAttributes(cib, nodeId);
  const counts: FailCount[] = [];
  for (const [name, value] of values) {
    const failed = parseFailCountName(name);
    if (failed === undefined) continue;
    if (resource !== undefined && !isOf(failed, resource)) continue;
    const time = values.get(lastFailureName(failed));
    const lastFailureS = time !== undefined && /^\d+$/.test(time) ? Number(time) : undefined;
    counts.push({ ...failed, count: parseScore(value) ?? 0, lastFailureS });
  }
  return counts;
}

function isOf({ resource: name }: FailedOperation, resource: string): boolean {
  return name === resource || name.replace(/:\d+$/, "") === resource;
}

/** Takes out the given fail counts of a node. */
export function clearFailCounts(
  node: StatusNode,
  failed: readonly FailedOperation[],
): readonly CibChange[] {
  return failed.flatMap((each) => [
    transientAttributeChange(node, failCountName(each), undefined),
    transientAttributeChange(node, lastFailureName(each), undefined),
  ]);
}

function failureName({ resource, action, intervalMs }: FailedOperation): string {
  const key = formatOperationKey({ resource: "", action, intervalMs });
  return `${resource}#${key.slice(1)}`;
}

function parseFailCountName(name: string): FailedOperation | undefined {
  if (!name.startsWith(countPrefix)) return undefined;
  const parts = /^(.+)#(.+)$/s.exec(name.slice(countPrefix.length));
  if (parts === null) return undefined;
  const [, resource, operation] = parts as unknown as [string, string, string];
  const key = parseOperationKey(`x_${operation}`);
  return key && { resource, action: key.action, intervalMs: key.intervalMs };
}
