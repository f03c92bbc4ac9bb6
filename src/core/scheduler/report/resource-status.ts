/** Resource -> what it looks like. */

import type {
  BundleStatus,
  GroupStatus,
  PrimitiveStatus,
  ReplicaStatus,
  ResourceStatus,
} from "../../../decision/cluster-status.ts";
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { attribute } from "../../../formats/xml/xml-element.ts";
import { agentTraits } from "../model/agents.ts";
import { currentNode, isDisabled, printableId, topResource } from "../model/resources.ts";
import type { ClusterNode, Replica, Resource } from "../model/types.ts";
import { parseRole, type Role, role, roleName } from "../values/role.ts";
import { cloneStatus } from "./clone-status.ts";
import { failedProbeOf } from "./failed-probe.ts";
import type { StatusOptions } from "./status-options.ts";

/** Undefined for what users need not know of. */
export function resourceStatus(
  resource: Resource,
  options: StatusOptions,
): ResourceStatus | undefined {
  switch (resource.variant) {
    case "primitive": {
      if (isImplicit(resource) && options.implicit !== true) return undefined;
      const node = currentNode(resource) ?? resource.pendingNode;
      return primitiveStatus(resource, node, options);
    }
    case "group":
      return groupStatus(resource, options);
    case "clone":
      return cloneStatus(resource, options, resourceStatus);
    case "bundle":
      return bundleStatus(resource, options);
  }
}

function primitiveStatus(
  resource: Resource,
  current: ClusterNode | undefined,
  { pending }: StatusOptions,
): PrimitiveStatus {
  const several = resource.active.length > 1;
  const node = several ? undefined : (current ?? resource.lockNode);
  const shown = shownRole(resource);
  const target = resource.meta.get("target-role");
  const wanted = parseRole(target);
  const heldBack = wanted === role.unpromoted && topResource(resource).promotable;
  return {
    kind: "primitive",
    id: resource.id,
    name: printableId(resource),
    agent: agentOf(resource),
    role: roleName(shown),
    pending: pending ? pendingText(resource.pendingTask) : undefined,
    failed: resource.failed,
    removed: resource.removed,
    nodes: resource.active.map((each) => each.name),
    node: node?.name,
    nodeLost: node !== undefined && !node.online && node.unclean,
    locked: node !== undefined && node === resource.lockNode,
    disabled: wanted === role.stopped,
    heldUnpromoted: heldBack ? target : undefined,
    blocked: resource.blocked,
    maintenance: resource.maintenance,
    managed: resource.managed,
    failureIgnored: resource.failureIgnored,
    failedProbe: shown === role.stopped ? failedProbeOf(resource, node) : undefined,
    implicit: isImplicit(resource),
    targetRole: target,
    description: attribute(resource.xml, "description"),
  };
}

export function isImplicit(resource: Resource): boolean {
  return booleanOr(resource.meta.get("internal_rsc"), false);
}

/** An instance of a promotable clone is never merely started. */
function shownRole(resource: Resource): Role {
  const unpromoted = resource.role === role.started && topResource(resource).promotable;
  return unpromoted ? role.unpromoted : resource.role;
}

function agentOf({ xml }: Resource): string {
  const agentClass = attribute(xml, "class") ?? "unknown";
  const provider = agentTraits(agentClass).provider ? attribute(xml, "provider") : undefined;
  const type = attribute(xml, "type") ?? "unknown";
  return [agentClass, ...(provider === undefined ? [] : [provider]), type].join(":");
}

const pendingTexts: Readonly<Record<string, string>> = {
  start: "Starting",
  stop: "Stopping",
  migrate_to: "Migrating",
  migrate_from: "Migrating",
  promote: "Promoting",
  demote: "Demoting",
  monitor: "Monitoring",
};

function pendingText(task: string | undefined): string | undefined {
  return task !== undefined && Object.hasOwn(pendingTexts, task) ? pendingTexts[task] : undefined;
}

function groupStatus(group: Resource, options: StatusOptions): GroupStatus | undefined {
  if (group.children.length === 0) return undefined;
  return {
    kind: "group",
    id: group.id,
    disabled: isDisabled(group),
    maintenance: group.maintenance,
    managed: group.managed,
    members: group.children
      .map((member) => resourceStatus(member, options))
      .filter((status) => status !== undefined),
  };
}

function bundleStatus(bundle: Resource, options: StatusOptions): BundleStatus | undefined {
  const traits = bundle.bundle;
  if (traits === undefined || traits.replicas.length === 0) return undefined;
  return {
    kind: "bundle",
    id: bundle.id,
    engine: traits.engine,
    image: traits.image,
    unique: bundle.unique,
    maintenance: bundle.maintenance,
    managed: bundle.managed,
    failed: bundle.failed,
    replicas: traits.replicas.map((replica) => replicaStatus(replica, options)),
  };
}

function replicaStatus(replica: Replica, options: StatusOptions): ReplicaStatus {
  const { ip, child, container, remote } = replica;
  return {
    name: printableId(remote ?? container),
    number: replica.offset,
    address: replica.address,
    main: primitiveStatus(child ?? container, currentNode(container), options),
    parts: [ip, child, container, remote]
      .filter((part) => part !== undefined)
      .map((part) => primitiveStatus(part, currentNode(part) ?? part.pendingNode, options)),
  };
}
