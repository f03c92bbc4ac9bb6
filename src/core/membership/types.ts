/** The alphabet of the membership machine: what goes in, what comes out, what it knows. */
import type { Instant } from "../../base/time.ts";
import type { Announcement, Intent } from "../../formats/cluster-packet/heartbeat.ts";
import type { Keyring } from "../../formats/cluster-packet/keyring.ts";

export type { Announcement, Intent, Keyring };

/** More nodes than this are no two or three servers, and their heartbeats would not fit into a packet. */
export const clusterNodesMax = 8;

/** All in milliseconds; the names are ha.cf's. */
export type MembershipTimings = {
  /** A heartbeat is sent this often. */
  readonly keepaliveMs: number;
  /** A member silent for so long is late. */
  readonly warntimeMs: number;
  /** A member silent for so long is lost. */
  readonly deadtimeMs: number;
  /** How long a node that was never heard is waited for after the start. */
  readonly initdeadMs: number;
  /** A peer that announced a restart is waited for at most so long, whatever it asked for. */
  readonly restartHoldMsMax: number;
};

export type MembershipOptions = {
  readonly self: {
    readonly name: string;
    /** Of this installation; the same for its life (/var/lib/holdfast/node-uuid). */
    readonly uuid: string;
    /** Of this boot of the host: another one when the host was started again. */
    readonly bootId: bigint;
  };
  /** All nodes of the cluster, this one among them. */
  readonly nodes: readonly string[];
  readonly timings: MembershipTimings;
  readonly keyring: Keyring;
};

export type MembershipEvent =
  | { readonly kind: "wake" }
  /** A datagram came in. `path` is the medium's name ("eth0"); `address` is the sender's. */
  | {
      readonly kind: "datagram";
      readonly path: string;
      readonly address: string;
      readonly bytes: Uint8Array;
    }
  /** Where this node is to be found, by IPv4, the best first; at most four are told. */
  | { readonly kind: "own-addresses"; readonly addresses: readonly string[] }
  /** What the controller wants the others to know from now on. */
  | { readonly kind: "announce"; readonly announcement: Announcement }
  /** Say that this node leaves; its resources are stopped. `gone` is the answer. */
  | { readonly kind: "leave" }
  /** Say that this daemon restarts and that its resources go on. `gone` is the answer. */
  | { readonly kind: "announce-restart"; readonly holdMs: number }
  | { readonly kind: "keys-changed"; readonly keyring: Keyring };

/** Why a member is no member any more. */
export type LossReason =
  /** Nothing genuine was heard from it for deadtime. */
  | "silent"
  /** It is heard, but confirms nothing that was sent to it lately: packets reach us late, or ours never reach it. */
  | "no-answer"
  /** It says that it does not hear this node: our packets do not arrive. */
  | "does-not-hear-us"
  /** It says that it had declared this node lost: this node, or its network, was away for longer than deadtime. */
  | "declared-us-lost"
  /** It was not heard, or did not hear us, within initdead of our start. */
  | "never-heard"
  /** It announced a restart and did not come back in time. */
  | "hold-expired";

export type PeerPath = { readonly path: string; readonly up: boolean };

export type MembershipEffect =
  /** To be sent on every configured medium. */
  | { readonly kind: "send-datagram"; readonly bytes: Uint8Array }
  | {
      readonly kind: "member-joined";
      readonly peer: string;
      readonly incarnation: bigint;
      /** How many times these two incarnations have lost each other before; the same number on both sides. */
      readonly episode: number;
      readonly uuid: string;
      readonly addresses: readonly string[];
      readonly announcement: Announcement;
    }
  /** Its daemon was started again within deadtime; `rebooted`: its host, too, so nothing that ran there runs on. */
  | {
      readonly kind: "peer-restarted";
      readonly peer: string;
      readonly incarnation: bigint;
      readonly previous: bigint;
      readonly rebooted: boolean;
      readonly addresses: readonly string[];
      readonly announcement: Announcement;
    }
  | { readonly kind: "peer-left"; readonly peer: string; readonly incarnation: bigint }
  | {
      readonly kind: "peer-late";
      readonly peer: string;
      readonly incarnation: bigint;
      readonly silentForMs: number;
    }
  | {
      readonly kind: "peer-lost";
      readonly peer: string;
      /** Absent when it was never a member since our start. */
      readonly incarnation?: bigint;
      readonly why: LossReason;
      readonly silentForMs: number;
      /** Members that go on hearing it: then it is a cut, not a death. */
      readonly heardBy: readonly string[];
    }
  | {
      readonly kind: "peer-announced";
      readonly peer: string;
      readonly announcement: Announcement;
    }
  /** The addresses at which a member is to be found have changed. */
  | {
      readonly kind: "peer-addresses";
      readonly peer: string;
      readonly addresses: readonly string[];
    }
  | { readonly kind: "quorum-changed"; readonly quorate: boolean; readonly settled: boolean }
  /** Another node with this node's name is alive: this one must not act. */
  | {
      readonly kind: "twin-found";
      readonly uuid: string;
      readonly address: string;
    }
  /** The others know that we leave or restart, or cannot be told: the daemon may end. Nothing comes after it. */
  | { readonly kind: "gone"; readonly intent: Intent; readonly knownBy: readonly string[] }
  | MembershipNotice;

