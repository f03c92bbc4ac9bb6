/** Applying location constraints to the scores. */
import { addScores } from "../../../decision/score.ts";
import { copyCandidate } from "../model/nodes.ts";
import { note } from "../model/scoring.ts";
import type { Cluster, Location, Resource } from "../model/types.ts";
import { discovery } from "../model/types.ts";
import { role } from "../values/role.ts";

export function applyLocations(cluster: Cluster): void {
  for (const location of [...cluster.locations].reverse()) {
    const { resource } = location;
    cluster.rules[resource.variant].applyLocation(resource, location);
  }
}

/** A constraint for a role counts only if the resource is to have it. */
export function applyLocation(resource: Resource, location: Location): void {
  if (location.role > role.unknown && location.role !== resource.nextRole) return;
  for (let i = location.nodes.length - 1; i >= 0; i--) {
    const candidate = location.nodes[i];
    if (candidate === undefined) continue;
    let allowed = resource.allowed.get(candidate.node.id);
    if (allowed === undefined) {
      allowed = copyCandidate(candidate);
      resource.allowed.set(candidate.node.id, allowed);
    } else {
      allowed.score = addScores(allowed.score, candidate.score);
    }
    note(
      resource,
      candidate.node,
      candidate.score,
      location.why ?? `location constraint ${location.id}`,
    );
    if (allowed.discovery < location.discovery) {
      if (location.discovery === discovery.exclusive) resource.exclusiveDiscovery = true;
      allowed.discovery = location.discovery;
    }
  }
}
