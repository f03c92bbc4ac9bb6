/**
 * Everything that a command shows of a cluster, at one moment: made by the daemon (or from a CIB in a file), rendered by
 * src/view/cluster. Times are wall times in ms since 1970 unless a name says seconds.
 */

import type { ClusterStatus, PrimitiveStatus } from "../decision/cluster-status.ts";
import type { LiveStatus } from "./cluster-live.ts";

export type ClusterSnapshot = {
  readonly takenAtMs: number;
  readonly summary: ClusterSummary;
  /** Nodes and resources as the scheduler reads them in the CIB. */
  readonly status: ClusterStatus;
  /** What the cluster made for itself, and few want to see: connections into guest nodes. */
  readonly implicit: readonly PrimitiveStatus[];
  readonly nodes: readonly NodeDetail[];
  readonly resources: readonly ResourceDetail[];
  /** In the CIB's order; only nodes that are online. */
  readonly history: readonly NodeHistory[];
  readonly failures: readonly FailedAction[];
  /** Location constraints that keep a resource from a node, or wish it there by a command. */
  readonly locations: readonly LocationNote[];
  readonly tickets: readonly TicketNote[];
  /** Absent for a CIB in a file. */
  readonly live?: LiveStatus;
};

export type ClusterSummary = {
  readonly stack: string;
  readonly clusterName: string | undefined;
  readonly dc: { readonly name: string; readonly id: string } | undefined;
  readonly dcVersion: string | undefined;
  /** Members of different feature sets. */
  readonly mixedVersion: boolean;
  readonly quorate: boolean;
  readonly cibVersion: string;
  /** As <cib> says it: a time as text, who, with what, where. */
  readonly lastChange: {
    readonly written: string | undefined;
    readonly user: string | undefined;
    readonly client: string | undefined;
    readonly origin: string | undefined;
  };
  readonly options: {
    readonly fencingEnabled: boolean;
    readonly fencingAction: string;
    readonly fencingDevices: number;
    readonly symmetric: boolean;
    readonly fencingTimeoutMs: number;
    readonly priorityFencingDelayMs: number;
    readonly noQuorumPolicy: "ignore" | "freeze" | "stop" | "fence" | "demote";
  };
};

export type NodeDetail = {
  readonly name: string;
  readonly id: string;
  /** Sorted by name; without those that the cluster keeps for itself. */
  readonly attributes: readonly NodeAttribute[];
  readonly featureSet: string | undefined;
  /** It leaves, and is told to stop all it runs. */
  readonly shutdown: boolean;
  readonly expectedUp: boolean;
  /** The resource inside which a guest node runs. */
  readonly guestOf: string | undefined;
  /** The node on which it runs. */
  readonly guestOn: string | undefined;
  /** What is active there, in the order in which it was found. */
  readonly running: readonly PrimitiveStatus[];
};

export type NodeAttribute = {
  readonly name: string;
  readonly value: string;
  /** Of a ping resource: what it should be. */
  readonly expected?: number;
};

/** A primitive as it is configured. */
export type ResourceDetail = {
  readonly id: string;
  /** CLASS[:PROVIDER]:TYPE */
  readonly agent: string;
  /** The group, clone or bundle it is in; nearest first. */
  readonly parents: readonly string[];
  readonly targetRole: string | undefined;
  readonly managed: boolean;
  readonly allowMigrate: boolean;
};

export type NodeHistory = {
  readonly node: string;
  readonly resources: readonly ResourceHistory[];
};

export type ResourceHistory = {
  /** As the history names it. */
  readonly id: string;
  /** Without an instance number that means nothing. */
  readonly name: string;
  /** The scheduler makes something of it; false for what has only a history. */
  readonly known: boolean;
  readonly migrationThreshold: number;
  /** 1000000 is infinite. */
  readonly failCount: number;
  /** Seconds since 1970; 0 if there is none. */
  readonly lastFailureS: number;
  /** Oldest first; what is under way comes last. */
  readonly operations: readonly OperationRecord[];
};

export type OperationRecord = {
  readonly key: string;
  readonly action: string;
  readonly intervalMs: number;
  readonly callId: string;
  readonly rc: number;
  /** As op-status counts: -1 pending, 0 done, 2 timed out … */
  readonly opStatus: number;
  readonly exitReason: string;
  readonly lastRcChangeS: number | undefined;
  /** As they stand in the CIB, in ms. */
  readonly execMs: string | undefined;
  readonly queueMs: string | undefined;
};

export type FailedAction = OperationRecord & {
  /** The history names it by its entry alone: `key` is that. */
  readonly byId: boolean;
  /** It has a reason, if only an empty one. */
  readonly hasReason: boolean;
  readonly node: string;
  /** RESOURCE and ACTION of the key, where it can be taken apart; `action` is what the entry itself says. */
  readonly resource: string | undefined;
  readonly keyAction: string | undefined;
};

export type TicketNote = {
  readonly id: string;
  readonly granted: boolean;
  readonly standby: boolean;
  /** Seconds since 1970. */
  readonly lastGrantedS: number | undefined;
};

export type LocationNote = {
  readonly id: string;
  readonly resource: string;
  readonly node: string;
  readonly nodeId: string;
  readonly score: number;
  /** Started, Promoted …; undefined: any. */
  readonly role: string | undefined;
  /** Made by crm_resource --move or --ban. */
  readonly byCommand: boolean;
  /** When it ends by itself, as its rule says. */
  readonly until: string | undefined;
  /** Where it was written down: whose wish it is, and whether it ends when that is fulfilled. */
  readonly mark: { readonly owner: string; readonly isOnce: boolean } | undefined;
};
