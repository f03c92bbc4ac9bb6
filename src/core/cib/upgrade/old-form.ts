/** Recognising by its shape what was written for Heartbeat's CIB (0.6). */
import { attribute, descendants, type XmlElement } from "../../../formats/xml/xml-element.ts";
import { optionNamed } from "../read/cluster-options.ts";

/** Sets of names and values. */
export const setNames: ReadonlySet<string> = new Set([
  "cluster_property_set",
  "instance_attributes",
  "meta_attributes",
  "utilization",
]);

export const resourceNames: ReadonlySet<string> = new Set([
  "primitive",
  "group",
  "clone",
  "master",
  "master_slave",
]);

/** Attributes that a resource may have today; everything else on it was a meta attribute. */
export const resourceAttributes: ReadonlySet<string> = new Set([
  "id",
  "class",
  "provider",
  "type",
  "description",
  "template",
]);

/** Attributes that 0.6 knew and today's CIB does not, by element; "*" is any. */
const oldAttributes: Readonly<Record<string, readonly string[]>> = {
  "*": ["boolean_op", "score_attribute", "node_attribute", "start_delay", "on_fail", "prereq"],
  cib: [
    "dc_uuid",
    "have_quorum",
    "remote_access_port",
    "generated",
    "ccm_transition",
    "num_peers",
    "ignore_dtd",
    "cib_feature_revision",
  ],
  op: ["disabled"],
  rsc_order: ["from", "to"],
  rsc_colocation: ["from", "to"],
  resource: [
    "is_managed",
    "restart_type",
    "multiple_active",
    "notify",
    "ordered",
    "interleave",
    "globally_unique",
    "resource_stickiness",
    "clone_max",
    "clone_node_max",
    "master_max",
    "master_node_max",
  ],
};

export function isOldForm(root: XmlElement): boolean {
  for (const each of descendants(root)) if (looksOld(each)) return true;
  return false;
}

function looksOld(of: XmlElement): boolean {
  if (of.name === "master_slave") return true;
  if (setNames.has(of.name) && of.children.some((child) => child.name === "attributes"))
    return true;
  if (of.name === "cluster_property_set" && of.children.some(isOldOption)) return true;
  const telling = [
    ...(oldAttributes["*"] ?? []),
    ...((Object.hasOwn(oldAttributes, of.name) && oldAttributes[of.name]) || []),
    ...(resourceNames.has(of.name) ? (oldAttributes["resource"] ?? []) : []),
  ];
  return telling.some((name) => attribute(of, name) !== undefined);
}

function isOldOption(pair: XmlElement): boolean {
  const name = attribute(pair, "name") ?? "";
  return name.includes("_") && (optionNamed(name) ?? optionNamed(dashed(name))) !== undefined;
}

/** 0.6 wrote names with "_" that have "-" today. */
export function dashed(name: string): string {
  return name.replaceAll("_", "-");
}

/** What stands in an <attributes> wrapper, however deep; anything else as it is. */
export function unwrapped(of: XmlElement): readonly XmlElement[] {
  return of.name === "attributes" ? of.children.flatMap(unwrapped) : [of];
}
