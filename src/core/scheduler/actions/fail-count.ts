/** Fail counts: node attributes fail-count-RESOURCE#OPERATION_INTERVAL and last-failure-…, summed for a resource. */

import { addScores, scoreOr } from "../../../decision/score.ts";
import { parseTransitionKey } from "../../../formats/cib/operation-key.ts";
import { attribute, descendants, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { configWarning } from "../model/issues.ts";
import { isBundled } from "../model/resources.ts";
import type { Action, ClusterNode, Resource } from "../model/types.ts";
import { historiesOf } from "../unpack/history/lrm-entries.ts";
import { baseName } from "../values/instance-name.ts";
import { scanInteger } from "../values/number.ts";
import { opKey } from "../values/op-key.ts";
import { wholeSeconds } from "../values/seconds.ts";
import { setMeta } from "./action-meta.ts";
import { intervalOf } from "./operation-config.ts";
import { taskAction } from "./resource-action.ts";

export type FailCountQuery = {
  /** Failures older than failure-timeout do not count. */
  readonly effective: boolean;
  /** Failures of what runs inside count too. */
  readonly launched?: boolean;
  /** The operation whose expiry is being looked at. */
  readonly operation?: XmlElement | undefined;
};

/** `last` is the time of the latest failure in seconds, 0 if there is none. */
export type FailCount = { readonly count: number; readonly last: number };

export function failCount(resource: Resource, node: ClusterNode, query: FailCountQuery): FailCount {
  let { count, last } = recorded(resource, node);
  if (
    count > 0 &&
    resource.failureTimeoutMs > 0 &&
    blocksForever(resource, node, query.operation)
  ) {
    configWarning(
      resource.cluster,
      `${resource.id}: failure-timeout has no effect with on-fail=block`,
    );
    resource.failureTimeoutMs = 0;
  }
  if (query.effective && count > 0 && last > 0 && resource.failureTimeoutMs > 0) {
    if (resource.cluster.now > last + wholeSeconds(resource.failureTimeoutMs)) count = 0;
  }
  if (query.launched === true && !isBundled(resource)) {
    for (const inner of resource.launched) {
      const more = failCount(inner, node, query);
      count += more.count;
      last = Math.max(last, more.last);
    }
  }
  return { count, last: count > 0 && last > 0 ? last : 0 };
}

/** Whether any failure is counted there. */
export function hasFailCount({ attributes }: ClusterNode): boolean {
  for (const name of attributes.keys()) if (name.startsWith("fail-count-")) return true;
  return false;
}

/** Forgets the failures of the resource on the node. */
export function clearFailCount(resource: Resource, node: ClusterNode): Action {
  const action = taskAction(resource, "clear_failcount", node, false);
  setMeta(action, "op_no_wait", "true");
  return action;
}

/** Instances of an anonymous clone share the count; it may stand under any instance's number. */
function recorded(resource: Resource, node: ClusterNode): { count: number; last: number } {
  let base: string | undefined;
  let count = 0;
  let last = 0;
  for (const [key, value] of node.attributes) {
    const isCount = key.startsWith("fail-count-");
    if (!isCount && !key.startsWith("last-failure-")) continue;
    base ??= knownAs(resource);
    const rest = key.slice(isCount ? "fail-count-".length : "last-failure-".length);
    if (!isFailureOf(rest, base, resource.unique)) continue;
    if (isCount) count = addScores(count, scoreOr(value, 0));
    else last = Math.max(last, scanInteger(value) ?? 0);
  }
  return { count, last };
}

function knownAs({ id, historyId, unique }: Resource): string {
  const name = historyId ?? id;
  return unique ? name : baseName(name);
}

function isFailureOf(rest: string, base: string, unique: boolean): boolean {
  if (!rest.startsWith(base)) return false;
  const tail = rest.slice(base.length);
  return (unique ? /^#.+_\d+$/ : /^(?::\d+)?#.+_\d+$/).test(tail);
}

/** A failure with on-fail=block stays until someone looks at it. */
function blocksForever(
  resource: Resource,
  node: ClusterNode,
  operation: XmlElement | undefined,
): boolean {
  const name = baseName(resource.id);
  const blocking = configuredOperations(resource, name).filter(
    (each) => attribute(each, "on-fail") === "block",
  );
  for (const configured of blocking) {
    if (operation !== undefined) {
      if (isFailed(name, configured, operation)) return true;
      continue;
    }
    const interval = String(intervalOf(configured));
    const histories = historiesOf(resource.cluster, name, node.name);
    for (const entry of histories.flatMap((history) => history.children)) {
      const same =
        attribute(entry, "operation") === attribute(configured, "name") &&
        attribute(entry, "interval") === interval;
      if (same && isFailed(name, configured, entry)) return true;
    }
  }
  return false;
}

function configuredOperations(resource: Resource, name: string): XmlElement[] {
  const found: XmlElement[] = [];
  if (attribute(resource.xml, "id") !== name || resource.variant !== "primitive") return found;
  for (const element of descendants(resource.xml)) if (element.name === "op") found.push(element);
  return found;
}

function isFailed(name: string, configured: XmlElement, entry: XmlElement): boolean {
  const interval = intervalOf(configured);
  const task = attribute(configured, "name") ?? "";
  if (interval !== (scanInteger(attribute(entry, "interval")) ?? 0)) return false;
  if (task.toLowerCase() !== attribute(entry, "operation")?.toLowerCase()) return false;
  const id = attribute(entry, "id");
  if (id === opKey(name, "last_failure", 0)) return true;
  if (id !== opKey(name, task, interval)) return false;
  const key = attribute(entry, "transition-key");
  const target = key === undefined ? -1 : (parseTransitionKey(key)?.targetRc ?? -1);
  return (scanInteger(attribute(entry, "rc-code")) ?? 0) !== target;
}
