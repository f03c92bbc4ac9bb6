/** Everything that a node wants done. Effects are performed in their order. */
import type { AgentId, CancelAgent, RunAgent } from "../executor/types.ts";
import type { DiskEffect, RunFenceAgent } from "../fencer/types.ts";
import type { LinkEffect } from "../link/types.ts";
import type { MembershipEffect } from "../membership/types.ts";
import type { RemoteEffect } from "../remote/types.ts";
import type { ClientReply } from "./client-requests.ts";
import type { PeerAgentReply, PeerAgentRequest } from "./peer-agents.ts";

export type NodeEffect =
  | Extract<MembershipEffect, { kind: "send-datagram" | "gone" }>
  | Extract<LinkEffect, { kind: "dial" | "write" | "close" }>
  | RemoteStreamEffect
  | RunAgent
  | CancelAgent
  | RunFenceAgent
  | WriteFile
  | RemoveFile
  | DiskEffect
  | FindDisks
  | PeerAgentEffect
  | { readonly kind: "client-reply"; readonly id: number; readonly reply: ClientReply }
  | Notice
  /** Something in `status()` has changed. */
  | { readonly kind: "status-changed" };

/** Streams to pacemaker_remoted, in TLS with the cluster's key. */
export type RemoteStreamEffect = Extract<
  RemoteEffect,
  { kind: "remote-dial" | "remote-write" | "remote-close" }
>;

/**
 * Replaces a file under /var/lib/holdfast as a whole; answered by `file-written` once it is on stable storage.
 * The files: "cib.xml", "cib.lineage", "lost/cib-VERSION.xml", those of kept-transitions.ts.
 */
export type WriteFile = {
  readonly kind: "write-file";
  readonly token: number;
  readonly path: string;
  readonly text: string;
};

/** Of the same directory; after all writes of it that came before. Nobody waits for it. */
export type RemoveFile = { readonly kind: "remove-file"; readonly path: string };

/** Which DRBD resources a resource's agent uses (ResourceAgent.drbdResources); answered by `disks-found`. */
export type FindDisks = {
  readonly kind: "find-disks";
  readonly token: number;
  readonly resource: string;
  readonly agent: AgentId;
  readonly params: Readonly<Record<string, string>>;
};

export type PeerAgentEffect =
  /** Ask the local agent for its answer to a peer; `from` is the asking node. */
  | {
      readonly kind: "answer-peer-agent";
      readonly token: number;
      readonly from: string;
      readonly request: PeerAgentRequest;
    }
  /** `failure`: the node is no member, the link was lost, or no answer came in time. */
  | {
      readonly kind: "peer-agent-reply";
      readonly id: number;
      readonly outcome: { readonly reply: PeerAgentReply } | { readonly failure: string };
    };

/** For the log and the status page. `code` is HFnnnn where a person should look it up (docs/guide/errors.md). */
export type Notice = {
  readonly kind: "notice";
  readonly level: "info" | "warn" | "error";
  readonly code: string;
  /** A sentence. */
  readonly message: string;
  readonly fields: Readonly<Record<string, string | number | boolean>>;
};
