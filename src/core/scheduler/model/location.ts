/** Location constraints, from the configuration or implied (node health). */

import { role } from "../values/role.ts";
import { configError } from "./issues.ts";
import { copyCandidate } from "./nodes.ts";
import type { ClusterNode, Discovery, Location, Resource } from "./types.ts";
import { discovery } from "./types.ts";

/** @param mode resource-discovery: always, never or exclusive. */
export function newLocation(
  id: string,
  resource: Resource,
  mode: string | undefined,
  nodes: readonly { readonly node: ClusterNode; readonly score: number }[],
): Location {
  const location: Location = {
    id,
    why: undefined,
    resource,
    role: role.unknown,
    discovery: parseDiscovery(resource, mode),
    nodes: nodes.map(({ node, score }) => ({ ...copyCandidate(node.base), score })),
  };
  resource.cluster.locations.push(location);
  resource.locations.push(location);
  return location;
}

function parseDiscovery(resource: Resource, mode: string | undefined): Discovery {
  switch (mode?.toLowerCase()) {
    case undefined:
    case "always":
      return discovery.always;
    case "never":
      return discovery.never;
    case "exclusive":
      resource.exclusiveDiscovery = true;
      return discovery.exclusive;
    default:
      configError(resource.cluster, `${resource.id}: resource-discovery '${mode}' is not valid`);
      return discovery.always;
  }
}
