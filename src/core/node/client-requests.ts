/** What people and their commands ask of a node, and the answers. Each request is answered exactly once. */
import type { ChangeOrigin, CibChange } from "../cib/change.ts";
import type { CibVersion } from "../cib/version.ts";
import type { FenceAction } from "../fencer/types.ts";
import type { FailedPlace } from "./failed-place.ts";

export type ClientRequest =
  /**
   * Change the CIB. Answered when the change is on stable storage of every member. Forwarded to the DC.
   * `expected`: refused unless the CIB is at that version. `force`: also without quorum, where it may be lost.
   */
  | {
      readonly kind: "change-cib";
      readonly change: CibChange;
      readonly origin: ChangeOrigin;
      readonly expected?: CibVersion;
      readonly force?: boolean;
    }
  /** Switch a node's power, by the devices of the CIB. Answered when that is done or has failed. */
  | {
      readonly kind: "fence";
      readonly target: string;
      readonly action: FenceAction;
      readonly by: string;
    }
  /** A person confirms that a node is off: its guests may be started elsewhere where a copy is whole. */
  | { readonly kind: "confirm-off"; readonly node: string; readonly by: string }
  /** A person says: use the copy of this node and lose what it lacks. */
  | {
      readonly kind: "use-copy";
      readonly node: string;
      readonly drbdResource: string;
      readonly by: string;
    }
  /** A person says that a resource has failed: it is recovered as if a monitor had found that. */
  | ({ readonly kind: "fail-resource"; readonly by: string } & FailedPlace)
  /** Move everything away from this node, then leave the cluster (effect `gone`). Answered when it begins. */
  | { readonly kind: "leave"; readonly by: string }
  /** Only the daemon restarts: guests and disks are left alone, the others wait so long (effect `gone`). */
  | { readonly kind: "restart"; readonly holdMs: number }
  /** Answered once the cluster has nothing to do: no transition, no change under way. */
  | { readonly kind: "wait-idle" };

export type ClientReply =
  | { readonly ok: true; readonly value: ClientValue }
  | { readonly ok: false; readonly error: ClientError };

export type ClientValue =
  | {
      readonly kind: "changed";
      readonly version: CibVersion;
      /** "configuration", "status" or "nothing". */
      readonly touched: string;
    }
  | { readonly kind: "noted"; readonly message: string }
  | { readonly kind: "idle" };

export type ClientError = {
  readonly code: string;
  readonly message: string;
  readonly remedy?: string;
  /** The exit code of the field's own tool. */
  readonly exit?: number;
};
