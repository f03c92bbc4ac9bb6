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
  /** Removes the volumes' block devices first, unless they are in use. */
  secondary: { params: Record<string, never>; result: null };
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
  /** The configuration has changed: takes over what can be changed while running, and tells what cannot. */
  adjust: { params: { config: unknown }; result: DiskAdjusted };
  /** Demotes, disconnects, detaches and ends. With `force` also while volumes are open. */
  shutdown: { params: { force?: boolean }; result: null };
};

/** Names of options, and reasons in words. */
export type DiskAdjusted = {
  readonly changed: readonly string[];
  readonly needsRestart: readonly string[];
};

export type DiskEvents = {
  status: DiskResourceStatus;
  "fence-peer": DiskFenceRequest;
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
