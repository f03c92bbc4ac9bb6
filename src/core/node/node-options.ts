/** What a node needs at its start. The shell reads it from its files. */
import type { XmlElement } from "../../formats/xml/xml-element.ts";
import type { Schedule } from "../controller/types.ts";
import type { MembershipOptions } from "../membership/types.ts";

export type NodeOptions = {
  /** Of which the members, the timings and the keys are the cluster's. */
  readonly membership: MembershipOptions;
  /** What stands in /var/lib/holdfast; a new node has neither. The status section of the CIB is not looked at. */
  readonly stored: {
    readonly cib?: XmlElement;
    readonly lineage?: string;
    readonly transitions?: readonly KeptFile[];
  };
  /** core/scheduler's; given here so that tests can give another. */
  readonly schedule: Schedule;
  /** Of Holdfast: the DC writes it into the configuration as dc-version. */
  readonly version?: string;
  readonly limits?: Partial<NodeLimits>;
};

/** In /var/lib/holdfast/transitions. */
export type KeptFile = { readonly name: string; readonly bytes: number };

/** Times and sizes with names; the defaults are for two servers on one LAN. */
export type NodeLimits = {
  /** A member that has not joined within this time is left as it is, and the others go on. */
  readonly joinMs: number;
  /** How long disk servers are given to say whether a lost peer's still answer; above DRBD's ping-timeout. */
  readonly diskAnswerMs: number;
  /** Without a witness the second to fence waits so long; who runs what is more important goes first (priority-fencing-delay). */
  readonly secondFencerDelayMs: number;
  /** A node whose own copies are not all whole gives the other so long to fence first. */
  readonly partialCopyDelayMs: number;
  /** Operations on one node at a time, where node-action-limit says nothing. */
  readonly nodeActionsMax: number;
  /** Transitions of which the scheduler's input and the outcome are kept, and how much of it all. */
  readonly inputsKept: number;
  readonly inputBytesKept: number;
};

export const defaultNodeLimits: NodeLimits = {
  joinMs: 10_000,
  diskAnswerMs: 2000,
  secondFencerDelayMs: 1500,
  partialCopyDelayMs: 10_000,
  nodeActionsMax: 8,
  inputsKept: 500,
  inputBytesKept: 64 * 1024 * 1024,
};
