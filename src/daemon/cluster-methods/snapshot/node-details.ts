/** Nodes with their attributes and what runs there. */
import type { NodeAttribute, NodeDetail } from "../../../api/cluster-snapshot.ts";
import { compareText } from "../../../base/compare.ts";
import { guestLauncher } from "../../../core/scheduler/model/nodes.ts";
import { currentNode } from "../../../core/scheduler/model/resources.ts";
import type { Cluster, ClusterNode } from "../../../core/scheduler/model/types.ts";
import { resourceStatus } from "../../../core/scheduler/report/resource-status.ts";
import type { StatusOptions } from "../../../core/scheduler/report/status-options.ts";
import { paramsOn } from "../../../core/scheduler/unpack/resource-meta.ts";
import { attribute } from "../../../formats/xml/xml-element.ts";

/** What the cluster keeps for itself among a node's attributes. */
const internal: readonly string[] = [
  "#",
  "fail-count-",
  "last-failure-",
  "shutdown",
  "terminate",
  "standby",
  "probe-complete",
];

export function nodeDetails(cluster: Cluster, options: StatusOptions): readonly NodeDetail[] {
  return cluster.nodes.map((node) => ({
    name: node.name,
    id: node.id,
    attributes: attributesOf(node),
    featureSet: node.attributes.get("#feature-set"),
    shutdown: node.shutdown,
    expectedUp: node.expectedUp,
    ...guestParts(node),
    running: node.running
      .map((resource) => resourceStatus(resource, { ...options, implicit: true }))
      .filter((status) => status?.kind === "primitive"),
  }));
}

function guestParts(node: ClusterNode): Pick<NodeDetail, "guestOf" | "guestOn"> {
  const launcher = guestLauncher(node);
  return { guestOf: launcher?.id, guestOn: launcher && currentNode(launcher)?.name };
}

function attributesOf(node: ClusterNode): readonly NodeAttribute[] {
  return [...node.attributes]
    .filter(([name]) => !internal.some((start) => name.startsWith(start)))
    .sort(([a], [b]) => compareText(a, b))
    .map(([name, value]) => {
      const expected = expectedOf(node, name);
      return expected === undefined ? { name, value } : { name, value, expected };
    });
}

/** Where a ping resource writes the attribute: the score of all its hosts. */
function expectedOf(node: ClusterNode, name: string): number | undefined {
  for (const resource of node.running) {
    const type = attribute(resource.xml, "type")?.toLowerCase();
    if (type !== "ping" && type !== "pingd") continue;
    const params = paramsOn(resource, node);
    if ((params.get("name") ?? "pingd").toLowerCase() !== name.toLowerCase()) continue;
    const hosts = params.get("host_list")?.split(" ").length ?? 0;
    const multiplier = Number.parseInt(params.get("multiplier") ?? "1", 10);
    return hosts * (Number.isNaN(multiplier) ? 1 : multiplier);
  }
  return undefined;
}
