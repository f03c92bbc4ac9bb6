/**
 * Everything that can happen to a DRBD resource. I/O requests are events as they are (io.ts).
 *
 * Contract of the shell:
 * - A connection id names one TCP connection. The machine numbers those it asks for (even), the shell those it accepts
 *   (odd, counting up, never used twice). After `closed`, or after the machine's own `close`, no event of it comes.
 * - Each storage effect is answered by exactly one `disk-done` with its token, in any order.
 */

import type { MetaPlacement } from "../../formats/drbd/metadata-layout.ts";
import type { Packet } from "../../formats/drbd/packet.ts";
import type { PacketError } from "../../formats/drbd/packet-reader.ts";
import type { IoRequest } from "./io.ts";
import type { DiskSettings, NetSettings } from "./settings.ts";

export type DrbdEvent =
  | IoRequest
  | DiskDone
  | NetworkEvent
  | AdminEvent
  | PeerLost
  | FenceVerdict
  | HandlerAnswer
  | DeviceUse
  | { readonly kind: "wake" };

/** A storage effect has ended: well, or with an error code as the operating system names it (EIO, ENOSPC …). */
export type DiskDone = {
  readonly kind: "disk-done";
  readonly token: number;
  readonly error?: string;
  /** What disk-read read: exactly the length asked for. */
  readonly bytes?: Uint8Array;
  /** What disk-size found. */
  readonly sizes?: { readonly dataBytes: number; readonly metaBytes: number };
  /** What disk-allocation found, in order and without gaps. */
  readonly extents?: readonly AllocationExtent[];
};

export type AllocationExtent = {
  readonly offset: number;
  readonly length: number;
  readonly hole: boolean;
};

export type NetworkEvent =
  /** Someone connected to the address that `listen` named. */
  | { readonly kind: "accepted"; readonly connection: number }
  | { readonly kind: "connected"; readonly connection: number }
  | { readonly kind: "connect-failed"; readonly connection: number; readonly reason: string }
  | { readonly kind: "closed"; readonly connection: number; readonly reason: string }
  | { readonly kind: "packet"; readonly connection: number; readonly packet: Packet }
  /** What came can't be read: the reader's error. No more packets come from this connection. */
  | { readonly kind: "packet-error"; readonly connection: number; readonly error: PacketError }
  /** A `send` with `notify` is, with all before it, in the hands of the operating system. */
  | { readonly kind: "sent"; readonly connection: number };

/** Something was asked for by a person or by the cluster; `id` comes back in exactly one `admin-reply`. */
export type AdminEvent = {
  readonly kind: "admin";
  readonly id: number;
  readonly command: AdminCommand;
};

export type AdminCommand =
  /** The backing device is open: read its metadata and use it. */
  | {
      readonly name: "attach";
      readonly volume: number;
      readonly dataBytes: number;
      /** Size of the device that holds the metadata; the same as `dataBytes` when it is internal. */
      readonly metaBytes: number;
      readonly placement: MetaPlacement;
    }
  /** `force`: don't ask the peer, don't wait for I/O under way. */
  | { readonly name: "detach"; readonly volume: number; readonly force?: boolean }
  | { readonly name: "connect"; readonly discardMyData?: boolean; readonly tentative?: boolean }
  | { readonly name: "disconnect"; readonly force?: boolean }
  /** `force` is also 8.3's --overwrite-data-of-peer. */
  | { readonly name: "primary"; readonly force?: boolean }
  | { readonly name: "secondary" }
  | { readonly name: "invalidate"; readonly volume: number }
  | { readonly name: "invalidate-remote"; readonly volume: number }
  | { readonly name: "outdate"; readonly volume: number }
  /** Online verify: compares the two copies. Without a start it goes on where an interrupted one ended; the stop is not included. */
  | {
      readonly name: "verify";
      readonly volume: number;
      readonly startSector?: number;
      readonly stopSector?: number;
    }
  | { readonly name: "pause-sync"; readonly volume: number }
  | { readonly name: "resume-sync"; readonly volume: number }
  /**
   * The devices have grown: uses what both nodes have. `userSectors`: 0 for all. `assumeClean`: what is new counts as equal
   * on both. `assumePeerHasSpace`: not connected, the peer's device is taken for as large as this one.
   */
  | {
      readonly name: "resize";
      readonly volume: number;
      readonly userSectors: number;
      readonly assumeClean: boolean;
      readonly assumePeerHasSpace: boolean;
    }
  /** resync-after: another volume syncs, or does so no more. */
  | { readonly name: "resync-order"; readonly volume: number; readonly waits: boolean }
  | { readonly name: "suspend-io" }
  | { readonly name: "resume-io" }
  | {
      readonly name: "new-current-uuid";
      readonly volume: number;
      readonly clearBitmap?: boolean;
    }
  | { readonly name: "net-options"; readonly change: Partial<NetSettings> }
  | {
      readonly name: "disk-options";
      readonly volume: number;
      readonly change: Partial<DiskSettings>;
    }
  /**
   * Opens or closes the window of a migration, during which both nodes may be Primary. To be given on both nodes.
   * Closing is refused while both are.
   */
  | { readonly name: "two-primaries-window"; readonly open: boolean };

/**
 * Membership has declared the peer dead. Only a hint: the connection is tried with a P_PING at once and dropped if no
 * answer comes within ping-timeout.
 */
export type PeerLost = { readonly kind: "peer-lost" };

/** The answer to a `fence-peer` effect: DRBD's exit codes of the handler, 3 to 7; others decide nothing. */
export type FenceVerdict = {
  readonly kind: "fence-verdict";
  /** The number of the effect that it answers. */
  readonly request: number;
  readonly exitCode: number;
};

/** The exit code of a handler that an `ask-handler` effect has asked for. */
export type HandlerAnswer = {
  readonly kind: "handler-answer";
  /** The number of the effect that it answers. */
  readonly request: number;
  readonly exitCode: number;
};

/** Someone opened or released a volume for use: demotion is refused while it is held open. */
export type DeviceUse = {
  readonly kind: "device-opened" | "device-released";
  readonly volume: number;
};
