/** The meta attributes and parameters that hold for a resource, wherever they are set. */
import { attribute } from "../../../formats/xml/xml-element.ts";
import { sectionOf } from "../sections.ts";
import { addValues, type NameValues, type ReadContext } from "./name-values.ts";
import { type FoundResource, withTemplate } from "./resource-lookup.ts";

/** Defaults of meta attributes that do not depend on anything else. */
const metaDefaults: Readonly<Record<string, string>> = {
  "target-role": "Started",
  priority: "0",
  "resource-stickiness": "0",
  "is-managed": "true",
  maintenance: "false",
  critical: "true",
  "migration-threshold": "INFINITY",
  "failure-timeout": "0",
  "multiple-active": "stop_start",
  "allow-migrate": "false",
  "allow-unhealthy-nodes": "false",
  "remote-port": "3121",
  "remote-connect-timeout": "60s",
  "remote-allow-migrate": "true",
  "clone-node-max": "1",
  "clone-min": "0",
  notify: "false",
  ordered: "false",
  interleave: "false",
  "globally-unique": "false",
  promotable: "false",
  "promoted-max": "1",
  "promoted-node-max": "1",
};

/** Older names of meta attributes, which are read where the name itself is not set. */
const oldMetaNames: Readonly<Record<string, string>> = {
  "promoted-max": "master-max",
  "promoted-node-max": "master-node-max",
};

/**
 * Set explicitly: on the resource and its template, on what it is in (nearest first), in rsc_defaults. What nobody
 * set is not in it.
 */
export function metaAttributes(context: ReadContext, resource: FoundResource): NameValues {
  const values = new Map<string, string>();
  const setName = "meta_attributes";
  addValues(context, values, { parent: withTemplate(context.cib, resource.element), setName });
  for (const parent of resource.parents) addValues(context, values, { parent, setName });
  const defaults = sectionOf(context.cib, "rsc_defaults");
  if (defaults) addValues(context, values, { parent: defaults, setName });
  return values;
}

/** What holds: the explicit value, or the default; undefined where there is none. */
export function metaValue(values: NameValues, name: string): string | undefined {
  const old = Object.hasOwn(oldMetaNames, name) ? oldMetaNames[name] : undefined;
  const explicit = values.get(name) ?? (old === undefined ? undefined : values.get(old));
  return explicit ?? (Object.hasOwn(metaDefaults, name) ? metaDefaults[name] : undefined);
}

/** The parameters given to its agent: its own and its template's, then those of what it is in. */
export function instanceAttributes(context: ReadContext, resource: FoundResource): NameValues {
  const values = new Map<string, string>();
  const setName = "instance_attributes";
  addValues(context, values, { parent: withTemplate(context.cib, resource.element), setName });
  for (const parent of resource.parents) addValues(context, values, { parent, setName });
  return values;
}

/** "ocf:heartbeat:Xen", "systemd:x"; undefined for what has no agent. */
export function agentOf(context: ReadContext, resource: FoundResource): string | undefined {
  const primitive = withTemplate(context.cib, resource.element);
  const parts = ["class", "provider", "type"].map((name) => attribute(primitive, name));
  if (parts[0] === undefined || parts[2] === undefined) return undefined;
  return parts.filter((part) => part !== undefined).join(":");
}
