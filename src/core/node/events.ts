/**
 * Everything that can happen to a node.
 *
 * Contract of the shell:
 * - Each effect with a token is answered by exactly one event with that token, in any order.
 * - `now` never runs backwards; `wake` comes at the latest at `nextDeadline()`.
 * - Streams are numbered as the links have it (core/link/types.ts): the node's own odd, accepted ones even.
 */
import type { HostLoad } from "../controller/node-load.ts";
import type { AgentEnded } from "../executor/types.ts";
import type { DiskEvent, FenceAgentEnded } from "../fencer/types.ts";
import type { LinkEvent } from "../link/types.ts";
import type { MembershipEvent } from "../membership/types.ts";
import type { RemoteEvent } from "../remote/types.ts";
import type { ClientRequest } from "./client-requests.ts";
import type { PeerAgentReply, PeerAgentRequest } from "./peer-agents.ts";

export type NodeEvent =
  | { readonly kind: "wake" }
  | Extract<MembershipEvent, { kind: "datagram" | "own-addresses" | "keys-changed" }>
  | Extract<LinkEvent, { kind: "accepted" | "connected" | "closed" | "bytes" }>
  | RemoteStreamEvent
  | AgentEnded
  | FenceAgentEnded
  | DiskEvent
  | DisksFound
  | PeerAgentEvent
  /** What the host's processors have to do, measured from time to time. */
  | { readonly kind: "load"; readonly load: HostLoad }
  | { readonly kind: "file-written"; readonly token: number; readonly error?: string }
  /** `id` is the shell's own number, unique among the unanswered. */
  | { readonly kind: "client-request"; readonly id: number; readonly request: ClientRequest };

/** Of a stream that `remote-dial` asked for. */
export type RemoteStreamEvent = Extract<
  RemoteEvent,
  { kind: "remote-connected" | "remote-bytes" | "remote-closed" }
>;

/** What comes of the look-up of a resource's disks. */
export type DisksFound = {
  readonly kind: "disks-found";
  readonly token: number;
  readonly drbdResources: readonly string[];
};

export type PeerAgentEvent =
  /** An agent here asks its like on another node; answered by `peer-agent-reply` with the shell's own `id`. */
  | {
      readonly kind: "peer-agent-request";
      readonly id: number;
      readonly to: string;
      readonly request: PeerAgentRequest;
      readonly timeoutMs: number;
    }
  /** The answer to `answer-peer-agent`. */
  | { readonly kind: "peer-agent-answer"; readonly token: number; readonly reply: PeerAgentReply };
