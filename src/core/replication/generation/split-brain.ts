/** What a node knows of a split brain: since when the two were apart, what each wrote, and who was Primary. */
import type { Instant } from "../../../base/time.ts";
import type { GenerationUuids } from "../../../formats/drbd/superblock.ts";

export type SplitBrain = {
  /** What decided at the meeting, as in the log. */
  readonly label: string;
  readonly foundAt: Instant;
  /** When the connection was lost; undefined if this server has begun later than that. */
  readonly apartSince: Instant | undefined;
  readonly peerUuids: GenerationUuids;
  /** By the bitmaps: blocks that were not written may be among them, none that was is missing. */
  readonly selfChangedBytes: number;
  readonly peerChangedBytes: number;
  /** When the generations parted. */
  readonly selfWasPrimary: boolean;
  readonly peerWasPrimary: boolean;
  /** When the two met. */
  readonly selfPrimary: boolean;
  readonly peerPrimary: boolean;
};
