/** The resources, as far as they are to be shown. */
import type { ClusterSnapshot } from "../../../api/cluster-snapshot.ts";
import type {
  BundleStatus,
  CloneStatus,
  ClusterStatus,
  GroupStatus,
  PrimitiveStatus,
  ResourceStatus,
} from "../../../decision/cluster-status.ts";
import { exitText } from "../../scheduler/exit-text.ts";
import { type ListItem, tonedLine } from "../../scheduler/list-text.ts";
import { flagsOf, resourceItem, stateText } from "../../scheduler/resource-text.ts";
import { briefItems } from "./brief-list.ts";
import type { MonOptions } from "./mon-options.ts";
import { resourceTone, withTone } from "./resource-tone.ts";
import { plural } from "./summary-list.ts";

type List = { readonly title: string; readonly items: readonly ListItem[] };

/** Undefined where there is nothing to say. */
export function resourceSection(snapshot: ClusterSnapshot, options: MonOptions): List | undefined {
  const { groupByNode, inactive, brief } = options;
  // What is active stands with its node already.
  if (groupByNode && !inactive) return undefined;
  const title = groupByNode
    ? "Inactive Resources"
    : inactive
      ? "Full List of Resources"
      : "Active Resources";
  const { status } = snapshot;
  const meant = meantResources(snapshot, options, { implicit: options.detail });
  const items: ListItem[] = [];
  if (brief && !groupByNode) {
    // The cluster's own are counted too.
    const alone = meantResources(snapshot, options, { implicit: true }).filter(
      (each) => each.kind === "primitive",
    );
    items.push(...briefItems(status, alone, { inactive, showNode: true }));
  }
  for (const resource of meant) {
    if (groupByNode ? isActive(status, resource, "all") : false) continue;
    if (brief && !groupByNode && resource.kind === "primitive") continue;
    if (!inactive && !isActive(status, resource, "any")) continue;
    items.push(shownItem(status, resource, options));
  }
  if (items.length > 0) return { title, items };
  const kind = groupByNode ? "inactive resources" : inactive ? "resources" : "active resources";
  return { title, items: [`No ${kind}`] };
}

/** Those that --resource and --node leave. */
export function meantResources(
  { status, implicit }: ClusterSnapshot,
  { onlyResource, onlyNode }: MonOptions,
  shown: { readonly implicit: boolean },
): readonly ResourceStatus[] {
  // What was found running without being configured comes last.
  const at = status.resources.findIndex((each) => each.kind === "primitive" && each.removed);
  const all = shown.implicit
    ? status.resources.toSpliced(at < 0 ? status.resources.length : at, 0, ...implicit)
    : status.resources;
  return all.filter((each) => hasPart(each, onlyResource) && runsOn(each, onlyNode));
}

/** A primitive where its node is said already. */
export function aloneItem(primitive: PrimitiveStatus): ListItem {
  return tonedLine(aloneText(primitive), resourceTone(primitive));
}

function aloneText(primitive: PrimitiveStatus): string {
  const { name, agent, failedProbe, description } = primitive;
  let text = `${name}\t(${agent}):\t ${stateText(primitive)}`;
  if (failedProbe !== undefined) text += ` (${exitText(failedProbe)}) `;
  const flags = flagsOf(primitive).filter((flag) => flag !== "UNCLEAN" && flag !== "LOCKED");
  if (flags.length > 0) text += ` (${flags.join(", ")})`;
  return description === undefined ? text : `${text} ${description}`;
}

function hasPart(resource: ResourceStatus, only: string | undefined): boolean {
  if (only === undefined) return true;
  if (resource.id === only) return true;
  switch (resource.kind) {
    case "primitive":
      return resource.name === only;
    case "group":
      return resource.members.some((member) => hasPart(member, only));
    case "clone":
      return resource.child === only || resource.instances.some((each) => hasPart(each, only));
    case "bundle":
      return resource.replicas.some((replica) => hasPart(replica.main, only));
  }
}

function runsOn(resource: ResourceStatus, only: string | undefined): boolean {
  if (only === undefined) return true;
  switch (resource.kind) {
    case "primitive":
      return resource.nodes.includes(only);
    case "group":
      return resource.members.some((member) => runsOn(member, only));
    case "clone":
      return (
        [...resource.promoted, ...resource.started].includes(only) ||
        resource.instances.some((each) => runsOn(each, only))
      );
    case "bundle":
      return resource.replicas.some((replica) => runsOn(replica.main, only));
  }
}

