/** An attach under way: what has been read of the metadata so far. */
import type { MetadataLayout, MetaPlacement } from "../../../formats/drbd/metadata-layout.ts";
import type { Superblock } from "../../../formats/drbd/superblock.ts";
import type { Bitmap } from "../metadata/bitmap.ts";

export type Attachment = {
  readonly adminId: number;
  readonly placement: MetaPlacement;
  readonly dataBytes: number;
  readonly metaBytes: number;
  phase: "superblock" | "ring" | "bitmap" | "writing";
  /** The layout with the superblock's own stripes. */
  layout: MetadataLayout;
  superblock: Superblock | undefined;
  /** The extents to be counted as different. */
  extents: readonly number[];
  bitmap: Bitmap | undefined;
  /** Pages of the bitmap that have been read. */
  pagesRead: number;
};
