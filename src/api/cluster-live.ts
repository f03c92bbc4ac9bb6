/** What only a running daemon knows: membership, disks, guests, fencing, what is being done and why nothing is. */
import type { ClusterNotice } from "./cluster-notice.ts";
import type { DiskResourceStatus } from "./disk-status.ts";

export type LiveStatus = {
  /** The node that answers. */
  readonly node: string;
  readonly version: string;
  readonly startedAtMs: number;
  readonly phase: ClusterPhase;
  readonly dcSinceMs: number | undefined;
  readonly peers: readonly PeerStatus[];
  readonly disks: readonly DiskStatusRow[];
  readonly guests: readonly GuestStatusRow[];
  readonly fencing: FencingStatus;
  readonly transition: TransitionStatus;
  /** Operations under way on this node. */
  readonly operations: readonly RunningOperationRow[];
  /** Why something that should run is not run, with what would change that. */
  readonly blocked: readonly BlockedRow[];
  /** What the configuration files say that is ignored, replaced or surprising: told at the start, kept for status. */
  readonly configRemarks: readonly ConfigRemark[];
  /** The last ones, oldest first. */
  readonly notices: readonly ClusterNotice[];
};

/**
 * - starting: nodes that were not heard yet are waited for
 * - electing: no node decides yet
 * - joining: the deciding node gathers what the members know
 * - settled: it is known who decides, and everybody has joined
 */
export type ClusterPhase = "starting" | "electing" | "joining" | "settled";

export type PeerStatus = {
  readonly name: string;
  readonly standing: "unheard" | "member" | "restarting" | "lost" | "left";
  readonly late: boolean;
  /** Genuine packets of it arrive, member or not. */
  readonly heard: boolean;
  readonly silentForMs: number | undefined;
  readonly addresses: readonly string[];
  readonly linkUp: boolean;
  /** Media over which it is heard, and over which it is not. */
  readonly paths: readonly { readonly path: string; readonly up: boolean }[];
};

export type DiskStatusRow = {
  readonly drbdResource: string;
  /** Absent while no disk server of it runs here. */
  readonly status?: DiskResourceStatus;
};

export type GuestStatusRow = {
  readonly resource: string;
  readonly drbdResources: readonly string[];
  /** Per node, sorted by name: whether its disks would let it start there. */
  readonly readiness: readonly {
    readonly node: string;
    readonly ready: boolean;
    /** Why not; empty when ready. */
    readonly reason: string;
  }[];
};

export type FencingStatus = {
  readonly enabled: boolean;
  readonly devices: readonly string[];
  readonly history: readonly FencingRow[];
  readonly evidence: readonly EvidenceRow[];
};

export type FencingRow = {
  readonly target: string;
  readonly action: "off" | "on" | "reboot";
  /** "cluster", or a person's name. */
  readonly origin: string;
  readonly state: "waiting" | "running" | "done" | "failed" | "refused";
  readonly device: string | undefined;
  readonly beganMs: number;
  readonly endedMs: number | undefined;
  readonly why: string | undefined;
};

/** How something is known about a node that is not there. */
export type EvidenceRow = {
  readonly kind: string;
  readonly about: string;
  readonly drbdResource: string | undefined;
  readonly by: string | undefined;
  readonly sinceMs: number;
};

export type TransitionStatus = {
  /** Undefined on a node that does not decide. */
  readonly number: number | undefined;
  readonly running: boolean;
  /** Why it was made. */
  readonly cause: string;
  /** What it changes, a line each. */
  readonly summary: readonly string[];
  readonly actionsDone: number;
  readonly actionsTotal: number;
};

export type RunningOperationRow = {
  readonly resource: string;
  readonly action: string;
  readonly intervalMs: number;
  readonly sinceMs: number;
};

export type BlockedRow = {
  /** A resource or node; empty where it is about the cluster as a whole. */
  readonly about: string;
  /** HFnnnn, where docs/guide/errors.md has an entry: then it is not repeated in `reason`. */
  readonly code?: string;
  /** A sentence. */
  readonly reason: string;
  /** The command that changes it; empty where there is none. */
  readonly remedy: string;
};

export type ConfigRemark = {
  readonly severity: "warning" | "notice";
  readonly code: string;
  /** "/etc/ha.d/ha.cf:6:1" */
  readonly place: string;
  readonly message: string;
  readonly remedy: string;
};
