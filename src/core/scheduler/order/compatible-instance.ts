/** The instance of one clone that belongs to an instance of another: the one on the same node. */
import { isBlockedAnywhere, roleOf, singleLocation } from "../model/resources.ts";
import type { ClusterNode, Resource } from "../model/types.ts";
import { colocationAttribute, sameValue } from "../place/colocation-attribute.ts";
import { sortCandidates } from "../place/sort-candidates.ts";
import { type Role, role } from "../values/role.ts";

export type InstanceWish = {
  readonly role: Role;
  /** Where they are now, instead of where they will be. */
  readonly current: boolean;
  /** Compared instead of the node itself. */
  readonly attribute?: string | undefined;
};

export function compatibleInstance(
  match: Resource,
  collective: Resource,
  wish: InstanceWish,
): Resource | undefined {
  const where = wish.current ? { current: true } : { assigned: true };
  const node = singleLocation(match, where);
  if (node !== undefined) return instanceOn(collective, node, wish);
  const { placementStrategy } = match.cluster.settings;
  for (const candidate of sortCandidates(
    [...match.allowed.values()],
    undefined,
    placementStrategy,
  )) {
    const found = instanceOn(collective, candidate.node, wish);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** A bundle's instances are its containers. */
export function instancesOf(collective: Resource): readonly Resource[] {
  return collective.bundle === undefined
    ? collective.children
    : collective.bundle.replicas.map((replica) => replica.container);
}

function instanceOn(
  collective: Resource,
  node: ClusterNode,
  wish: InstanceWish,
): Resource | undefined {
  return instancesOf(collective).find((instance) => matchesInstance(instance, node, wish));
}

/** Whether the instance is on the node, has the role and is not blocked. */
export function matchesInstance(
  instance: Resource,
  node: ClusterNode,
  wish: InstanceWish,
): boolean {
  if (wish.role !== role.unknown && wish.role !== roleOf(instance, wish.current)) return false;
  if (isBlockedAnywhere(instance)) return false;
  const own = singleLocation(instance, wish.current ? { current: true } : { assigned: true });
  if (own === undefined) return false;
  if (wish.attribute === undefined) return own === node;
  return sameValue(
    colocationAttribute(own, wish.attribute, instance),
    colocationAttribute(node, wish.attribute, instance),
  );
}
