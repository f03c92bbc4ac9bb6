/**
 * Why a transition is as it is: of each node whether it can run resources, of each resource why it will be where it
 * will be, and of what stays down why it does. As the scheduler gives it (src/core/scheduler/report).
 */

/** What keeps a node from running resources. */
export type NodeObstacle =
  | "offline"
  | "unclean"
  | "pending"
  | "standby"
  | "standby-after-failure"
  | "maintenance"
  | "shutting-down";

/** What is done about an unclean node. */
export type FencingOutlook =
  | "not-needed"
  | "planned"
  /** fencing-enabled=false */
  | "disabled"
  | "no-device"
  | "no-quorum"
  /** Nothing that the cluster manages is at stake. */
  | "nothing-managed"
  /** A guest is fenced by stopping what it runs in, which cannot be done. */
  | "host-lost";

export type NodeReason = {
  readonly node: string;
  readonly obstacles: readonly NodeObstacle[];
  /** What made it unclean. */
  readonly unclean: string | undefined;
  /** Of a guest node: the resource inside which it lives. */
  readonly within: string | undefined;
  readonly fencing: FencingOutlook;
};

/** Why a resource will not run. */
export type DownCause =
  /** It is not in the configuration any more; `kept`: what was removed is not stopped here. */
  | { readonly kind: "removed"; readonly kept: boolean }
  /** target-role=Stopped; `by` has it: the resource itself, or its group or clone. */
  | { readonly kind: "disabled"; readonly by: string }
  | { readonly kind: "stop-all-resources" }
  /** Of the resource itself, a node, or the whole cluster; `node` only for a node's. */
  | {
      readonly kind: "maintenance";
      readonly of: "resource" | "node" | "cluster";
      readonly node: string | undefined;
    }
  | { readonly kind: "unmanaged" }
  /** A failure with on-fail=block, or several active instances, that someone must look at. */
  | {
      readonly kind: "blocked";
      readonly failures: readonly FailureReason[];
      /** Where it is active at once, if that is on more than one node. */
      readonly activeOn: readonly string[];
    }
  /** Its ticket was lost, and loss-policy=freeze leaves it as it is. */
  | { readonly kind: "ticket"; readonly ticket: string }
  /** Fencing is enabled and there is no device that could do it. */
  | { readonly kind: "no-fence-device" }
  | { readonly kind: "no-quorum"; readonly policy: string }
  /** See the nodes' scores and obstacles. */
  | { readonly kind: "no-node" }
  /** It may run on these nodes, and they cannot be fenced. */
  | { readonly kind: "unfenced-nodes"; readonly nodes: readonly string[] }
  /** These actions must come first and cannot be done. */
  | { readonly kind: "waits-for"; readonly actions: readonly string[] }
  /** More instances are configured than nodes can take. */
  | { readonly kind: "surplus-instance" }
  /** What it must be with or come after does not run; `on` names it. */
  | { readonly kind: "needs"; readonly on: string; readonly how: "together" | "after" }
  | { readonly kind: "other"; readonly reason: string | undefined };

export type FailureReason = {
  readonly operation: string;
  readonly node: string;
  readonly rc: number;
  readonly exitReason: string | undefined;
};

/** What a node comes to for one resource. */
export type NodeVerdict =
  | "chosen"
  /** The node itself can run nothing now (NodeReason). */
  | "obstacle"
  /** The score is below 0. */
  | "banned"
  /** Nothing allows it there: an opt-in cluster, or not probed there. */
  | "not-open"
  /** It could have been; another is better, or as good and first by `choice`. */
  | "second"
  /** No node was looked for. */
  | "unasked";

export type NodeScore = {
  readonly node: string;
  readonly verdict: NodeVerdict;
  /** When the node was chosen; undefined where it was not open to it. */
  readonly score: number | undefined;
  /** What made the score. */
  readonly parts: readonly { readonly score: number; readonly why: string }[];
};

/** By what a node was chosen among all that were open to the resource. */
export type PlacementChoice =
  /** No other node could take it. */
  | "only-node"
  | "score"
  /** From here on the scores are equal: what else the resource's clone or its colocations are for. */
  | "preferred"
  | "free-capacity"
  | "fewer-resources"
  /** It is there already. */
  | "stays"
  | "name";

export type ResourceReason = {
  readonly resource: string;
  /** What it is now: Started, Stopped, Promoted … */
  readonly role: string;
  readonly activeOn: readonly string[];
  readonly nextRole: string;
  /** Where it will run; undefined if nowhere. */
  readonly node: string | undefined;
  /** Why there; undefined if it runs nowhere, or stays where it is because the cluster may not touch it. */
  readonly choice: PlacementChoice | undefined;
  /** Set if it will not run. */
  readonly down: DownCause | undefined;
  /** Set if it runs and the cluster leaves it where it is, whatever the scores say. */
  readonly untouched: DownCause | undefined;
  /** By which instances of a promotable clone are promoted: the highest first. */
  readonly promotionScore: number | undefined;
  /** Of all nodes. */
  readonly scores: readonly NodeScore[];
};

export type Reasons = {
  readonly nodes: readonly NodeReason[];
  readonly resources: readonly ResourceReason[];
  /**
   * Ids of the resources that are meant to run and will not, when there is nothing to do: each has its cause. Empty
   * when something is done, or all is well.
   */
  readonly idle: readonly string[];
};
