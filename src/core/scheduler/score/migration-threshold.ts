import { failCount } from "../actions/fail-count.ts";
import { topResource } from "../model/resources.ts";
import type { ClusterNode, Resource } from "../model/types.ts";

/** What is banned from the node because the resource failed there too often; a threshold of 0 never bans. */
export function thresholdReached(resource: Resource, node: ClusterNode): Resource | undefined {
  if (resource.migrationThreshold === 0 || resource.failureIgnored) return undefined;
  const { count } = failCount(resource, node, { effective: true, launched: true });
  if (count <= 0 || resource.migrationThreshold - count > 0) return undefined;
  return resource.unique ? resource : topResource(resource);
}
