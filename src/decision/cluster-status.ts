/**
 * What a cluster looks like: its nodes and what runs where. It is what the scheduler reads from a CIB
 * (src/core/scheduler/report), on its way to whoever shows it.
 */

export type ClusterStatus = {
  readonly maintenance: boolean;
  readonly stopAll: boolean;
  /** How many resource instances there are, and how many of them may not run or must not be touched. */
  readonly instances: number;
  readonly disabled: number;
  readonly blocked: number;
  readonly nodes: readonly NodeStatus[];
  readonly resources: readonly ResourceStatus[];
};

export type NodeStatus = {
  readonly name: string;
  readonly kind: "member" | "remote" | "guest";
  readonly online: boolean;
  readonly unclean: boolean;
  readonly pending: boolean;
  readonly standby: "no" | "yes" | "on-fail";
  readonly maintenance: boolean;
  readonly hasResources: boolean;
  readonly health: "green" | "yellow" | "red";
  /** Why it is unclean. */
  readonly reason: string | undefined;
};

export type ResourceStatus = PrimitiveStatus | GroupStatus | CloneStatus | BundleStatus;

export type PrimitiveStatus = {
  readonly kind: "primitive";
  readonly id: string;
  /** The id without an instance number that means nothing. */
  readonly name: string;
  /** CLASS[:PROVIDER]:TYPE */
  readonly agent: string;
  readonly role: string;
  /** The operation that is under way: Starting, Stopping, Migrating, Promoting, Demoting or Monitoring. */
  readonly pending: string | undefined;
  readonly failed: boolean;
  /** No longer in the configuration. */
  readonly removed: boolean;
  /** Where it is active. */
  readonly nodes: readonly string[];
  /** The one node to show: where it is, or where something is under way, or to which it is locked. */
  readonly node: string | undefined;
  readonly nodeLost: boolean;
  readonly locked: boolean;
  readonly disabled: boolean;
  /** target-role, where it keeps a promotable clone from being promoted. */
  readonly heldUnpromoted: string | undefined;
  readonly blocked: boolean;
  readonly maintenance: boolean;
  readonly managed: boolean;
  readonly failureIgnored: boolean;
  /** The exit code of a probe that could not tell. */
  readonly failedProbe: number | undefined;
  /** Made by the cluster: the connection into a guest node. */
  readonly implicit: boolean;
  /** As it is configured. */
  readonly targetRole: string | undefined;
  readonly description: string | undefined;
};

export type GroupStatus = {
  readonly kind: "group";
  readonly id: string;
  readonly disabled: boolean;
  readonly maintenance: boolean;
  readonly managed: boolean;
  readonly members: readonly ResourceStatus[];
};

export type CloneStatus = {
  readonly kind: "clone";
  readonly id: string;
  /** The id of what is cloned. */
  readonly child: string;
  readonly promotable: boolean;
  readonly unique: boolean;
  readonly disabled: boolean;
  readonly maintenance: boolean;
  readonly managed: boolean;
  readonly failed: boolean;
  readonly failureIgnored: boolean;
  /** As it is configured. */
  readonly targetRole: string | undefined;
  /** All of them, one by one. */
  readonly parts: readonly ResourceStatus[];
  /** Those that are not like the others, or can be told apart. */
  readonly instances: readonly ResourceStatus[];
  /** Names of the nodes with a promoted instance. */
  readonly promoted: readonly string[];
  readonly started: readonly string[];
  /** target-role keeps the started ones from being promoted. */
  readonly heldUnpromoted: boolean;
  readonly stopped: readonly StoppedInstance[];
};

/** Where (or, if that cannot be said, which) instance is stopped. */
export type StoppedInstance = {
  readonly name: string;
  readonly disabled: boolean;
  readonly failedProbe: number | undefined;
};

export type BundleStatus = {
  readonly kind: "bundle";
  readonly id: string;
  /** docker, podman or rkt. */
  readonly engine: string;
  readonly image: string;
  readonly unique: boolean;
  readonly maintenance: boolean;
  readonly managed: boolean;
  readonly failed: boolean;
  readonly replicas: readonly ReplicaStatus[];
};

export type ReplicaStatus = {
  readonly name: string;
  readonly address: string | undefined;
  readonly number: number;
  /** What runs in the container, or the container itself. */
  readonly main: PrimitiveStatus;
  /** Its address, what runs in the container, the container, and the connection into it. */
  readonly parts: readonly PrimitiveStatus[];
};
