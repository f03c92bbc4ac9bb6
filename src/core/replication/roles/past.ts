/**
 * What one start of the server leaves to the next: who was Primary when, and since when the two nodes are apart. Nothing
 * is decided by it; people are told it after a split brain. Times are told as how long ago, since no start knows the
 * clock of another.
 */
import type { Instant } from "../../../base/time.ts";
import type { Role } from "../../../formats/drbd/drbd-state.ts";

export type RoleChange = { readonly role: Role; readonly at: Instant };

export type Past = {
  /** Oldest first. */
  readonly roleChanges: readonly {
    readonly role: "Primary" | "Secondary";
    readonly msAgo: number;
  }[];
  /** The two were connected. */
  readonly connected: boolean;
  /** Since when they were not. Absent while they are, and where they never were. */
  readonly apartMs?: number;
};
