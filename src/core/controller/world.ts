/** What a controller sees of its node, and what it wants done. */
import type { Instant, WallTime } from "../../base/time.ts";
import type { TransitionOutcome } from "../../decision/transition-outcome.ts";
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { Generation } from "../cib/generation.ts";
import type { CibSyncEvent, LineageEntry } from "../cibsync/types.ts";
import type { OperationName, OperationReport, Order } from "../executor/types.ts";
import type { Evidence } from "../fencer/types.ts";
import type { NodeLoad } from "./node-load.ts";
import type { FenceWish } from "./run-effects.ts";
import type { Member, ReadinessTable, Schedule, Standing } from "./types.ts";

/**
 * What the fencer makes of a node that is no member:
 * - asking: its disk servers are being asked; a moment
 * - held: it is silent, but its disk servers answer, or another member hears it: it is not dead
 * - gone: evidence says that it executes nothing (with fencing off, silence counts)
 * - unclean: nothing says so; with fencing it must be fenced
 */
export type Loss = {
  readonly kind: "asking" | "held" | "gone" | "unclean";
  /** For gone: that is more than silence. */
  readonly isProven: boolean;
  readonly why: string;
};

/** Looked at whenever it is needed: everything in it is of this moment. */
export type World = {
  readonly self: string;
  readonly incarnation: bigint;
  /** All configured nodes, sorted. */
  readonly nodes: readonly string[];
  /** Of Holdfast, for the configuration; "" says none. */
  readonly version: string;
  readonly schedule: Schedule;
  readonly joinMs: number;
  /** Operations on one node at a time, where node-action-limit says nothing. */
  readonly nodeActionsMax: number;
  cib(): XmlElement;
  generation(): Generation;
  lineage(): readonly LineageEntry[];
  configurationDigest(): string;
  /** No change of the configuration is under way. */
  isCibSettled(): boolean;
  /** This node among them; what the standings say is the controller's. */
  members(): readonly Omit<Member, "standing">[];
  isSettled(): boolean;
  isLinkUp(peer: string): boolean;
  hasQuorum(joined: number): boolean;
  /** This node has been part of a quorum since its start. */
  hadQuorum(): boolean;
  loss(node: string): Loss;
  /** This node's own operations. */
  history(): readonly OperationReport[];
  readiness(): ReadinessTable;
  evidence(): readonly Evidence[];
  /** The highest number of a transition that this node keeps; 0 for none. */
  lastTransition(): number;
  /** 36 characters that nobody else has. */
  newUuid(): string;
};

/** What the DC sees beyond that. */
export type DcWorld = World & {
  /** As a member has announced it; undefined where it has not. */
  load(node: string): NodeLoad | undefined;
};

export type Now = { readonly now: Instant; readonly wall: WallTime };

/** Since 1970. */
export function seconds({ wall }: Pick<Now, "wall">): number {
  return Math.trunc(wall / 1000);
}

/** What controllers tell each other. */
export type ControllerMessage =
  /** From a DC to a member: join me. */
  | { readonly kind: "offer"; readonly term: number; readonly standing: Standing }
  /** The answer of a member that obeys another DC, or would. */
  | { readonly kind: "refusal"; readonly term: number; readonly standing: Standing }
  | JoinMessage
  /** From the DC to a joiner whose configuration is newer, or who knows the status better. */
  | { readonly kind: "want-cib"; readonly term: number }
  | OwnCibMessage
  | { readonly kind: "order"; readonly term: number; readonly order: Order }
  | {
      readonly kind: "cancel";
      readonly term: number;
      readonly operation: OperationName;
      readonly transitionKey: string;
    }
  | {
      readonly kind: "forget";
      readonly term: number;
      readonly resource: string;
      /** Whose history it is, if it is not the node's own. */
      readonly remoteNode?: string;
    }
  | { readonly kind: "report"; readonly term: number; readonly report: OperationReport }
  | { readonly kind: "readiness"; readonly term: number; readonly readiness: ReadinessTable }
  /** A follower wants to leave: what it runs is to be moved away. */
  | {
      readonly kind: "leave-request";
      readonly term: number;
      /** Not the follower itself but this remote node, which it has a connection to. */
      readonly remoteNode?: string;
    }
  /** Nothing runs there any more: it may leave. */
  | { readonly kind: "leave-granted"; readonly term: number }
  /** From a DC that leaves: this is the last of what it has to say. */
  | { readonly kind: "farewell"; readonly term: number }
  | { readonly kind: "farewell-heard"; readonly term: number };

/** The answer of a member that obeys: all that it knows of itself. */
export type JoinMessage = {
  readonly kind: "join";
  readonly term: number;
  readonly standing: Standing;
  readonly configurationDigest: string;
  /** The last operation of every kind for each resource, those under way, and recurring ones. */
  readonly history: readonly OperationReport[];
  readonly readiness: ReadinessTable;
  readonly evidence: readonly Evidence[];
};

export type OwnCibMessage = {
  readonly kind: "own-cib";
  readonly term: number;
  readonly cib: XmlElement;
  readonly lineage: readonly LineageEntry[];
};

export type ControllerEffect =
  | { readonly kind: "send"; readonly to: string; readonly message: ControllerMessage }
  | { readonly kind: "cib"; readonly event: CibSyncEvent }
  | { readonly kind: "announce"; readonly standing: Standing }
  | { readonly kind: "order-here"; readonly order: Order }
  | {
      readonly kind: "cancel-here";
      readonly operation: OperationName;
      readonly transitionKey: string;
    }
  | { readonly kind: "forget-here"; readonly resource: string; readonly remoteNode?: string }
  | FenceWish
  /** Nothing runs here any more: leave. */
  | { readonly kind: "leave" }
  | { readonly kind: "take-evidence"; readonly evidence: readonly Evidence[] }
  | KeepInput
  | KeepOutcome
  | { readonly kind: "status-changed" }
  | ControllerNotice;

/** What was decided about, for those who ask why later. */
export type KeepInput = {
  readonly kind: "keep-input";
  /** Of the transition; where there was nothing to do, of the last one before. */
  readonly number: number;
  readonly isIdle: boolean;
  readonly cib: XmlElement;
  /** What the scheduler took for now: seconds since 1970. */
  readonly nowS: number;
  readonly reason: string;
};

export type KeepOutcome = { readonly kind: "keep-outcome"; readonly outcome: TransitionOutcome };

export type ControllerNotice = {
  readonly kind: "notice";
  readonly level: "info" | "warn" | "error";
  readonly code: string;
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
};
