/**
 * The alphabet of an NBD session. `NbdIo` has the shape of the replication machine's requests, so that the shell
 * hands it on as it is; `id` is the session's own number, unique among its unanswered requests.
 */

export type NbdIo =
  | {
      readonly kind: "read";
      readonly id: number;
      readonly volume: number;
      readonly offset: number;
      readonly length: number;
    }
  | {
      readonly kind: "write";
      readonly id: number;
      readonly volume: number;
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly fua: boolean;
    }
  | { readonly kind: "flush"; readonly id: number; readonly volume: number }
  | {
      readonly kind: "discard" | "write-zeroes";
      readonly id: number;
      readonly volume: number;
      readonly offset: number;
      readonly length: number;
      readonly mayUnmap: boolean;
      readonly fua: boolean;
    };

/** Why a request failed; the names are the replication machine's. */
export type NbdIoError = "invalid" | "not-primary" | "no-data" | "io-error" | "no-space";

export type ExportDetails = {
  /** The name under which the server lists it. */
  readonly name: string;
  readonly volume: number;
  readonly sizeBytes: number;
  /** For people. */
  readonly description: string;
};

export type NbdEvent =
  /** So many bytes of the client were put at the beginning of receiveInto(). */
  | { readonly kind: "received"; readonly lengthBytes: number }
  /** Answers to `ask-export` and `list-exports`, exactly one each. */
  | { readonly kind: "export"; readonly details: ExportDetails }
  | {
      readonly kind: "export-refused";
      readonly reason: "unknown" | "refused";
      readonly message: string;
    }
  | { readonly kind: "exports"; readonly names: readonly string[] }
  | NbdIoReply
  /** `extents` cover the range from its beginning, in order; absent when nothing is known. */
  | {
      readonly kind: "allocation-reply";
      readonly id: number;
      readonly extents?: readonly NbdExtent[];
    }
  /** The client is to go: nothing more of it is looked at, and the connection ends when all is answered. */
  | { readonly kind: "dismiss" }
  /** The connection is gone. What the client asked for and was not begun yet is not begun any more. */
  | { readonly kind: "gone" };

export type NbdIoReply = {
  readonly kind: "io-reply";
  readonly id: number;
  readonly error?: NbdIoError;
  /** The data of a read that succeeded. */
  readonly bytes?: Uint8Array;
  /** The same data with readHeadBytes() bytes of room before it, so that head and data leave as one. */
  readonly framed?: Uint8Array;
};

export type NbdExtent = { readonly lengthBytes: number; readonly hole: boolean };

export type NbdEffect =
  /** In order, after everything sent before. The bytes are not changed afterwards. */
  | { readonly kind: "send"; readonly parts: readonly Uint8Array[] }
  /** `open`: the client uses the export until the connection ends. `describe`: it only wants to know. */
  | { readonly kind: "ask-export"; readonly name: string; readonly purpose: "open" | "describe" }
  | { readonly kind: "list-exports" }
  | { readonly kind: "io"; readonly request: NbdIo }
  | {
      readonly kind: "allocation";
      readonly id: number;
      readonly volume: number;
      readonly offset: number;
      readonly length: number;
    }
  /** Stop or go on giving the client's bytes: too much of its work is unfinished, or no longer. */
  | { readonly kind: "reading"; readonly wanted: boolean }
  /** The connection is over once everything sent has left. `reason` only when the client broke the protocol. */
  | { readonly kind: "end"; readonly reason?: string };
