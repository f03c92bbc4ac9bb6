/** Resources in the XML of crm_mon, crm_resource and crm_simulate. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type {
  BundleStatus,
  CloneStatus,
  GroupStatus,
  PrimitiveStatus,
  ResourceStatus,
} from "../../../decision/cluster-status.ts";
import { isActive } from "../crm-mon/resource-list.ts";
import type { XmlText } from "../xml-text.ts";

export function resourcesXml(
  snapshot: ClusterSnapshot,
  resources: readonly ResourceStatus[],
): XmlText {
  const children = resources.map((each) => resourceXml(snapshot, each));
  return { name: "resources", attributes: {}, children };
}

export function resourceXml(snapshot: ClusterSnapshot, resource: ResourceStatus): XmlText {
  switch (resource.kind) {
    case "primitive":
      return primitiveXml(snapshot, resource);
    case "group":
      return groupXml(snapshot, resource);
    case "clone":
      return cloneXml(snapshot, resource);
    case "bundle":
      return bundleXml(snapshot, resource);
  }
}

export function primitiveXml(snapshot: ClusterSnapshot, of: PrimitiveStatus): XmlText {
  const isMonitored = of.pending === "Monitoring";
  return {
    name: "resource",
    attributes: {
      id: of.name,
      resource_agent: of.agent,
      role: isMonitored ? of.role : (of.pending ?? of.role),
      target_role: of.targetRole,
      active: isActive(snapshot.status, of, "any"),
      orphaned: of.removed,
      blocked: of.blocked,
      managed: of.managed,
      failed: of.failed,
      failure_ignored: of.failureIgnored,
      nodes_running_on: of.nodes.length,
      pending: isMonitored ? of.pending : undefined,
      locked_to: of.locked ? of.node : undefined,
    },
    children: of.nodes.map((name) => nodeXml(snapshot, name)),
  };
}

function nodeXml(snapshot: ClusterSnapshot, name: string): XmlText {
  const id = snapshot.nodes.find((node) => node.name === name)?.id ?? name;
  const online = snapshot.status.nodes.some((node) => node.name === name && node.online);
  return { name: "node", attributes: { name, id, cached: online } };
}

function groupXml(snapshot: ClusterSnapshot, group: GroupStatus): XmlText {
  return {
    name: "group",
    attributes: {
      id: group.id,
      number_resources: group.members.length,
      managed: group.managed,
      disabled: group.disabled,
    },
    children: group.members.map((each) => resourceXml(snapshot, each)),
  };
}

function cloneXml(snapshot: ClusterSnapshot, clone: CloneStatus): XmlText {
  return {
    name: "clone",
    attributes: {
      id: clone.id,
      multi_state: clone.promotable,
      unique: clone.unique,
      managed: clone.managed,
      disabled: clone.disabled,
      failed: clone.failed,
      failure_ignored: clone.failureIgnored,
      target_role: clone.targetRole,
    },
    children: clone.parts.map((each) => resourceXml(snapshot, each)),
  };
}

function bundleXml(snapshot: ClusterSnapshot, bundle: BundleStatus): XmlText {
  return {
    name: "bundle",
    attributes: {
      id: bundle.id,
      type: bundle.engine,
      image: bundle.image,
      unique: bundle.unique,
      managed: bundle.managed,
      failed: bundle.failed,
    },
    children: bundle.replicas.map(({ number, parts }) => ({
      name: "replica",
      attributes: { id: number },
      children: parts.map((part) => primitiveXml(snapshot, part)),
    })),
  };
}
