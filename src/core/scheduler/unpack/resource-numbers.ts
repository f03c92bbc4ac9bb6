/** Meta-attributes of resources that are numbers or words, with their defaults; what is not valid is reported. */

import { infinity, parseScore } from "../../../decision/score.ts";
import { booleanOr } from "../../../formats/cib/cib-boolean.ts";
import { configWarning } from "../model/issues.ts";
import type { MultipleActive, Resource } from "../model/types.ts";
import { scanAtLeast, scanInteger } from "../values/number.ts";

export function priorityOf(resource: Resource): number {
  return scoreMeta(resource, "priority") ?? 0;
}

export function stickinessOf(resource: Resource): number {
  if (resource.meta.get("resource-stickiness")?.toLowerCase() === "default") return 0;
  return scoreMeta(resource, "resource-stickiness") ?? 0;
}

export function migrationThreshold(resource: Resource): number {
  const text = resource.meta.get("migration-threshold");
  if (text === undefined || text.toLowerCase() === "default") return infinity;
  const value = scoreMeta(resource, "migration-threshold");
  return value === undefined || value < 0 ? infinity : value;
}

export function multipleActive(resource: Resource): MultipleActive {
  const text = resource.meta.get("multiple-active")?.toLowerCase();
  switch (text) {
    case "stop_only":
    case "block":
    case "stop_unexpected":
      return text;
    case undefined:
    case "stop_start":
      return "stop_start";
    default:
      configWarning(resource.cluster, `${resource.id}: multiple-active '${text}' is not valid`);
      return "stop_start";
  }
}

/** Instances are told apart when asked for, and by default when a node may run several. */
export function isUniqueByMeta(meta: ReadonlyMap<string, string>): boolean {
  const unique = meta.get("globally-unique");
  if (unique !== undefined) return booleanOr(unique, false);
  const nodeMax = meta.get("clone-node-max");
  return scanInteger(nodeMax) !== undefined && scanAtLeast(nodeMax, 0) > 1;
}

/** A number of at least 0; undefined for none. */
export function countMeta(
  meta: ReadonlyMap<string, string>,
  names: readonly string[],
): number | undefined {
  for (const name of names) {
    const value = meta.get(name);
    if (value !== undefined) return scanAtLeast(value, 0);
  }
  return undefined;
}

function scoreMeta(resource: Resource, name: string): number | undefined {
  const text = resource.meta.get(name);
  if (text === undefined) return undefined;
  const value = parseScore(text, resource.cluster.healthScores);
  if (value === undefined) {
    configWarning(resource.cluster, `${resource.id}: ${name} '${text}' is not valid`);
  }
  return value;
}
