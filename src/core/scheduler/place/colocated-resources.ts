/** The resources that must be on the same node, through chains of mandatory colocations. */
import { infinity } from "../../../decision/score.ts";
import { rulesOf } from "../model/rules-of.ts";
import type { Resource } from "../model/types.ts";
import { colocationAffects, colocationsOf, colocationsWith } from "./apply-colocation.ts";

/** Newest first, as they are found. */
export function colocatedResources(
  resource: Resource,
  given: Resource | undefined,
  found: Resource[],
): Resource[] {
  const origin = given ?? resource;
  if (found.includes(resource)) return found;
  let list = [resource, ...found];
  for (const colocation of colocationsOf(resource)) {
    const { primary, score } = colocation;
    if (primary === origin || score !== infinity) continue;
    if (colocationAffects(resource, primary, colocation, true) !== "location") continue;
    list = rulesOf(primary).colocatedResources(primary, origin, list);
  }
  for (const colocation of colocationsWith(resource)) {
    const { dependent, score } = colocation;
    if (dependent === origin || score !== infinity) continue;
    // Which instance of a clone the dependent will be with is not known.
    if (resource.variant === "clone" && dependent.variant !== "clone") continue;
    if (colocationAffects(dependent, resource, colocation, true) !== "location") continue;
    list = rulesOf(dependent).colocatedResources(dependent, origin, list);
  }
  return list;
}
