/**
 * What a transition changes, in the terms of people: one entry for each node or resource that does not stay as it is;
 * and what a simulation of it did.
 */
import type { ClusterStatus } from "./cluster-status.ts";

export type Change = NodeChange | ResourceChange;

export type NodeChange = {
  readonly kind: "node";
  readonly change: "shutdown" | "fence";
  /** reboot or off. */
  readonly how: string | undefined;
  readonly node: string;
  /** The resource inside which a guest node runs. */
  readonly guestOf: string | undefined;
  readonly reason: string | undefined;
};

export type ResourceChangeKind =
  | "start"
  | "stop"
  | "move"
  | "migrate"
  | "recover"
  | "restart"
  | "reload"
  | "promote"
  | "demote"
  | "re-promote";

export type ResourceChange = {
  readonly kind: "resource";
  readonly change: ResourceChangeKind;
  readonly resource: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly role: string;
  readonly nextRole: string;
  /** The roles matter: it is or becomes promoted or unpromoted. */
  readonly showsRole: boolean;
  readonly reason: string | undefined;
  /** It should be done but cannot. */
  readonly blocked: boolean;
};

/** One thing that a simulated execution did. */
export type ExecutedStep =
  | { readonly kind: "pseudo"; readonly key: string; readonly node: string | undefined }
  | {
      readonly kind: "resource";
      readonly resource: string;
      readonly task: string;
      readonly intervalMs: number;
      readonly node: string;
    }
  | {
      readonly kind: "cluster";
      readonly task: string;
      readonly resource: string | undefined;
      readonly node: string;
    }
  | { readonly kind: "fence"; readonly node: string; readonly how: string }
  /** As it was asked for: the operation before ended with this code, and the transition with it. */
  | { readonly kind: "failed"; readonly actionId: number; readonly rc: number }
  | AttributeSet;

/** A node attribute of the status section was set; the value may count ("value++"). */
export type AttributeSet = {
  readonly kind: "attribute";
  readonly nodeId: string;
  readonly name: string;
  readonly value: string;
};

/** What a simulation was asked to suppose before anything is decided. */
export type Supposition =
  | { readonly kind: "quorum" | "watchdog"; readonly value: string }
  | { readonly kind: "node"; readonly event: "up" | "down" | "fail"; readonly node: string }
  | {
      readonly kind: "ticket";
      readonly event: "grant" | "revoke" | "standby" | "activate";
      readonly ticket: string;
    }
  /** Whether the replicated disks of a resource would let it start on a node. */
  | {
      readonly kind: "disk";
      readonly ready: boolean;
      readonly resource: string;
      readonly node: string;
    }
  /** RESOURCE_TASK_INTERVAL@NODE=RC */
  | { readonly kind: "operation"; readonly spec: string };

/** Where the time came from that a simulation takes for now. */
export type SimulationClock =
  | { readonly kind: "real" }
  /** The CIB says when it was used. */
  | { readonly kind: "recorded"; readonly date: string }
  | { readonly kind: "given"; readonly text: string };

/** When a step would begin, by how long operations took when they were seen last. */
export type StepTime = {
  /** Since the transition began. */
  readonly beginMs: number;
  /** Undefined where nothing like it was seen. */
  readonly tookMs: number | undefined;
  /** Something before it took a time that nobody knows: it begins then or later. */
  readonly isLeast: boolean;
};

/** A transition and what would come of it. */
export type SimulationReport = {
  readonly clock: SimulationClock;
  readonly before: ClusterStatus;
  /** What was supposed, and what follows from it, in order. */
  readonly suppositions: readonly (Supposition | AttributeSet)[];
  readonly changes: readonly Change[];
  readonly steps: readonly ExecutedStep[];
  /** Of each step, in the same order; undefined for what takes no time. */
  readonly times: readonly (StepTime | undefined)[];
  /** "stuck": some actions wait for each other. */
  readonly outcome: "complete" | "stuck";
  readonly after: ClusterStatus;
};

/** A score as it stood when the scheduler chose by it; at and beyond 1,000,000 it is INFINITY. */
export type ScoreLine = {
  readonly step: string;
  readonly resource: string;
  readonly kind: "allocation" | "promotion";
  /** Undefined for the promotion of an instance that has no node. */
  readonly node: string | undefined;
  readonly score: number;
};

/** How much room a node had or has, or what a resource takes of it (utilization attributes). */
export type UtilizationLine = {
  readonly kind: "original" | "remaining" | "assigned";
  /** Undefined for a node's room. */
  readonly resource: string | undefined;
  readonly node: string;
  /** By name, sorted. */
  readonly amounts: readonly (readonly [name: string, amount: number])[];
  /** How many scores were written down before it. */
  readonly afterScores: number;
};
