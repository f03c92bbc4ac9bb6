/** Nodes and their attributes in the XML of crm_mon and crm_simulate. */
import type { ClusterSnapshot, NodeDetail } from "../../../api/cluster-snapshot.ts";
import type { NodeStatus, PrimitiveStatus } from "../../../decision/cluster-status.ts";
import { detailOf, featureSetOf } from "../crm-mon/node-list.ts";
import type { XmlText } from "../xml-text.ts";
import { primitiveXml } from "./resource-xml.ts";

export function nodesXml(
  snapshot: ClusterSnapshot,
  shown: {
    readonly nodes: readonly NodeStatus[];
    /** What of a node's resources stands in it; undefined: none. */
    readonly inside?: ((primitive: PrimitiveStatus) => boolean) | undefined;
  },
): XmlText {
  const { inside } = shown;
  const children = shown.nodes.map((node): XmlText => {
    const detail = detailOf(snapshot, node.name);
    const running = inside === undefined ? [] : (detail?.running ?? []).filter(inside);
    return {
      name: "node",
      attributes: nodeAttributes(snapshot, node, detail),
      children: running.map((each) => primitiveXml(snapshot, each)),
    };
  });
  return { name: "nodes", attributes: {}, children };
}

function nodeAttributes(
  snapshot: ClusterSnapshot,
  node: NodeStatus,
  detail: NodeDetail | undefined,
): XmlText["attributes"] {
  return {
    name: node.name,
    id: detail?.id ?? node.name,
    online: node.online,
    standby: node.standby !== "no",
    standby_onfail: node.standby === "on-fail",
    maintenance: node.maintenance,
    pending: node.pending,
    unclean: node.unclean,
    health: node.health,
    feature_set: featureSetOf(node, detail),
    shutdown: detail?.shutdown ?? false,
    expected_up: detail?.expectedUp ?? node.online,
    is_dc: snapshot.summary.dc?.name === node.name,
    resources_running: detail?.running.length ?? 0,
    type: node.kind === "member" ? "member" : "remote",
    id_as_resource: detail?.guestOf,
  };
}

/** Undefined where no node has any. */
export function attributesXml(nodes: readonly NodeDetail[]): XmlText | undefined {
  const children = nodes
    .filter((node) => node.attributes.length > 0)
    .map(
      (node): XmlText => ({
        name: "node",
        attributes: { name: node.name },
        children: node.attributes.map(({ name, value, expected }) => ({
          name: "attribute",
          attributes: { name, value, expected },
        })),
      }),
    );
  return children.length === 0 ? undefined : { name: "node_attributes", attributes: {}, children };
}
