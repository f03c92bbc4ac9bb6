/** What the controller needs of the scheduler, and what controllers tell each other. */
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { Generation } from "../cib/generation.ts";
import type { NodeLoad } from "./node-load.ts";

/** A DC as others know it: the name alone would also name its predecessor before a restart. */
export type DcId = {
  readonly name: string;
  /** Of its daemon's start. */
  readonly incarnation: bigint;
  /** Counts up with every DC. */
  readonly term: number;
};

/** What a node says of itself in each heartbeat. */
export type Standing = {
  /** Counts up with each change: what comes late by another way does not count. */
  readonly count: number;
  readonly generation: Generation;
  /** It has taken part in a cluster since its start: it knows the status, and has met others. */
  readonly seasoned: boolean;
  /** It has met every node or waited for them long enough (initdead): it may become DC. */
  readonly settled: boolean;
  /** Whom it obeys; itself, when it is the DC. */
  readonly obeys: DcId | undefined;
  /** Whom it has as members, itself among them; sorted. */
  readonly members: readonly string[];
  /** Undefined before its shell has measured it. */
  readonly load: NodeLoad | undefined;
};

/** A member as this node knows it; this node is one, too. */
export type Member = {
  readonly name: string;
  readonly incarnation: bigint;
  /** Undefined before it has said anything of itself. */
  readonly standing: Standing | undefined;
};

/** Whether a resource's replicated disks allow it to be started on a node. */
export type Readiness = {
  readonly ready: boolean;
  /** Why not; empty when ready. */
  readonly reason: string;
  readonly drbdResources: readonly string[];
};

/** By resource; sorted. A resource that is missing there is not known yet, and not ready. */
export type ReadinessTable = Readonly<Record<string, Readiness>>;

/** The scheduler as the controller uses it: a pure function that may throw on a bug of ours. */
export type Schedule = (input: ScheduleInput) => Scheduled;

export type ScheduleInput = {
  readonly cib: XmlElement;
  /** Seconds since 1970. */
  readonly nowS: number;
};

export type Scheduled = {
  readonly graph: TransitionGraph;
  readonly changes: readonly PlannedChange[];
  /** Why nothing is done where something should be. */
  readonly blocked: readonly BlockedReason[];
  /** Why everything is as it is, as the scheduler says it; passed on to those who explain. */
  readonly reasons: unknown;
};

/** A node or resource that does not stay as it is (src/decision/transition.ts). */
export type PlannedChange = {
  /** start, stop, move, migrate, recover, restart, fence, shutdown … */
  readonly change: string;
  /** The resource, or the node. */
  readonly what: string;
  readonly from: string | undefined;
  readonly to: string | undefined;
  readonly reason: string | undefined;
  /** It should be done but cannot. */
  readonly blocked: boolean;
};

export type BlockedReason = { readonly about: string; readonly reason: string };

/** The parts of the scheduler's transition that running it needs (core/scheduler/graph/transition-graph.ts). */
export type TransitionGraph = {
  readonly clusterDelay: string;
  readonly batchLimit: string;
  readonly migrationLimit: string | undefined;
  /** Seconds since 1970. */
  readonly recheckBy: number | undefined;
  readonly synapses: readonly Synapse[];
};

export type Synapse = {
  readonly id: number;
  readonly priority: number;
  readonly action: GraphAction;
  readonly inputs: readonly { readonly id: number }[];
};

export type GraphAction = {
  readonly id: number;
  readonly kind: "resource" | "pseudo" | "cluster";
  readonly operation: string;
  readonly key: string;
  readonly node: { readonly id: string; readonly name: string } | undefined;
  /** The cluster node that is told, where `node` is a remote node or a guest. */
  readonly routerNode: string | undefined;
  /** "cib": only the status section changes. */
  readonly mode: "cib" | undefined;
  /** When the shutdown lock of the resource began (seconds since 1970). */
  readonly shutdownLock: number | undefined;
  readonly resource:
    | {
        readonly id: string;
        readonly longId: string | undefined;
        readonly agentClass: string | undefined;
        readonly provider: string | undefined;
        readonly type: string | undefined;
      }
    | undefined;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly downed: readonly string[];
  /** Remote nodes that are now in maintenance, or are so no more. */
  readonly maintenance: readonly { readonly nodeId: string; readonly on: boolean }[];
};
