/**
 * What is still to be done before the machine rests: parts that would otherwise have to call each other in circles
 * leave a step, and `DrbdResource` runs the steps in their order before an event's effects go out. Those behind a
 * metadata job are left when that is on disk.
 */
import type { Conn, DrbdState } from "../../formats/drbd/drbd-state.ts";
import type { ClusterChange } from "./admin-tasks.ts";
import type { MetaThen } from "./metadata/meta-lane.ts";
import type { RangeLock } from "./requests/range-locks.ts";
import type { AppRequest, LockOwner, Volume } from "./volume.ts";

export type Step =
  /** What stood behind a metadata job that is on disk. */
  | MetaThen
  /** A volume's state has changed: what follows from it. */
  | {
      readonly step: "after-state";
      readonly volume: Volume;
      readonly old: DrbdState;
      readonly next: DrbdState;
    }
  /** The connection is of no use any more. `conn`: the failure, or Disconnecting. */
  | {
      readonly step: "drop-connection";
      readonly session: number;
      readonly conn: Conn;
      readonly reason: string;
    }
  /** The local disk failed: `what` was to be done. */
  | {
      readonly step: "disk-failed";
      readonly volume: Volume;
      readonly what: string;
      readonly error: string;
      readonly metadata: boolean;
    }
  | { readonly step: "unlocked"; readonly locks: readonly RangeLock<LockOwner>[] }
  /** Something that held requests back is gone. */
  | { readonly step: "release-held" }
  /** The activity log may have room for those who wait. */
  | { readonly step: "al-next"; readonly volume: Volume }
  /** The peer has answered to a change of state, or is lost. */
  | { readonly step: "change-done"; readonly change: ClusterChange; readonly lost: boolean }
  | { readonly step: "send-bitmap"; readonly volume: Volume; readonly session: number }
  /** As SyncTarget: there is room for another request. */
  | { readonly step: "resync-next"; readonly volume: Volume }
  /** StartingSyncS or StartingSyncT: all bits are set. */
  | { readonly step: "full-sync-next"; readonly volume: Volume; readonly session: number }
  | { readonly step: "give-up-primary" }
  | { readonly step: "demotion-next" }
  | { readonly step: "promotion-next" }
  | { readonly step: "detach-next"; readonly volume: Volume }
  | { readonly step: "settle-log" }
  | { readonly step: "fence-if-needed"; readonly session: number }
  | { readonly step: "reconnect" }
  | { readonly step: "held-packets" }
  /** I/O was frozen, and the peer is back: what it may lack is sent again. */
  | { readonly step: "thaw-next" }
  | { readonly step: "resent"; readonly request: AppRequest }
  /** A write that the local disk has failed may be answered, if what follows from the failure lets it. */
  | { readonly step: "answer-write"; readonly request: AppRequest }
  | { readonly step: "thawed" };
