/**
 * Two Primaries that write to the same place at once. During a migration it does not happen: one guest, one writer at a
 * time. If it does, both replicas must still get the two writes in the same order. The node with RESOLVE_CONFLICTS
 * decides: its own write goes first; a peer's write inside it is dropped, another is to be sent again. The other node
 * lets its own write get its verdict before it takes the peer's.
 */
import { Role } from "../../../formats/drbd/drbd-state.ts";
import { Use } from "../requests/range-locks.ts";
import type { Resource } from "../resource.ts";
import type { PeerWrite } from "../volume.ts";

export type PeerConflict = "none" | "wait" | "superseded" | "retry";

export function peerConflict(r: Resource, write: PeerWrite): PeerConflict {
  if (r.role !== Role.Primary) return "none";
  const { locks } = write.volume;
  const own = locks.find(write, Use.App) ?? locks.find(write, Use.AppNet);
  if (own === undefined) return "none";
  if (!r.link.resolveConflicts || write.session !== r.link.session) return "wait";
  const inside = own.offset <= write.offset && write.offset + write.length <= own.end;
  return inside ? "superseded" : "retry";
}
