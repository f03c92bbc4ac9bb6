/** What a transition wants done: by the nodes, by the fencer, and in the status section. */
import type { OperationName, Order } from "../executor/types.ts";
import type { FenceAction } from "../fencer/types.ts";
import type { GraphAction } from "./types.ts";

export type FenceWish = {
  readonly kind: "fence";
  readonly target: string;
  readonly action: FenceAction;
  /** priority-fencing-delay, where the target runs what is more important; else 0. */
  readonly delayMs: number;
};

export type RunEffect =
  /** @property node who is told; of a remote node its router. */
  | { readonly kind: "order"; readonly node: string; readonly order: Order }
  | {
      readonly kind: "cancel";
      readonly node: string;
      readonly operation: OperationName;
      readonly transitionKey: string;
    }
  | FenceWish
  | { readonly kind: "clear-failures"; readonly node: string; readonly resource: string }
  /** @property told whose executor forgets it, too; undefined where only the status section is concerned. */
  | {
      readonly kind: "forget";
      readonly node: string;
      readonly resource: string;
      readonly told: string | undefined;
    }
  | { readonly kind: "shut-down"; readonly node: string }
  /** Guests that are nodes are down with what they ran in; ids. */
  | { readonly kind: "guests-down"; readonly nodes: readonly string[] }
  /** Remote nodes that are in maintenance, or are so no more. */
  | { readonly kind: "remote-maintenance"; readonly nodes: GraphAction["maintenance"] };
