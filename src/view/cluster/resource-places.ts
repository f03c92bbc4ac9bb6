/** Where a resource is active: `crm_resource --locate`. */
import type { ClusterSnapshot } from "../../api/cluster-snapshot.ts";
import type { PrimitiveStatus, ResourceStatus } from "../../decision/cluster-status.ts";

export type ResourcePlace = { readonly node: string; readonly promoted: boolean };

/** Undefined where there is no such resource. */
export function placesOf(
  { status, implicit }: ClusterSnapshot,
  id: string,
): readonly ResourcePlace[] | undefined {
  for (const resource of [...status.resources, ...implicit]) {
    const found = placesIn(resource, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

function placesIn(resource: ResourceStatus, id: string): readonly ResourcePlace[] | undefined {
  if (resource.id === id) return allPlaces(resource);
  switch (resource.kind) {
    case "primitive":
      return resource.name === id ? ownPlaces(resource) : undefined;
    case "group":
      return firstOf(resource.members, id);
    case "clone": {
      if (resource.child === id) return allPlaces(resource);
      const instance = resource.parts.find((part) => part.id === id);
      if (instance !== undefined) return allPlaces(instance);
      // What is in a cloned group is in each of its instances.
      const found = resource.parts.flatMap((part) => placesIn(part, id) ?? []);
      return resource.parts.some((part) => placesIn(part, id) !== undefined) ? found : undefined;
    }
    case "bundle": {
      const parts = resource.replicas.flatMap((replica) => replica.parts);
      const meant = parts.filter((part) => part.id === id || part.name === id);
      return meant.length === 0 ? undefined : meant.flatMap(ownPlaces);
    }
  }
}

function firstOf(
  members: readonly ResourceStatus[],
  id: string,
): readonly ResourcePlace[] | undefined {
  for (const member of members) {
    const found = placesIn(member, id);
    if (found !== undefined) return found;
  }
  return undefined;
}

function allPlaces(resource: ResourceStatus): readonly ResourcePlace[] {
  switch (resource.kind) {
    case "primitive":
      return ownPlaces(resource);
    case "group":
      return eachNodeOnce(resource.members.flatMap(allPlaces));
    case "clone":
      return resource.parts.flatMap(allPlaces);
    case "bundle":
      return eachNodeOnce(resource.replicas.flatMap(({ parts }) => parts.flatMap(ownPlaces)));
  }
}

function ownPlaces({ nodes, role }: PrimitiveStatus): readonly ResourcePlace[] {
  return nodes.map((node) => ({ node, promoted: role === "Promoted" }));
}

/** A whole is not promoted, whatever its parts are. */
function eachNodeOnce(places: readonly ResourcePlace[]): readonly ResourcePlace[] {
  const names = new Set(places.map(({ node }) => node));
  return [...names].map((node) => ({ node, promoted: false }));
}

/** In the words that scripts look for. */
export function placesText(id: string, places: readonly ResourcePlace[]): string {
  if (places.length === 0) return `resource ${id} is NOT running\n`;
  const line = ({ node, promoted }: ResourcePlace): string =>
    `resource ${id} is running on: ${node}${promoted ? " Promoted" : ""}\n`;
  return places.map(line).join("");
}
