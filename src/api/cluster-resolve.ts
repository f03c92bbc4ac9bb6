/** A split brain as both nodes know it, and what came of a person's word about it. */
import type { DiskUndo } from "./disk-protocol.ts";
import type { DiskResourceStatus } from "./disk-status.ts";

export type SplitBrainSituation = {
  readonly drbdResource: string;
  /** When both were asked: what they tell is so long ago. */
  readonly takenAtMs: number;
  /** By both nodes' generations; undefined when one of them is not known. */
  readonly isSplitBrain?: boolean;
  /** This node first. */
  readonly sides: readonly SplitBrainSide[];
};

export type SplitBrainSide = {
  readonly node: string;
  /** Absent where the node or its disk server can't be asked: then `trouble` says why. */
  readonly status?: DiskResourceStatus;
  readonly trouble?: string;
  /** Changes saved there, the newest first. */
  readonly undo: readonly DiskUndo[];
};

/** What was saved before it was overwritten. */
export type SavedChanges = { readonly saved: readonly DiskUndo[] };
