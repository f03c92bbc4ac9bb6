/**
 * Whether a change of the configuration may be acknowledged: only if nobody can acknowledge another one meanwhile that
 * would take its place. Half of the nodes are a quorum of a two-node cluster, and the other half may think the same of
 * itself: then it has to be known that it cannot (docs/ARCHITECTURE.md, law 5).
 */
import type { World } from "./world.ts";

/** @param joinedCount members that have joined, this node among them. */
export function mayAcknowledge(
  world: Pick<World, "nodes" | "hasQuorum" | "members" | "loss">,
  joinedCount: number,
): boolean {
  if (!world.hasQuorum(joinedCount)) return false;
  if (2 * joinedCount > world.nodes.length) return true;
  const members = new Set(world.members().map(({ name }) => name));
  return world.nodes.every((node) => members.has(node) || world.loss(node).kind === "gone");
}
