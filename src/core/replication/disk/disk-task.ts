/** What a storage effect is for: what to do when it has ended. */

import type { MetaJob } from "../metadata/meta-lane.ts";
import type { PeerEpochs } from "../peer/peer-epochs.ts";
import type { RangeLock } from "../requests/range-locks.ts";
import type { Resizing } from "../size/resizing.ts";
import type {
  AppFlush,
  AppRequest,
  LockOwner,
  PeerWrite,
  ResyncRead,
  ResyncRequest,
  ResyncWrite,
  VerifyCompare,
  Volume,
} from "../volume.ts";
import type { Attachment } from "./attachment.ts";

export type DiskTask =
  | AppRequest
  | AppFlush
  | PeerWrite
  /** A flush for closed epochs. `epochs` tells whether they are still those of this connection. */
  | { readonly kind: "peer-flush"; readonly volume: Volume; readonly epochs: PeerEpochs }
  /** A block for the peer's user. */
  | {
      readonly kind: "read-for-peer";
      readonly session: number;
      readonly volume: Volume;
      readonly sector: number;
      readonly id: bigint;
      readonly sizeBytes: number;
    }
  /** A block for the peer's resync; `probe`: first whether there is anything in it. */
  | {
      readonly kind: "resync-read-done";
      readonly volume: Volume;
      readonly read: ResyncRead;
      readonly lock: RangeLock<LockOwner>;
      readonly probe: boolean;
    }
  | {
      readonly kind: "resync-write-done";
      readonly volume: Volume;
      readonly write: ResyncWrite;
      readonly lock: RangeLock<LockOwner>;
      readonly probe: boolean;
    }
  /** This node's copy of a block whose digest the peer has sent. */
  | {
      readonly kind: "verify-read-done";
      readonly volume: Volume;
      readonly compare: VerifyCompare;
      readonly lock: RangeLock<LockOwner>;
    }
  /** This node's copy of a block, before the source is asked for it: it may be the same there. */
  | {
      readonly kind: "csum-read-done";
      readonly session: number;
      readonly volume: Volume;
      readonly request: ResyncRequest;
    }
  /** A block of an answered write, to be sent to the peer again. */
  | {
      readonly kind: "resend-read";
      readonly session: number;
      readonly volume: Volume;
      readonly request: AppRequest;
    }
  | {
      readonly kind: "meta";
      readonly volume: Volume;
      readonly job: MetaJob;
      readonly part: "flush" | "write";
    }
  | { readonly kind: "measure"; readonly volume: Volume; readonly resizing: Resizing }
  | { readonly kind: "attach"; readonly volume: Volume; readonly attachment: Attachment };
