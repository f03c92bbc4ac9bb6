/** Clone -> what it looks like: instances that are alike are told by their nodes. */

import type {
  CloneStatus,
  ResourceStatus,
  StoppedInstance,
} from "../../../decision/cluster-status.ts";
import { attribute } from "../../../formats/xml/xml-element.ts";
import { isActive, isDisabled, roleOf, singleLocation } from "../model/resources.ts";
import type { ClusterNode, Resource } from "../model/types.ts";
import { compareNames } from "../values/name-order.ts";
import { parseRole, type Role, role } from "../values/role.ts";
import { failedProbeOf } from "./failed-probe.ts";
import type { StatusOptions } from "./status-options.ts";

type Describe = (resource: Resource, options: StatusOptions) => ResourceStatus | undefined;

export function cloneStatus(
  clone: Resource,
  options: StatusOptions,
  describe: Describe,
): CloneStatus | undefined {
  const traits = clone.clone;
  if (traits === undefined) return undefined;
  const alike: Alike = { promoted: [], started: [], stoppedInstances: [] };
  const instances: ResourceStatus[] = [];
  for (const instance of clone.children) {
    if (!isShownAlone(clone, instance, options, alike)) continue;
    const status = describe(instance, options);
    if (status !== undefined) instances.push(status);
  }
  const configured = configuredRole(clone);
  const active = alike.promoted.length + alike.started.length;
  const byNode = !clone.unique && traits.max > active;
  const stopped = byNode ? stoppedNodes(clone, configured) : [];
  return {
    kind: "clone",
    id: clone.id,
    child: attribute(traits.child, "id") ?? "",
    promotable: clone.promotable,
    unique: clone.unique,
    disabled: isDisabled(clone),
    maintenance: clone.maintenance,
    managed: clone.managed,
    failed: clone.failed,
    failureIgnored: clone.failureIgnored,
    targetRole: targetRoleOf(clone),
    parts: clone.children
      .map((instance) => describe(instance, options))
      .filter((status) => status !== undefined),
    instances,
    promoted: names(alike.promoted),
    started: names(alike.started),
    heldUnpromoted: configured === role.unpromoted,
    stopped: byNode ? stopped : stoppedByName(alike.stoppedInstances),
  };
}

type Alike = {
  readonly promoted: ClusterNode[];
  readonly started: ClusterNode[];
  readonly stoppedInstances: string[];
};

/** Else the instance is added to those that are alike. */
function isShownAlone(
  clone: Resource,
  instance: Resource,
  { pending }: StatusOptions,
  alike: Alike,
): boolean {
  const partly = isActive(instance, false);
  if (clone.unique) return partly || !clone.removed;
  if (pending && instance.pendingTask !== undefined && instance.pendingTask !== "probe")
    return true;
  if (!partly) {
    if (!instance.removed) alike.stoppedInstances.push(instance.id);
    return false;
  }
  const ill =
    anyPart(instance, (each) => each.removed) ||
    !allParts(instance, (each) => each.managed) ||
    anyPart(instance, (each) => each.failed);
  if (ill || !isActive(instance, true)) return true;
  const node = singleLocation(instance, { current: true });
  if (node === undefined || (!node.online && node.unclean)) return true;
  const promoted = roleOf(instance, true) > role.unpromoted;
  (promoted ? alike.promoted : alike.started).push(node);
  return false;
}

function anyPart(resource: Resource, test: (each: Resource) => boolean): boolean {
  return test(resource) || resource.children.some((child) => anyPart(child, test));
}

function allParts(resource: Resource, test: (each: Resource) => boolean): boolean {
  return test(resource) && resource.children.every((child) => allParts(child, test));
}

function names(nodes: readonly ClusterNode[]): string[] {
  return nodes.map((node) => node.name).sort(compareNames);
}

function configuredRole(clone: Resource): Role {
  return parseRole(targetRoleOf(clone));
}

/** Where the clone has none, its instances may: the first is asked. */
function targetRoleOf(clone: Resource): string | undefined {
  return clone.meta.get("target-role") ?? clone.children[0]?.meta.get("target-role");
}

function stoppedNodes(clone: Resource, configured: Role): StoppedInstance[] {
  const { nodes } = clone.cluster;
  const candidates =
    clone.allowed.size > 0
      ? [...clone.allowed.values()].map((candidate) => candidate.node)
      : nodes.filter((node) => clone.probed.has(node.id));
  const idle = candidates.filter((node) => !clone.active.includes(node));
  return idle
    .sort((a, b) => compareNames(a.name, b.name))
    .map((node) => ({
      name: node.name,
      disabled: configured === role.stopped,
      failedProbe: failedProbeOf(clone, node),
    }));
}

function stoppedByName(ids: readonly string[]): StoppedInstance[] {
  return [...ids]
    .sort(compareNames)
    .map((name) => ({ name, disabled: false, failedProbe: undefined }));
}
