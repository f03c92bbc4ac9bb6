import type { Resource, VariantRules } from "./types.ts";

/** How this kind of resource is handled. */
export function rulesOf(resource: Resource): VariantRules {
  return resource.cluster.rules[resource.variant];
}
