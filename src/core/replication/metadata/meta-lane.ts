/**
 * Writes to a volume's metadata, one job after another, each a list of durable steps. What must not be said or done
 * before the disk has it stands behind such a job (`andThen`). Transactions of the activity log go first, between two
 * steps of another job; nothing else ever overtakes, so the order of jobs is an order on disk.
 */
import { Queue } from "../../../base/queue.ts";
import type { MetadataLayout } from "../../../formats/drbd/metadata-layout.ts";

/** What is to be done then. Volumes are told by their number. */
export type MetaThen =
  | { readonly step: "al-committed"; readonly volume: number }
  /** The new generation is on disk: what this node alone has may be acknowledged. */
  | { readonly step: "generation-written"; readonly volume: number }
  | { readonly step: "spoiled-written"; readonly volume: number }
  | { readonly step: "send-sync-uuid"; readonly volume: number; readonly session: number }
  | { readonly step: "target-ready"; readonly volume: number; readonly session: number }
  | { readonly step: "target-finished"; readonly volume: number; readonly session: number }
  | { readonly step: "progress-saved"; readonly volume: number; readonly session: number }
  | { readonly step: "tell-state"; readonly volume: number; readonly session: number }
  | { readonly step: "admin-done"; readonly id: number }
  | { readonly step: "promoted"; readonly id: number }
  | { readonly step: "demoted" }
  | { readonly step: "ask-outdated"; readonly id: number }
  | { readonly step: "ask-detach"; readonly volume: number; readonly id: number }
  /** This node is Outdated, as the peer has asked: it may be told. */
  | {
      readonly step: "answer-change";
      readonly volume: number;
      readonly whole: boolean;
      readonly code: number;
      readonly session: number;
    }
  | { readonly step: "attached"; readonly volume: number }
  | { readonly step: "resized"; readonly volume: number }
  | { readonly step: "detached"; readonly volume: number };

export type MetaStep =
  /** All data written so far are to be stable. */
  | { readonly op: "flush-data" }
  /** These pages of the bitmap, or all dirty ones, those among them that are dirty. */
  | { readonly op: "pages"; readonly pages: "dirty" | readonly number[] }
  /** The superblock as it is when the step begins. */
  | { readonly op: "superblock" }
  /** The same, said to be clean: the last write before the disk is let go. */
  | { readonly op: "clean-superblock" }
  /** A transaction of the activity log, in its block of the ring. */
  | { readonly op: "log-block"; readonly block: number; readonly bytes: Uint8Array }
  /** The whole ring without content. */
  | { readonly op: "empty-log" }
  /** The whole ring, with what is active in memory. */
  | { readonly op: "whole-log" }
  /** The whole bitmap is on disk: it no longer counts as set by its flag. */
  | { readonly op: "full-sync-written" }
  /** From here on metadata are written to their new place, and the bitmap has its new length. */
  | { readonly op: "lay-out"; readonly plan: LayoutChange }
  /** From here to the next such step the superblock says that the whole bitmap counts as set. */
  | { readonly op: "overwriting"; readonly begins: boolean }
  /** The superblock says this size from here on. */
  | { readonly op: "take-size"; readonly sectors: number }
  /** Four KiB of zeros where a superblock was. */
  | { readonly op: "erase-superblock"; readonly sector: number }
  /** All that the activity log stands for is on disk: a crash needs no replay any more. */
  | { readonly op: "log-settled" };

export type LayoutChange = {
  readonly layout: MetadataLayout;
  readonly dataBytes: number;
  /** The volume's new size. */
  readonly sectors: number;
  /** What the volume grows by differs from the peer's. */
  readonly newDiffers: boolean;
  /** The metadata move: nothing of them is where they are looked for now. */
  readonly moves: boolean;
};

export type MetaJob = {
  readonly steps: readonly MetaStep[];
  /** The step to be done next, and how far a walk over pages has come. */
  at: number;
  pageAt: number;
  /** Run when all is on stable storage, or when the disk has failed. */
  readonly andThen: readonly MetaThen[];
  /** Once it has begun, transactions of the activity log wait for its end: it moves the log. */
  readonly exclusive: boolean;
};

export type MetaLane = {
  readonly urgent: Queue<MetaJob>;
  readonly normal: Queue<MetaJob>;
  /** The job of which something is under way; it is the first of its queue. */
  running: MetaJob | undefined;
  /** Storage effects of it that are under way. */
  pending: number;
  /** Pages that were taken and wait for the data to be flushed. */
  batch: readonly PageRun[];
};

/** Adjacent pages of the bitmap, written at once. */
export type PageRun = { readonly page: number; readonly bytes: Uint8Array };

export function newMetaLane(): MetaLane {
  return {
    urgent: new Queue<MetaJob>(),
    normal: new Queue<MetaJob>(),
    running: undefined,
    pending: 0,
    batch: [],
  };
}

export function laneIsIdle(lane: MetaLane): boolean {
  return lane.running === undefined && lane.urgent.size === 0 && lane.normal.size === 0;
}
