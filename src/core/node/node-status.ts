/** What a node knows, for status pages: one immutable snapshot. Names of nodes everywhere; times are wall times in ms. */

import type { Reasons } from "../../decision/reasons.ts";
import type { Generation } from "../cib/generation.ts";
import type { CibVersion } from "../cib/version.ts";
import type { BlockedReason, DcId, PlannedChange, ReadinessTable } from "../controller/types.ts";
import type { RunningOperation } from "../executor/types.ts";
import type { DiskFacts, Evidence, FencingRecord } from "../fencer/types.ts";
import type { LinkState } from "../link/types.ts";
import type { MembershipState } from "../membership/types.ts";

export type NodeStatus = {
  readonly self: string;
  readonly membership: MembershipState;
  readonly links: readonly LinkState[];
  /** starting: waits for nodes it has not heard (initdead). alone: no DC is known. */
  readonly role: "starting" | "alone" | "following" | "dc";
  readonly dc: DcId | undefined;
  readonly cib: {
    readonly version: CibVersion;
    readonly generation: Generation;
    /** Changes that wait for stable storage or for their turn. */
    readonly pendingChanges: number;
  };
  /** Only the DC knows these. */
  readonly controller: ControllerStatus | undefined;
  readonly operations: readonly RunningOperation[];
  readonly disks: Readonly<Record<string, DiskFacts>>;
  /** Of this node's resources. */
  readonly readiness: ReadinessTable;
  readonly evidence: readonly Evidence[];
  readonly fencing: readonly FencingRecord[];
  /** What a person should know at once: fencing is off, two guests may run, a node is held to be alive … */
  readonly attention: readonly Attention[];
};

export type Attention = {
  /** HFnnnn (docs/guide/errors.md). */
  readonly code: string;
  readonly message: string;
  /** The command that helps, or what to do, as a sentence. */
  readonly remedy: string;
};

export type ControllerStatus = {
  readonly members: readonly MemberStatus[];
  readonly transition: TransitionStatus | undefined;
  /** Why something is not done, from the scheduler, the fencer and the disks. */
  readonly blocked: readonly BlockedReason[];
  /** Why each resource is where it is, or is not; undefined before the scheduler was asked. */
  readonly reasons: Reasons | undefined;
  /** Where a resource's disks keep it from being started. */
  readonly disks: readonly {
    readonly resource: string;
    readonly node: string;
    readonly reason: string;
  }[];
  /** Nothing under way, nothing to do. */
  readonly idle: boolean;
};

export type MemberStatus = {
  readonly name: string;
  /** pending: it is heard but does not join. silent: lost, but its disk servers answer. */
  readonly state: "joining" | "joined" | "pending" | "silent" | "lost" | "left";
  readonly readiness: ReadinessTable;
};

export type TransitionStatus = {
  readonly number: number;
  /** Why the scheduler was asked. */
  readonly reason: string;
  readonly state: "running" | "aborted" | "done" | "failed";
  readonly began: number;
  readonly ended?: number;
  readonly changes: readonly PlannedChange[];
  readonly actions: { readonly done: number; readonly failed: number; readonly all: number };
  /** Operation keys that are under way, with their nodes. */
  readonly underWay: readonly { readonly key: string; readonly node: string }[];
};
