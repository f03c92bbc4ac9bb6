/** The alphabet of the connections to remote nodes: what the executor wants done there, and what comes of it. */
import type { AgentCall, AgentEnded } from "../executor/types.ts";

export type RemoteEvent =
  | { readonly kind: "wake" }
  /** An operation of a connection (ocf:pacemaker:remote), or one on the remote node that `call` names. */
  | {
      readonly kind: "run";
      readonly token: number;
      readonly call: AgentCall;
      readonly timeoutMs: number;
    }
  /** Nobody waits for it any more; its end is told all the same. */
  | { readonly kind: "cancel"; readonly token: number }
  /** Those that the cluster has fenced and not connected to since; each time that the CIB has changed. */
  | { readonly kind: "fenced"; readonly nodes: readonly string[] }
  /** TLS with the cluster's key is there. */
  | { readonly kind: "remote-connected"; readonly connection: number }
  | { readonly kind: "remote-bytes"; readonly connection: number; readonly bytes: Uint8Array }
  | RemoteClosed;

export type RemoteClosed = {
  readonly kind: "remote-closed";
  readonly connection: number;
  readonly why: string;
  /** There is no key here, or the other side has another: to try again helps nothing. */
  readonly isKeyWrong: boolean;
};

/** For the shell: connections by number, each number used once. */
export type RemoteEffect =
  | {
      readonly kind: "remote-dial";
      readonly connection: number;
      readonly address: string;
      readonly port: number;
    }
  /** Each part as a TLS record of its own. */
  | {
      readonly kind: "remote-write";
      readonly connection: number;
      readonly parts: readonly Uint8Array[];
    }
  /** Nothing is told of it any more. */
  | { readonly kind: "remote-close"; readonly connection: number }
  | RemoteOutcome;

/** For the other parts of the node. */
export type RemoteOutcome =
  | AgentEnded
  /** What ran or recurred there through this node does so no more; the connection's own monitor is due. */
  | { readonly kind: "remote-gone"; readonly node: string; readonly isLost: boolean }
  /** Somebody there stops pacemaker_remoted: what it runs is to be moved away. */
  | { readonly kind: "remote-leaves"; readonly node: string }
  | {
      readonly kind: "notice";
      readonly level: "info" | "warn" | "error";
      readonly code: string;
      readonly message: string;
      readonly fields: Readonly<Record<string, string | number | boolean>>;
    };
