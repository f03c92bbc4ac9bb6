/** Whether any node, or the host of a guest node, can run a resource. */
import { guestLauncher, isGuestNode } from "../model/nodes.ts";
import { locationsOf } from "../model/resources.ts";
import type { Candidate, Candidates } from "../model/types.ts";
import { isAvailable } from "./usable.ts";

/** As isAvailable; a guest node also needs a host for its guest. */
export function isAvailableWithHost(candidate: Candidate): boolean {
  if (!isAvailable(candidate)) return false;
  if (!isGuestNode(candidate.node)) return true;
  const guest = guestLauncher(candidate.node);
  return guest !== undefined && locationsOf(guest, { assigned: true }).length === 1;
}

export function anyAvailable(candidates: Candidates): boolean {
  for (const candidate of candidates.values()) if (isAvailable(candidate)) return true;
  return false;
}
