/** Whether a node can run resources. */
import type { Candidate, ClusterNode } from "../model/types.ts";

/** Up, and neither leaving nor in doubt nor set aside. */
export function isUsable(node: ClusterNode): boolean {
  return node.online && !node.shutdown && !node.unclean && !node.standby && !node.maintenance;
}

/** Usable, and not forbidden to the resource. */
export function isAvailable(candidate: Candidate): boolean {
  return isUsable(candidate.node) && candidate.score >= 0;
}
