/**
 * The transition: what is to be done, and what each action waits for. This is what an executor needs and nothing of the
 * scheduler's working model, so it can be kept, printed and sent.
 */

/** resource: an agent's operation; pseudo: only a point in the order; cluster: fencing, shutdown and bookkeeping. */
export type GraphActionKind = "resource" | "pseudo" | "cluster";

/** An action by its identity, as other actions' inputs name it. */
export type GraphActionId = {
  readonly id: number;
  readonly kind: GraphActionKind;
  readonly operation: string;
  /** With the name under which the node knows the resource. */
  readonly key: string;
  /** With the instance number, where that differs. */
  readonly internalKey: string | undefined;
  readonly node: { readonly id: string; readonly name: string } | undefined;
  /** The cluster node that forwards the action to a remote node or guest. */
  readonly routerNode: string | undefined;
  /** "cib": only the status section changes. */
  readonly mode: "cib" | undefined;
};

export type GraphResource = {
  readonly element: string;
  readonly id: string;
  readonly longId: string | undefined;
  readonly agentClass: string | undefined;
  readonly provider: string | undefined;
  readonly type: string | undefined;
};

export type GraphAction = GraphActionId & {
  /** When the shutdown lock of the resource began (seconds since 1970); the executor keeps it. */
  readonly shutdownLock: number | undefined;
  readonly resource: GraphResource | undefined;
  /** Parameters by their names and meta-attributes as CRM_meta_*; sorted by name. */
  readonly attributes: readonly (readonly [name: string, value: string])[];
  /** Ids of the nodes that the action takes down. */
  readonly downed: readonly string[];
  /** Remote nodes that must be told that they are (or are no longer) in maintenance. */
  readonly maintenance: readonly { readonly nodeId: string; readonly on: boolean }[];
};

/** One action and all that must be done before it. */
export type Synapse = {
  readonly id: number;
  readonly priority: number;
  readonly action: GraphAction;
  readonly inputs: readonly GraphActionId[];
};

export type TransitionGraph = {
  /** Durations as the cluster options write them. */
  readonly clusterDelay: string;
  readonly fencingTimeout: string;
  readonly failedStopOffset: string;
  readonly failedStartOffset: string;
  readonly batchLimit: string;
  readonly migrationLimit: string | undefined;
  /** When the cluster must be looked at again even if nothing happens (seconds since 1970). */
  readonly recheckBy: number | undefined;
  readonly synapses: readonly Synapse[];
};
