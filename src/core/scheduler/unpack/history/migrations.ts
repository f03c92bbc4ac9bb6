/**
 * What recorded migrations mean. A whole migration is migrate_to on the source, migrate_from on the target, stop on
 * the source. Without migrate_from it is partial: the guest may be on either node. Without the stop it is dangling: it
 * is on the target, and the source still needs a stop. Either history may be gone or superseded by newer operations.
 */
import { attribute, childrenNamed, type XmlElement } from "../../../../formats/xml/xml-element.ts";
import { findNode } from "../../model/nodes.ts";
import type { Cluster } from "../../model/types.ts";
import { scanInteger } from "../../values/number.ts";
import { role } from "../../values/role.ts";
import { addActive } from "./add-active.ts";
import { findHistory, findRecorded, isUnknownOn } from "./lrm-entries.ts";
import { execution, type Operation, ocf } from "./operation.ts";
import { compareOperations } from "./operation-order.ts";

type Ends = { readonly source: string; readonly target: string };

export function afterMigrateToSuccess(operation: Operation): void {
  const { resource, node, xml } = operation;
  const { cluster } = resource;
  const ends = endsOf(operation, "source");
  if (ends === undefined) return;
  const { source, target } = ends;
  const sourceNewer = hasNewerAction(cluster, resource.id, source, xml);
  const from = findRecorded(cluster, {
    resource: resource.id,
    node: target,
    task: "migrate_from",
    partner: source,
  });
  if (from !== undefined && sourceNewer) return;
  const targetNewer = hasNewerState(cluster, resource.id, target, { to: xml, from });
  if (sourceNewer && targetNewer) return;
  const fromStatus = from === undefined ? execution.pending : numberOf(from, "op-status");
  const fromRc = from === undefined ? ocf.ok : numberOf(from, "rc-code");
  if (fromRc === ocf.ok && fromStatus === execution.done) {
    resource.role = role.stopped;
    resource.danglingSources.push(node);
    return;
  }
  resource.role = role.started;
  const targetNode = findNode(cluster, target);
  const onTarget = !targetNewer && targetNode?.online === true;
  if (fromStatus !== execution.pending) {
    if (onTarget) addActive(resource, targetNode, true);
    else requireRecovery(operation);
    return;
  }
  // No history at all on a target that is there: it was cleaned, and a probe will tell.
  if (targetNode?.online === true && isUnknownOn(cluster, resource.id, target)) return;
  if (onTarget) {
    addActive(resource, targetNode, false);
    const sourceNode = findNode(cluster, source);
    if (sourceNode?.online === true) {
      resource.partialMigrationTarget = targetNode;
      resource.partialMigrationSource = sourceNode;
    }
  } else if (!sourceNewer) {
    requireRecovery(operation);
  }
}

/** The resource may be active on the target too, unless something newer is known of it there. */
export function afterMigrateToFailure(operation: Operation): void {
  const { resource, node, xml } = operation;
  const { cluster } = resource;
  const ends = endsOf(operation, "source");
  if (ends === undefined) return;
  const { source, target } = ends;
  resource.role = role.started;
  const from = findRecorded(cluster, {
    resource: resource.id,
    node: target,
    task: "migrate_from",
    partner: source,
    rc: ocf.ok,
  });
  const matters =
    !isUnknownOn(cluster, resource.id, target) &&
    !hasNewerState(cluster, resource.id, target, { to: xml, from });
  if (matters) {
    const targetNode = findNode(cluster, target);
    if (targetNode?.online === true) addActive(resource, targetNode, false);
  } else if (!hasNewerAction(cluster, resource.id, source, xml)) {
    resource.danglingSources.push(node);
  }
}

/** The resource may still be active on the source, unless something newer is known of it there. */
export function afterMigrateFromFailure(operation: Operation): void {
  const { resource, xml } = operation;
  const { cluster } = resource;
  const ends = endsOf(operation, "target");
  if (ends === undefined) return;
  const { source, target } = ends;
  resource.role = role.started;
  const to = findRecorded(cluster, {
    resource: resource.id,
    node: source,
    task: "migrate_to",
    partner: target,
    rc: ocf.ok,
  });
  const matters =
    !isUnknownOn(cluster, resource.id, source) &&
    !hasNewerState(cluster, resource.id, source, { to, from: xml });
  if (!matters) return;
  const sourceNode = findNode(cluster, source);
  if (sourceNode?.online === true) addActive(resource, sourceNode, true);
}

function requireRecovery({ resource }: Operation): void {
  resource.failed = true;
  resource.stopIfFailed = true;
  resource.migratable = false;
}

/** Undefined if an end is missing, or is not the node it should be. */
function endsOf({ xml, node }: Operation, ownEnd: "source" | "target"): Ends | undefined {
  const source = attribute(xml, "migrate_source");
  const target = attribute(xml, "migrate_target");
  if (source === undefined || target === undefined) return undefined;
  const own = ownEnd === "source" ? source : target;
  return own.toLowerCase() === node.name.toLowerCase() ? { source, target } : undefined;
}

function numberOf(entry: XmlElement, name: string): number {
  return scanInteger(attribute(entry, name)) ?? 1;
}

/** A start, stop or migration on the node after the given operation. */
function hasNewerAction(
  cluster: Cluster,
  resource: string,
  node: string,
  than: XmlElement,
): boolean {
  const history = findHistory(cluster, resource, node);
  if (history === undefined) return false;
  return childrenNamed(history, "lrm_rsc_op").some(
    (entry) =>
      entry !== than &&
      ["start", "stop", "migrate_to", "migrate_from"].includes(
        attribute(entry, "operation") ?? "",
      ) &&
      compareOperations(entry, than) > 0,
  );
}

/** Call ids are compared where both operations ran on the same node, which is more reliable than times. */
function hasNewerState(
  cluster: Cluster,
  resource: string,
  node: string,
  migration: { readonly to: XmlElement | undefined; readonly from: XmlElement | undefined },
): boolean {
  const { to, from } = migration;
  let than = from ?? to;
  if (than === undefined) return false;
  const source = attribute(than, "migrate_source");
  if (than !== to && to !== undefined && node.toLowerCase() === source?.toLowerCase()) than = to;
  if (hasNewerAction(cluster, resource, node, than)) return true;
  const monitor = findRecorded(cluster, { resource, node, task: "monitor", rc: ocf.notRunning });
  return monitor !== undefined && compareOperations(monitor, than) > 0;
}
