/** Ordering two actions. */
import { edge } from "../model/flags.ts";
import type { Action } from "../model/types.ts";

/** False if there is nothing to do: no flags, or the two are already ordered in one of these ways. */
export function link(first: Action | undefined, next: Action | undefined, flags: number): boolean {
  if (flags === edge.none || first === undefined || next === undefined) return false;
  for (const known of first.after) {
    if (known.action === next && (known.flags & flags) !== 0) return false;
  }
  first.after.push({ action: next, flags, graphed: false });
  next.before.push({ action: first, flags, graphed: false });
  return true;
}
