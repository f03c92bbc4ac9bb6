/** A resource in crm_mon's XML. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type {
  CloneStatus,
  PrimitiveStatus,
  ResourceStatus,
} from "../../../decision/cluster-status.ts";
import type { XmlText } from "../xml-text.ts";
import { isActive } from "./resource-list.ts";

export function resourceXml(snapshot: ClusterSnapshot, resource: ResourceStatus): XmlText {
  switch (resource.kind) {
    case "primitive":
      return primitiveXml(snapshot, resource);
    case "group":
      return {
        name: "group",
        attributes: {
          id: resource.id,
          number_resources: resource.members.length,
          managed: resource.managed,
          disabled: resource.disabled,
        },
        children: resource.members.map((each) => resourceXml(snapshot, each)),
      };
    case "clone":
      return cloneXml(snapshot, resource);
    case "bundle":
      return {
        name: "bundle",
        attributes: {
          id: resource.id,
          image: resource.image,
          unique: resource.unique,
          managed: resource.managed,
        },
        children: resource.replicas.map(({ name, main }) => ({
          name: "replica",
          attributes: { id: name },
          children: [primitiveXml(snapshot, main)],
        })),
      };
  }
}

function primitiveXml(snapshot: ClusterSnapshot, of: PrimitiveStatus): XmlText {
  return {
    name: "resource",
    attributes: {
      id: of.name,
      resource_agent: of.agent,
      role: of.role,
      target_role: snapshot.resources.find((each) => each.id === of.id)?.targetRole,
      active: isActive(snapshot.status, of, "any"),
      orphaned: of.removed,
      blocked: of.blocked,
      managed: of.managed,
      failed: of.failed,
      failure_ignored: of.failureIgnored,
      nodes_running_on: of.nodes.length,
      pending: of.pending,
    },
    children: of.nodes.map((name) => nodeXml(snapshot, name)),
  };
}

function nodeXml(snapshot: ClusterSnapshot, name: string): XmlText {
  const id = snapshot.nodes.find((node) => node.name === name)?.id ?? name;
  return { name: "node", attributes: { name, id, cached: true } };
}

/** Instances that are alike are told by their nodes, so what is the same of them is made up again. */
function cloneXml(snapshot: ClusterSnapshot, clone: CloneStatus): XmlText {
  const agent = snapshot.resources.find(({ id }) => id === clone.child)?.agent;
  const alike = (role: string, name: string): XmlText => ({
    name: "resource",
    attributes: {
      id: clone.child,
      resource_agent: agent,
      role,
      active: true,
      orphaned: false,
      blocked: false,
      managed: clone.managed,
      failed: false,
      failure_ignored: false,
      nodes_running_on: 1,
    },
    children: [nodeXml(snapshot, name)],
  });
  return {
    name: "clone",
    attributes: {
      id: clone.id,
      multi_state: clone.promotable,
      unique: clone.unique,
      managed: clone.managed,
      disabled: clone.disabled,
    },
    children: [
      ...clone.instances.map((each) => resourceXml(snapshot, each)),
      ...clone.promoted.map((name) => alike("Promoted", name)),
      ...clone.started.map((name) => alike(clone.promotable ? "Unpromoted" : "Started", name)),
    ],
  };
}
