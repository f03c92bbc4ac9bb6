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
  | { readonly kind: "fence"; readonly node: string; readonly how: string };

/** Where the time came from that a simulation takes for now. */
export type SimulationClock =
  | { readonly kind: "real" }
  /** The CIB says when it was used. */
  | { readonly kind: "recorded"; readonly date: string }
  | { readonly kind: "given"; readonly text: string };

/** A transition and what would come of it. */
export type SimulationReport = {
  readonly clock: SimulationClock;
  readonly before: ClusterStatus;
  readonly changes: readonly Change[];
  readonly steps: readonly ExecutedStep[];
  /** "stuck": some actions wait for each other. */
  readonly outcome: "complete" | "stuck";
  readonly after: ClusterStatus;
};
