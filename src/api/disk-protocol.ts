/**
 * The control protocol of a disk server (`holdfast-disk`), on /run/holdfast/disk/RES.sock: the methods with their
 * parameters and results, and the events of those who watch. What is refused comes back as an error with drbdsetup's
 * exit code. Volumes are numbers (vnr).
 */
import type { DiskResourceStatus } from "./disk-status.ts";

export type DiskMethods = {
  status: { params: Record<string, never>; result: DiskResourceStatus };
  /** The status now, then an event `status` whenever something but a counter has changed. */
  watch: { params: Record<string, never>; result: DiskResourceStatus };
  /** The configuration with which it runs, as formats/drbd-conf has it. */
  show: { params: Record<string, never>; result: unknown };
  attach: { params: { volume: number }; result: null };
  detach: { params: { volume: number; force?: boolean }; result: null };
  connect: { params: { discardMyData?: boolean; tentative?: boolean }; result: null };
  disconnect: { params: { force?: boolean }; result: null };
  primary: { params: { force?: boolean }; result: null };
  /**
   * Removes the volumes' block devices first, unless they are in use. `takeAway`: NBD clients are cut off, and what they
   * asked for before is finished.
   */
  secondary: { params: { takeAway?: boolean }; result: null };
  invalidate: { params: { volume: number }; result: null };
  "invalidate-remote": { params: { volume: number }; result: null };
  outdate: { params: { volume: number }; result: null };
  /** Compares the two copies. Sectors; without a stop to the end, without a start from where the last one was ended. */
  verify: {
    params: { volume: number; startSector?: number; stopSector?: number };
    result: null;
  };
  "pause-sync": { params: { volume: number }; result: null };
  "resume-sync": { params: { volume: number }; result: null };
  /**
   * The backing devices have grown: uses what both nodes have, or `sizeSectors`. What is new is copied from the Primary,
   * unless `assumeClean`.
   */
  resize: {
    params: {
      volume: number;
      sizeSectors?: number;
      assumeClean?: boolean;
      assumePeerHasSpace?: boolean;
    };
    result: null;
  };
  /** Nothing is to be done while the volume is attached: the disk server knows where its metadata are. */
  "check-resize": { params: { volume: number }; result: null };
  "suspend-io": { params: Record<string, never>; result: null };
  "resume-io": { params: Record<string, never>; result: null };
  "new-current-uuid": { params: { volume: number; clearBitmap?: boolean }; result: null };
  /** Both nodes may be Primary while a guest is moved; to be asked for on both. */
  "two-primaries-window": { params: { open: boolean }; result: null };
  /** Membership has declared the peer dead: look whether it answers. */
  "peer-lost": { params: Record<string, never>; result: null };
  /** Replaces the fencing policy of drbd.conf until the server ends. */
  fencing: {
    params: { policy: "dont-care" | "resource-only" | "resource-and-stonith" };
    result: null;
  };
  /** This client answers fence requests from now on: it gets an event `fence-peer` for each, also for waiting ones. */
  "serve-fencing": { params: Record<string, never>; result: null };
  "fence-verdict": { params: { request: number; exitCode: number }; result: null };
  /** Who decides at the next meeting after a split brain: the configured policies, or only a person's word. */
  "after-split-brain": { params: { by: "policy" | "hand" }; result: null };
  /** Blocks that this node believes to differ from the peer's, a page at a time, from block `from` on. */
  "changed-blocks": { params: { volume: number; from: number }; result: DiskChangedBlocks };
  /** A page of what the peer has changed, for the next `undo-save`: first block and count in turns. */
  "undo-collect": {
    params: { volume: number; runs: readonly number[]; first: boolean };
    result: null;
  };
  /** Saves this node's content of all those blocks and of its own changes. Secondary, StandAlone and unused only. */
  "undo-save": {
    params: { volume: number; peerCurrent: string; reason: string };
    result: DiskUndo;
  };
  /** The resync is over: notes what stands in those places now, and whether the kept copy was written meanwhile. */
  "undo-seal": { params: { file: string; usedMeanwhile: boolean }; result: null };
  /** The newest first. */
  "undo-list": { params: Record<string, never>; result: readonly DiskUndo[] };
  /** Deletes one of those files: nothing brings its blocks back. */
  "undo-forget": { params: { file: string }; result: null };
  /** Writes saved blocks back, as Primary. Answers with the file of what stood there before. */
  "undo-apply": { params: { file: string; force?: boolean }; result: DiskUndo };
  /** The configuration has changed: takes over what can be changed while running, and tells what cannot. */
  adjust: { params: { config: unknown }; result: DiskAdjusted };
  /**
   * Demotes, disconnects, detaches and ends. With `force` also while volumes are open. With `clientsReturn` what the
   * clients have asked for is answered, then they are sent away: they wait for the server that is started next.
   */
  shutdown: { params: { force?: boolean; clientsReturn?: boolean }; result: null };
};

/** What the process beside a resource of the kernel's has besides. */
export type KernelDiskMethods = {
  /** The kernel's fence-peer handler asks; the answer is its exit code. */
  "ask-fencing": { params: Record<string, never>; result: { readonly exitCode: number } };
};

/** Names of options, and reasons in words. */
export type DiskAdjusted = {
  readonly changed: readonly string[];
  readonly needsRestart: readonly string[];
};

/** Blocks of 4 KiB, in runs: the first and how many. `next`: where to ask on; absent when that was all. */
export type DiskChangedBlocks = {
  readonly runs: readonly (readonly [first: number, count: number])[];
  readonly next?: number;
};

/** A file of saved blocks (docs/formats/undo.md). */
export type DiskUndo = {
  readonly file: string;
  readonly resource: string;
  readonly volume: number;
  /** Whose copy it was. */
  readonly node: string;
  readonly savedAtMs: number;
  readonly reason: string;
  readonly dataKib: number;
};

/** Make sure that the peer is not and does not become Primary; the answer is one of DRBD's exit codes 3 to 7. */
export type DiskFenceRequest = {
  readonly request: number;
  readonly resource: string;
  readonly peer: string;
  readonly reason: "peer-lost" | "promotion";
  /** The guest's I/O waits for the answer. */
  readonly frozen: boolean;
};
