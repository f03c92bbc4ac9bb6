/** What administrators have asked for and is not finished. */
import type { Instant } from "../../base/time.ts";
import type { DrbdState } from "../../formats/drbd/drbd-state.ts";
import type { StateCode } from "./state/state-codes.ts";
import type { Volume } from "./volume.ts";

/** Which fields of the state are meant; from this node's point of view. */
export type Wish = Partial<Pick<DrbdState, "role" | "conn" | "disk" | "pdsk">>;

/** A change of state that the peer has been asked for. */
export type ClusterChange = {
  readonly purpose:
    | "promote"
    | "disconnect"
    | "detach"
    | "invalidate"
    | "invalidate-remote"
    | "verify";
  readonly session: number;
  readonly volumes: readonly Volume[];
  /** Volumes (or, for the connection, 1) whose reply is awaited. */
  pending: number;
  /** The worst reply so far. */
  code: number;
  /** What was asked for, from this node's point of view. */
  readonly wish: Wish;
  readonly adminId: number;
};

export type Promotion = {
  readonly adminId: number;
  readonly force: boolean;
  tries: number;
  transientTries: number;
  /** What is wished for besides the role. */
  withDiskUpToDate: boolean;
  withPeerOutdated: boolean;
  /** Waiting: for the peer's answer, for the fencing verdict, for a time. */
  waiting: "no" | "peer" | "fence" | "time" | "state" | "disk";
  retryAt: Instant | undefined;
  askedToFence: boolean;
  fenced: boolean;
  /** The last refusal. */
  code: StateCode;
  /** Volumes whose metadata don't say "Primary" yet. */
  pendingWrites: number;
};

export type Demotion = {
  /** Undefined: because of call-pri-lost-after-sb. */
  readonly adminId: number | undefined;
  phase: "draining" | "saving";
  /** Volumes whose metadata don't say "Secondary" yet. */
  pendingWrites: number;
};

export type Detachment = {
  /** Requests are held back until it is done. */
  readonly gated: boolean;
  readonly adminId: number | undefined;
  phase: "draining" | "saving";
};
