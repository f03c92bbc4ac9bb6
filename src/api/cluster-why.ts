/** Why resources are where they are, why not elsewhere, why not at all; and why nodes run what they run. */
import type { DownCause, NodeObstacle, NodeVerdict } from "../decision/reasons.ts";
import type { ResourceChange } from "../decision/transition.ts";
import type { ErrorCode } from "./errors.ts";

export type WhyReport = {
  readonly takenAtMs: number;
  /** What holds for the cluster as a whole: no quorum, maintenance, waiting for a node … */
  readonly general: readonly WhyLine[];
  /** The node that was asked about; without a name, those that cannot run resources. */
  readonly nodes: readonly NodeState[];
  readonly resources: readonly ResourceWhy[];
};

/** A node in itself. */
export type NodeState = {
  readonly node: string;
  /** None: it can run resources. */
  readonly obstacles: readonly NodeObstacle[];
  readonly lines: readonly WhyLine[];
  /** Resources: what is active there, what would be started there next, and what would leave it. */
  readonly runs: readonly string[];
  readonly comes: readonly string[];
  readonly leaves: readonly string[];
};

export type ResourceWhy = {
  readonly resource: string;
  readonly role: string;
  /** Where it is active now. */
  readonly activeOn: readonly string[];
  /** What would be done next: empty when it stays as it is. */
  readonly next: readonly ResourceChange[];
  /** Why it will be where it will be, or nowhere: a clause. */
  readonly because: WhyLine;
  /** The node that was chosen for it, and with what score. */
  readonly chosen?: { readonly node: string; readonly score: number };
  /** What keeps it down: its kind, and its entry in docs/guide/errors.md. */
  readonly down?: { readonly cause: DownCause["kind"]; readonly code: ErrorCode };
  readonly nodes: readonly NodeWhy[];
  /** What else holds for it wherever it is. */
  readonly lines: readonly WhyLine[];
};

export type NodeWhy = {
  readonly node: string;
  readonly verdict: NodeVerdict;
  /** 1000000 is infinite; absent where the node is not open to it. */
  readonly score?: number;
  readonly lines: readonly WhyLine[];
};

export type WhyLine = {
  /** A sentence or a clause. */
  readonly text: string;
  /** What to do about it; empty where nothing is to be done. */
  readonly remedy: string;
};