/** Whether all of it, or any of it, is active on a node where that counts. */
export function isActive(
  status: ClusterStatus,
  resource: ResourceStatus,
  how: "all" | "any",
): boolean {
  switch (resource.kind) {
    case "primitive":
      return resource.nodes.some((name) => {
        const node = status.nodes.find((each) => each.name === name);
        return !resource.managed || node?.online === true || node?.unclean === true;
      });
    case "group":
      return how === "all"
        ? resource.members.every((member) => isActive(status, member, how))
        : resource.members.some((member) => isActive(status, member, how));
    case "clone":
      return how === "all"
        ? resource.parts.every((part) => isActive(status, part, how))
        : resource.parts.some((part) => isActive(status, part, how));
    case "bundle":
      return how === "all"
        ? partsOf(resource).every((part) => isActive(status, part, how))
        : partsOf(resource).some((part) => isActive(status, part, how));
  }
}

function partsOf(bundle: BundleStatus): readonly PrimitiveStatus[] {
  return bundle.replicas.flatMap(({ parts }) => parts);
}

function shownItem(status: ClusterStatus, resource: ResourceStatus, options: MonOptions): ListItem {
  if (resource.kind === "group") return groupItem(status, resource, options);
  if (resource.kind === "bundle")
    return options.detail ? bundleParts(resource) : bundleItem(resource);
  if (resource.kind === "primitive") return primitiveItem(resource);
  if (options.detail) return cloneParts(status, resource, options);
  const stopped = options.inactive ? resource.stopped : [];
  const whole = resourceItem({ ...resource, instances: [], stopped });
  const instances = resource.instances.map((each) => shownItem(status, each, options));
  if (typeof whole === "string") return whole;
  return { title: whole.title, items: [...instances, ...whole.items] };
}

/** Every instance by itself. */
function cloneParts(status: ClusterStatus, clone: CloneStatus, options: MonOptions): ListItem {
  const empty = { instances: [], promoted: [], started: [], stopped: [] };
  const whole = resourceItem({ ...clone, ...empty });
  if (typeof whole === "string") return whole;
  return { ...whole, items: clone.parts.map((part) => shownItem(status, part, options)) };
}

function primitiveItem(primitive: PrimitiveStatus): ListItem {
  return withTone(resourceItem(primitive), resourceTone(primitive));
}

function bundleItem(bundle: BundleStatus): ListItem {
  const whole = resourceItem(bundle);
  if (typeof whole === "string") return whole;
  const tones = bundle.replicas.map(({ main }) => resourceTone(main));
  return { ...whole, items: whole.items.map((item, i) => withTone(item, tones[i])) };
}

/** Every replica with all that belongs to it. */
function bundleParts(bundle: BundleStatus): ListItem {
  const whole = resourceItem(bundle);
  if (typeof whole === "string") return whole;
  return {
    ...whole,
    items: bundle.replicas.map(({ number, parts }) => ({
      title: bundle.replicas.length > 1 ? `Replica[${number}]` : "",
      items: parts.map(primitiveItem),
      bare: true,
    })),
  };
}

function groupItem(status: ClusterStatus, group: GroupStatus, options: MonOptions): ListItem {
  const active = group.members.filter((each) => isActive(status, each, "any"));
  const members = options.inactive ? group.members : active;
  const whole = resourceItem({ ...group, members });
  if (typeof whole === "string") return whole;
  const hidden = group.members.length - members.length;
  const primitives = group.members.filter((each) => each.kind === "primitive");
  return {
    title: hidden === 0 ? whole.title : withHidden(whole.title, hidden),
    items: options.brief
      ? briefItems(status, primitives, { inactive: true, showNode: true })
      : members.map((each) => shownItem(status, each, options)),
  };
}

/** Says how many members are not shown, before whatever else is in brackets. */
function withHidden(title: string, hidden: number): string {
  const text = `${hidden} member${plural(hidden)} inactive`;
  return title.endsWith(")") ? title.replace(" (", ` (${text}, `) : `${title} (${text})`;
}
