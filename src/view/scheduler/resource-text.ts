/** A resource in the list of resources. */
import type {
  BundleStatus,
  CloneStatus,
  GroupStatus,
  PrimitiveStatus,
  ResourceStatus,
  StoppedInstance,
} from "../../decision/cluster-status.ts";
import { exitText } from "./exit-text.ts";
import type { ListItem } from "./list-text.ts";

export function resourceItem(resource: ResourceStatus): ListItem {
  switch (resource.kind) {
    case "primitive":
      return primitiveText(resource, resource.name);
    case "group":
      return groupItem(resource);
    case "clone":
      return cloneItem(resource);
    case "bundle":
      return bundleItem(resource);
  }
}

function primitiveText(resource: PrimitiveStatus, name: string): string {
  const { node } = resource;
  let text = `${name}\t(${resource.agent}):\t ${stateText(resource)}`;
  if (node !== undefined) text += ` ${node}`;
  if (resource.failedProbe !== undefined) text += ` (${exitText(resource.failedProbe)}) `;
  const flags = flagsOf(resource);
  if (flags.length > 0) text += ` (${flags.join(", ")})`;
  if (resource.nodes.length > 1) {
    if (resource.description !== undefined) text += ` (${resource.description})`;
    text += ` [ ${resource.nodes.join(" ")} ]`;
  }
  return text;
}

export function stateText({ removed, failed, role, pending }: PrimitiveStatus): string {
  const prefix = removed ? "ORPHANED " : "";
  if (failed) return `${prefix}FAILED${role === "Promoted" ? " Promoted" : ""}`;
  return prefix + (pending === undefined || pending === "Monitoring" ? role : pending);
}

export function flagsOf(resource: PrimitiveStatus): string[] {
  const flags: string[] = [];
  if (resource.nodeLost) flags.push("UNCLEAN");
  if (resource.locked) flags.push("LOCKED");
  if (resource.pending === "Monitoring") flags.push("Monitoring");
  if (resource.disabled) flags.push("disabled");
  if (resource.heldUnpromoted !== undefined) flags.push(`target-role:${resource.heldUnpromoted}`);
  if (resource.blocked) flags.push("blocked");
  else if (resource.maintenance) flags.push("maintenance");
  else if (!resource.managed) flags.push("unmanaged");
  if (resource.failureIgnored) flags.push("failure ignored");
  return flags;
}

function groupItem(group: GroupStatus): ListItem {
  return {
    title: `Resource Group: ${group.id}${inBrackets(managementFlags(group))}`,
    items: group.members.map(resourceItem),
  };
}

function managementFlags(of: {
  readonly disabled: boolean;
  readonly maintenance: boolean;
  readonly managed: boolean;
}): string[] {
  const flags = of.disabled ? ["disabled"] : [];
  if (of.maintenance) flags.push("maintenance");
  else if (!of.managed) flags.push("unmanaged");
  return flags;
}

function inBrackets(flags: readonly string[]): string {
  return flags.length === 0 ? "" : ` (${flags.join(", ")})`;
}

function cloneItem(clone: CloneStatus): ListItem {
  const flags = [
    ...(clone.promotable ? ["promotable"] : []),
    ...(clone.unique ? ["unique"] : []),
    ...managementFlags(clone),
  ];
  const items = clone.instances.map(resourceItem);
  const add = (label: string, names: readonly string[]): void => {
    if (names.length > 0) items.push(`${label}: [ ${names.join(" ")} ]`);
  };
  add("Promoted", clone.promoted);
  const unpromoted = clone.heldUnpromoted ? "Unpromoted (target-role)" : "Unpromoted";
  add(clone.promotable ? unpromoted : "Started", clone.started);
  for (const [label, names] of stoppedLists(clone.stopped)) add(label, names);
  return { title: `Clone Set: ${clone.id} [${clone.child}]${inBrackets(flags)}`, items };
}

function stoppedLists(stopped: readonly StoppedInstance[]): [label: string, names: string[]][] {
  const lists = new Map<string, string[]>();
  for (const instance of stopped) {
    const label = stoppedLabel(instance);
    const names = lists.get(label);
    if (names === undefined) lists.set(label, [instance.name]);
    else names.push(instance.name);
  }
  return [...lists].sort(([a], [b]) => (a < b ? -1 : 1));
}

function stoppedLabel({ disabled, failedProbe }: StoppedInstance): string {
  if (failedProbe !== undefined) return `Stopped (${exitText(failedProbe)})`;
  return disabled ? "Stopped (disabled)" : "Stopped";
}

function bundleItem(bundle: BundleStatus): ListItem {
  const several = bundle.replicas.length > 1 ? " set" : "";
  const unique = bundle.unique ? " (unique)" : "";
  const management = bundle.maintenance ? " (maintenance)" : bundle.managed ? "" : " (unmanaged)";
  return {
    title: `Container bundle${several}: ${bundle.id} [${bundle.image}]${unique}${management}`,
    items: bundle.replicas.map(({ name, address, main }) =>
      primitiveText(main, address === undefined ? name : `${name} (${address})`),
    ),
  };
}
