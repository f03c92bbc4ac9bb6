/** The history of operations, node by node, as the status section has it. */
import type { NodeHistory, ResourceHistory } from "../../../api/cluster-snapshot.ts";
import { sectionChildren } from "../../../core/cib/sections.ts";
import { failCount } from "../../../core/scheduler/actions/fail-count.ts";
import { findResource } from "../../../core/scheduler/model/find-resource.ts";
import { printableId } from "../../../core/scheduler/model/resources.ts";
import type { Cluster, ClusterNode } from "../../../core/scheduler/model/types.ts";
import { sortOperations } from "../../../core/scheduler/unpack/history/operation-order.ts";
import {
  attribute,
  child,
  childrenNamed,
  type XmlElement,
} from "../../../formats/xml/xml-element.ts";
import { operationRecord } from "./operation-record.ts";

export function historyOf(cib: XmlElement, cluster: Cluster): readonly NodeHistory[] {
  return sectionChildren(cib, "status")
    .filter((each) => each.name === "node_state")
    .flatMap((state) => {
      const id = attribute(state, "id");
      const node = cluster.nodes.find((each) => each.id === id);
      if (node === undefined || !node.online) return [];
      return [{ node: node.name, resources: resourcesOf(cluster, node, state) }];
    });
}

function resourcesOf(
  cluster: Cluster,
  node: ClusterNode,
  state: XmlElement,
): readonly ResourceHistory[] {
  const lrm = child(state, "lrm");
  const resources = lrm && child(lrm, "lrm_resources");
  if (resources === undefined) return [];
  return childrenNamed(resources, "lrm_resource").map((entry) => {
    const id = attribute(entry, "id") ?? "";
    const resource = findResource(cluster, id);
    const failed =
      resource === undefined
        ? { count: 0, last: 0 }
        : failCount(resource, node, { effective: false });
    return {
      id,
      name: resource === undefined ? id : printableId(resource),
      known: resource !== undefined,
      migrationThreshold: resource?.migrationThreshold ?? 0,
      failCount: failed.count,
      lastFailureS: failed.last,
      // In turn in the CIB where nothing tells which is older, as crm_mon leaves them.
      operations: sortOperations(childrenNamed(entry, "lrm_rsc_op").toReversed()).map(
        operationRecord,
      ),
    };
  });
}
