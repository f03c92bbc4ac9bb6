/**
 * Everything that a DRBD resource wants done.
 *
 * Contract of the shell: effects are performed in their order; storage effects are only started in order and may end
 * in any; the machine never has two writes under way that overlap. Bytes to write and to send are not changed
 * by the machine until the effect has ended (a send: for ever).
 */
import type { IoRead, IoReply } from "./io.ts";
import type { Past } from "./roles/past.ts";
import type { SocketAddress } from "./settings.ts";

export type DrbdEffect =
  | StorageEffect
  | NetworkEffect
  | IoReply
  | IoRead
  | AdminReply
  | Notice
  | FencePeer
  | RunHandler
  | MetadataPlaced
  | AskHandler
  | PastChanged
  | CloseBackingDevice
  | StatusChanged;

/**
 * `device`: the data device, or the one that holds the metadata (with internal metadata the same device; offsets are
 * absolute on it either way). A write with `durable` ends when it is on stable storage.
 */
export type StorageEffect =
  | {
      readonly kind: "disk-read";
      readonly token: number;
      readonly volume: number;
      readonly device: "data" | "meta";
      readonly offset: number;
      readonly length: number;
      /** The bytes are sent to the peer, at most once, and not looked at after that: their memory may be used again. */
      readonly forPeer?: true;
    }
  | {
      readonly kind: "disk-write";
      readonly token: number;
      readonly volume: number;
      readonly device: "data" | "meta";
      readonly offset: number;
      readonly bytes: Uint8Array;
      readonly durable: boolean;
    }
  /** All writes that have ended are to be on stable storage. */
  | {
      readonly kind: "disk-flush";
      readonly token: number;
      readonly volume: number;
      readonly device: "data" | "meta";
    }
  /** The range is to read as zeros; `mayUnmap`: its space is better given back than kept. */
  | {
      readonly kind: "disk-zero";
      readonly token: number;
      readonly volume: number;
      readonly device: "data";
      readonly offset: number;
      readonly length: number;
      readonly mayUnmap: boolean;
      readonly durable: boolean;
    }
  /** Which parts of the range are holes, which read as zeros. Where the disk can't tell, nothing is a hole. */
  | {
      readonly kind: "disk-allocation";
      readonly token: number;
      readonly volume: number;
      readonly device: "data";
      readonly offset: number;
      readonly length: number;
    }
  /** How large the devices are at this moment: what they have grown by may be used from then on. */
  | { readonly kind: "disk-size"; readonly token: number; readonly volume: number };

export type NetworkEffect =
  | { readonly kind: "listen"; readonly local: SocketAddress }
  | { readonly kind: "stop-listening" }
  /** From the local address, any port. Answered by `connected` or `connect-failed`. */
  | {
      readonly kind: "connect";
      readonly connection: number;
      readonly local: SocketAddress;
      readonly remote: SocketAddress;
      readonly timeoutMs: number;
    }
  /** The parts one after the other, after everything sent before. `notify`: tell by `sent` (events.ts). */
  | {
      readonly kind: "send";
      readonly connection: number;
      readonly parts: readonly Uint8Array[];
      readonly notify?: boolean;
    }
  /** What was sent before still goes out, as far as it goes without waiting. */
  | { readonly kind: "close"; readonly connection: number };

export type AdminReply = {
  readonly kind: "admin-reply";
  readonly id: number;
  /** `code`: DRBD's number of a refused state change (-1 …), or 0 for a refusal that has none. */
  readonly result:
    | { readonly ok: true }
    | { readonly ok: false; readonly code: number; readonly message: string };
};

/** For the log. `message` is worded as DRBD's own, where DRBD says the same; `fields` has its names and numbers. */
export type Notice = {
  readonly kind: "notice";
  readonly level: "info" | "warn" | "error";
  /** Names the notice for programs; never reworded. */
  readonly code: string;
  readonly message: string;
  readonly volume?: number;
  readonly fields?: Readonly<Record<string, string | number | boolean>>;
};

/** Make sure that the peer can't be or become Primary, then answer with a `fence-verdict` of the same number. */
export type FencePeer = {
  readonly kind: "fence-peer";
  readonly request: number;
  readonly resource: string;
  readonly reason: "peer-lost" | "promotion";
  /** I/O is frozen until the verdict. */
  readonly frozen: boolean;
};

/** A handler of drbd.conf is to be called; nothing waits for its end. */
export type RunHandler = {
  readonly kind: "handler";
  readonly name:
    | "unfence-peer"
    | "after-resync-target"
    | "out-of-sync"
    | "initial-split-brain"
    | "split-brain"
    | "pri-lost"
    | "pri-lost-after-sb"
    | "pri-on-incon-degr"
    | "local-io-error";
  readonly volume?: number;
};

/**
 * Internal metadata are at the end of a device of this size. To be remembered: should it grow while nobody looks, this is
 * how they are found.
 */
export type MetadataPlaced = {
  readonly kind: "metadata-placed";
  readonly volume: number;
  readonly deviceBytes: number;
  readonly deviceUuid: bigint;
};

/**
 * A handler of drbd.conf has a say; to be answered by `handler-answer` of the same number, with 0 at once where there is
 * no such handler. Until then no packet of `connection` is brought to the machine.
 */
export type AskHandler = {
  readonly kind: "ask-handler";
  readonly request: number;
  readonly name: "before-resync-target" | "before-resync-source";
  readonly volume: number;
  readonly connection: number;
};

/** To be given to the machine at its next start, with the time that has passed since; no more than people are told. */
export type PastChanged = { readonly kind: "past-changed"; readonly past: Past };

/** The volume is Diskless: nothing more is asked of its backing device, which may be closed. */
export type CloseBackingDevice = { readonly kind: "close-backing-device"; readonly volume: number };

/** Something in `status()` other than a counter has changed: roles, states, sizes, suspension. */
export type StatusChanged = { readonly kind: "status-changed" };
