/** What one part of a node tells another: an event, and for whom. */
import type { CibSyncEvent } from "../cibsync/types.ts";
import type { ControllerEvent } from "../controller/controller.ts";
import type { ExecutorEvent } from "../executor/types.ts";
import type { FencerEvent } from "../fencer/types.ts";
import type { LinkEvent } from "../link/types.ts";
import type { MembershipEvent } from "../membership/types.ts";
import type { RemoteEvent } from "../remote/types.ts";

export type PartEvent =
  | { readonly part: "membership"; readonly event: MembershipEvent }
  | { readonly part: "links"; readonly event: LinkEvent }
  | { readonly part: "cib"; readonly event: CibSyncEvent }
  | { readonly part: "executor"; readonly event: ExecutorEvent }
  | { readonly part: "remotes"; readonly event: RemoteEvent }
  | { readonly part: "fencer"; readonly event: FencerEvent }
  | { readonly part: "controller"; readonly event: ControllerEvent };
