/** The alphabet of the links between daemons: what goes in, what comes out. */
import type { Keyring } from "../../formats/cluster-packet/keyring.ts";

export type { Keyring };

/** A stream: those that we dial have odd numbers, given by the machine; accepted ones even, given by the shell. */
export type Connection = number;

export type LinkEvent =
  | { readonly kind: "wake" }
  /** The peer is a member from now on, in this incarnation, at these addresses. */
  | {
      readonly kind: "peer-up";
      readonly peer: string;
      readonly incarnation: bigint;
      readonly addresses: readonly string[];
    }
  | {
      readonly kind: "peer-addresses";
      readonly peer: string;
      readonly addresses: readonly string[];
    }
  | { readonly kind: "peer-down"; readonly peer: string }
  /** The member is silent, or its daemon restarts: no wonder that it cannot be reached. False: it is heard again. */
  | { readonly kind: "peer-quiet"; readonly peer: string; readonly quiet: boolean }
  | { readonly kind: "accepted"; readonly connection: Connection; readonly address: string }
  | { readonly kind: "connected"; readonly connection: Connection }
  /** It has ended, or could not be made. Not told of streams that were closed by an effect. */
  | { readonly kind: "closed"; readonly connection: Connection; readonly why: string }
  | { readonly kind: "bytes"; readonly connection: Connection; readonly bytes: Uint8Array }
  | { readonly kind: "send-message"; readonly to: string; readonly bytes: Uint8Array }
  | { readonly kind: "keys-changed"; readonly keyring: Keyring };

export type LinkEffect =
  | { readonly kind: "dial"; readonly connection: Connection; readonly address: string }
  | {
      readonly kind: "write";
      readonly connection: Connection;
      readonly parts: readonly Uint8Array[];
    }
  | { readonly kind: "close"; readonly connection: Connection }
  | { readonly kind: "link-up"; readonly peer: string; readonly incarnation: bigint }
  /** Messages sent over it may be lost. */
  | { readonly kind: "link-down"; readonly peer: string; readonly why: string }
  | { readonly kind: "message"; readonly from: string; readonly bytes: Uint8Array }
  /** There was no link; the message is gone. */
  | { readonly kind: "message-dropped"; readonly to: string; readonly bytes: Uint8Array }
  | LinkNotice;

export type LinkNotice = {
  readonly kind: "notice";
} /** HF3030: somebody who connected does not hold the key, or speaks something else. */ & (
  | {
      readonly level: "warn";
      readonly code: "HF3030";
      readonly fields: {
        readonly why: LinkFault;
        readonly address: string;
        /** Since the last such notice. */
        readonly count: number;
      };
    }
  /** HF3031: a member whose heartbeats arrive cannot be reached by TCP. */
  | {
      readonly level: "warn";
      readonly code: "HF3031";
      readonly fields: { readonly peer: string; readonly address: string; readonly why: string };
    }
);

/** Why a stream's other end is not believed. */
export type LinkFault =
  | "malformed"
  | "other-version"
  | "not-for-us"
  | "unknown-node"
  | "unknown-key"
  | "bad-signature"
  | "unexpected"
  | "other-incarnation"
  | "too-slow"
  | "too-many";

export type LinkOptions = {
  readonly self: { readonly name: string; readonly incarnation: bigint };
  /** All nodes of the cluster, this one among them. */
  readonly nodes: readonly string[];
  readonly keyring: Keyring;
  /** Of the membership: a silence that long is known to it. */
  readonly warntimeMs: number;
};

export type LinkState = {
  readonly peer: string;
  readonly up: boolean;
  /** Of the member; absent while it is none. */
  readonly incarnation?: bigint;
  readonly failedDials: number;
};
