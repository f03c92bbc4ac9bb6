/** Ordering two actions. */
import { edge } from "../model/flags.ts";
import type { Action, Edge } from "../model/types.ts";

/** False if there is nothing to do: no flags, or the two are already ordered in one of these ways. */
export function link(first: Action | undefined, next: Action | undefined, flags: number): boolean {
  if (flags === edge.none || first === undefined || next === undefined) return false;
  for (const known of first.after) {
    if (known.action === next && (known.flags & flags) !== 0) return false;
  }
  first.after = withEdge(first.after, { action: next, flags, graphed: false });
  next.before = withEdge(next.before, { action: first, flags, graphed: false });
  return true;
}

/** Most actions have one ordering: an array that is made with its first element takes no room for 16 more. */
function withEdge(edges: Edge[], added: Edge): Edge[] {
  if (edges.length === 0) return [added];
  edges.push(added);
  return edges;
}