/** Why a datagram did not count. */
export type Refusal =
  | "foreign"
  | "heartbeat-2"
  | "bad-signature"
  | "unknown-key"
  | "other-version"
  | "malformed"
  | "unknown-node"
  | "old-incarnation"
  | "unconfirmed"
  | "out-of-sequence"
  | "impossible-answer"
  | "duplicate-name"
  | "own-name"
  | "twin";

export type MembershipNotice = {
  readonly kind: "notice";
  readonly level: "info" | "warn" | "error";
} & (
  | { readonly code: "path-up"; readonly fields: { readonly peer: string; readonly path: string } }
  | {
      readonly code: "path-down";
      readonly fields: { readonly peer: string; readonly path: string };
    }
  /** A late member is heard again: how long it had been silent. */
  | {
      readonly code: "late-heartbeat";
      readonly fields: { readonly peer: string; readonly silentForMs: number };
    }
  /** This node's own event loop stood still; nobody is declared lost before what is queued was read. */
  | { readonly code: "own-pause"; readonly fields: { readonly pausedForMs: number } }
  | {
      readonly code: "peer-restarting";
      readonly fields: { readonly peer: string; readonly holdMs: number };
    }
  | {
      readonly code: "peer-uuid-changed";
      readonly fields: { readonly peer: string; readonly from: string; readonly to: string };
    }
  /** A peer has this node's own uuid: /var/lib/holdfast was copied from one host to the other. */
  | { readonly code: "shared-uuid"; readonly fields: { readonly peer: string } }
  | { readonly code: RefusalCode; readonly fields: RefusalFields }
);

/** One code for each refusal that a person should hear of (docs/guide/errors.md). */
export type RefusalCode =
  | "HF3010"
  | "HF3011"
  | "HF3012"
  | "HF3013"
  | "HF3014"
  | "HF3015"
  | "HF3016"
  | "HF3017"
  | "HF3018"
  | "HF3019"
  | "HF3020";

export type RefusalFields = {
  readonly reason: Refusal;
  /** How many since the last notice of this kind, this one included. */
  readonly count: number;
  readonly address: string;
  readonly path: string;
  /** What the packet calls its sender; proven only if the signature was right. */
  readonly sender?: string;
  readonly version?: number;
  readonly key?: number;
};

/**
 * - unheard: since our start no member, and not waited for long enough to call it lost
 * - member: hears us and we hear it
 * - restarting: it said so and is waited for; counts as a member
 * - lost: see LossReason. left: it said so, orderly.
 */
export type Standing = "unheard" | "member" | "restarting" | "lost" | "left";

export type PeerState = {
  readonly name: string;
  readonly standing: Standing;
  /** Whether genuine packets of it arrive now, member or not. */
  readonly heard: boolean;
  readonly late: boolean;
  /** How many times its present incarnation and we have lost each other. */
  readonly episode: number;
  readonly incarnation?: bigint;
  readonly uuid?: string;
  /** Since its last genuine packet; absent when there was none since our start. */
  readonly silentForMs?: number;
  readonly announcement: Announcement;
  /** As it says itself. */
  readonly addresses: readonly string[];
  readonly paths: readonly PeerPath[];
};

export type MembershipState = {
  readonly self: string;
  readonly incarnation: bigint;
  readonly startedAt: Instant;
  /** Every node was met, or waited for as long as initdead. */
  readonly settled: boolean;
  readonly quorate: boolean;
  /** Names of this node and all members, sorted. */
  readonly members: readonly string[];
  readonly peers: readonly PeerState[];
  readonly refused: Readonly<Record<Refusal, number>>;
};
