/** Looking operations up in the status section. */
import {
  attribute,
  child,
  childrenNamed,
  type XmlElement,
} from "../../../../formats/xml/xml-element.ts";
import type { Cluster, HistoryIndex } from "../../model/types.ts";
import { scanInteger } from "../../values/number.ts";
import { execution, ocf } from "./operation.ts";

/** The resource's histories on the node; more than one only in a damaged CIB. */
export function historiesOf(
  cluster: Cluster,
  resource: string,
  node: string,
): readonly XmlElement[] {
  cluster.history ??= indexHistory(child(cluster.input, "status"));
  return cluster.history.get(node)?.get(resource) ?? [];
}

function indexHistory(status: XmlElement | undefined): HistoryIndex {
  const index: HistoryIndex = new Map();
  for (const state of status === undefined ? [] : childrenNamed(status, "node_state")) {
    const name = attribute(state, "uname");
    if (name === undefined) continue;
    const byResource = index.get(name) ?? new Map<string, XmlElement[]>();
    index.set(name, byResource);
    for (const entry of lrmResources(state)) {
      const id = attribute(entry, "id");
      if (id === undefined) continue;
      const same = byResource.get(id);
      if (same === undefined) byResource.set(id, [entry]);
      else same.push(entry);
    }
  }
  return index;
}

export function lrmResources(state: XmlElement): readonly XmlElement[] {
  const lrm = child(state, "lrm");
  const list = lrm === undefined ? undefined : child(lrm, "lrm_resources");
  return list === undefined ? [] : childrenNamed(list, "lrm_resource");
}

export type OperationSearch = {
  readonly resource: string;
  readonly node: string;
  readonly task: string;
  /** The other end of a migration. */
  readonly partner?: string | undefined;
  /** Only if it succeeded with this code. */
  readonly rc?: number;
};

/** The operation, if there is exactly one. */
export function findRecorded(cluster: Cluster, search: OperationSearch): XmlElement | undefined {
  const entries = entriesOf(cluster, search.resource, search.node).filter(
    (entry) => attribute(entry, "operation") === search.task && fitsPartner(entry, search),
  );
  const [entry] = entries;
  if (entry === undefined || entries.length > 1) return undefined;
  if (search.rc === undefined) return entry;
  const rc = scanInteger(attribute(entry, "rc-code")) ?? 1;
  const status = scanInteger(attribute(entry, "op-status")) ?? execution.error;
  return rc === search.rc && status === execution.done ? entry : undefined;
}

/** The resource's history on the node, if there is exactly one. */
export function findHistory(
  cluster: Cluster,
  resource: string,
  node: string,
): XmlElement | undefined {
  const found = historiesOf(cluster, resource, node);
  return found.length === 1 ? found[0] : undefined;
}

/** Nothing is recorded of the resource there but results that say nothing. */
export function isUnknownOn(cluster: Cluster, resource: string, node: string): boolean {
  return !entriesOf(cluster, resource, node).some((entry) => {
    const rc = attribute(entry, "rc-code");
    return rc !== undefined && rc !== String(ocf.unknown);
  });
}

function entriesOf(cluster: Cluster, resource: string, node: string): XmlElement[] {
  return historiesOf(cluster, resource, node).flatMap((history) =>
    childrenNamed(history, "lrm_rsc_op"),
  );
}

function fitsPartner(entry: XmlElement, { task, partner }: OperationSearch): boolean {
  if (partner === undefined) return true;
  if (task === "migrate_to") return attribute(entry, "migrate_target") === partner;
  return task !== "migrate_from" || attribute(entry, "migrate_source") === partner;
}
