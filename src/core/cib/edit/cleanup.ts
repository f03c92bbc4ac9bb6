/** crm_resource --cleanup and --refresh, crm_failcount --delete: forgetting failures and history. */
import { ok, type Result } from "../../../base/result.ts";
import {
  attribute,
  childrenNamed,
  descendants,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import type { CibChange } from "../change.ts";
import { nodesOf } from "../read/nodes.ts";
import { resourcesOf } from "../read/resource-lookup.ts";
import type { CibRefusal } from "../refusal.ts";
import { sectionChildren } from "../sections.ts";
import { clearFailCounts, type FailCount, failCounts } from "../status/fail-counts.ts";
import { eraseResource } from "../status/history.ts";
import type { StatusNode } from "../status/operation-result.ts";
import { inOrder, knownNode, knownResource, type PlannedEdit } from "./planned-edit.ts";

export type CleanupRequest = {
  /** Without one: all. Of a group or clone: all that is in it. */
  readonly resource?: string | undefined;
  /** Without one: all. */
  readonly node?: string | undefined;
  /** Only failures of this operation. */
  readonly operation?: { readonly action: string; readonly intervalMs: number } | undefined;
  /** The history also of what never failed: it is probed anew (--refresh). */
  readonly everything?: boolean;
};

/**
 * Takes out fail counts and the history of what failed; the scheduler then has the resource probed where its history
 * is gone, and starts it again where it may run.
 */
export function cleanUp(cib: XmlElement, request: CleanupRequest): Result<PlannedEdit, CibRefusal> {
  const scope = scopeOf(cib, request);
  if (!scope.ok) return scope;
  const changes: CibChange[] = [];
  for (const node of scope.value.nodes) {
    const counts = failCounts(cib, node.id).filter((each) =>
      isMeant(each, scope.value.names, request),
    );
    const failed = new Set(counts.map((each) => each.resource));
    for (const history of historiesOn(cib, node)) {
      const id = attribute(history, "id") ?? "";
      const meant = scope.value.names === undefined || scope.value.names.has(baseName(id));
      const stained = failed.has(baseName(id)) || hasFailure(history, request);
      if (meant && (request.everything === true || stained)) changes.push(eraseResource(node, id));
    }
    changes.push(...clearFailCounts(node, counts));
  }
  return ok({ change: inOrder(changes), notices: [] });
}

/** Only the fail counts: the history stays, and with it what is shown as failed. */
export function deleteFailCounts(
  cib: XmlElement,
  request: CleanupRequest,
): Result<PlannedEdit, CibRefusal> {
  const scope = scopeOf(cib, request);
  if (!scope.ok) return scope;
  const changes = scope.value.nodes.flatMap((node) =>
    clearFailCounts(
      node,
      failCounts(cib, node.id).filter((each) => isMeant(each, scope.value.names, request)),
    ),
  );
  return ok({ change: inOrder(changes), notices: [] });
}

type Scope = {
  readonly nodes: readonly StatusNode[];
  /** Names of primitives; undefined: all. */
  readonly names: ReadonlySet<string> | undefined;
};

function scopeOf(cib: XmlElement, request: CleanupRequest): Result<Scope, CibRefusal> {
  const node = request.node === undefined ? undefined : knownNode(cib, request.node);
  if (node !== undefined && !node.ok) return node;
  const nodes = node === undefined ? nodesOf(cib) : [node.value];
  if (request.resource === undefined) return ok({ nodes, names: undefined });
  const resource = knownResource(cib, baseName(request.resource));
  if (!resource.ok) return resource;
  const inside = resourcesOf(cib).filter((each) => each.parents.includes(resource.value.element));
  const all = [resource.value, ...inside].map((each) => attribute(each.element, "id") ?? "");
  return ok({ nodes, names: new Set(all) });
}

function isMeant(
  count: FailCount,
  names: ReadonlySet<string> | undefined,
  { operation }: CleanupRequest,
): boolean {
  if (names !== undefined && !names.has(baseName(count.resource))) return false;
  if (operation === undefined) return true;
  return operation.action === count.action && operation.intervalMs === count.intervalMs;
}

function historiesOn(cib: XmlElement, node: StatusNode): readonly XmlElement[] {
  return sectionChildren(cib, "status")
    .filter((each) => attribute(each, "id") === node.id)
    .flatMap((state) => [...descendants(state)])
    .filter((each) => each.name === "lrm_resource");
}

/** A failure that was recorded, of the operation that is meant if one is. */
function hasFailure(history: XmlElement, { operation }: CleanupRequest): boolean {
  return childrenNamed(history, "lrm_rsc_op").some((op) => {
    if (!(attribute(op, "id") ?? "").endsWith("_last_failure_0") || isFind(op)) return false;
    if (operation === undefined) return true;
    const sameInterval = attribute(op, "interval") === String(operation.intervalMs);
    return attribute(op, "operation") === operation.action && sameInterval;
  });
}

/** A probe that found the resource running: recorded like a failure, because it was not expected, and none. */
function isFind(op: XmlElement): boolean {
  const isProbe = attribute(op, "operation") === "monitor" && attribute(op, "interval") === "0";
  return isProbe && ["0", "8", "190", "191"].includes(attribute(op, "rc-code") ?? "");
}

/** Without the number of a clone's instance. */
function baseName(id: string): string {
  return id.replace(/:\d+$/, "");
}
