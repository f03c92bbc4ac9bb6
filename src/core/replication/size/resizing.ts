/** A change of size under way: who wanted it, and what it leads to. */
import type { SizesPacket } from "../../../formats/drbd/packet.ts";

export type ResizeCause =
  | {
      readonly kind: "admin";
      readonly id: number;
      /** 0: as much as there is. */
      readonly userSectors: number;
      readonly assumeClean: boolean;
      readonly assumePeerHasSpace: boolean;
    }
  /** The peer has told its sizes. `session`: over this connection. */
  | { readonly kind: "peer"; readonly packet: SizesPacket; readonly session: number };

export type Resizing = {
  readonly cause: ResizeCause;
  /** Known when the devices have been measured. */
  outcome: { readonly sectors: number; readonly moved: boolean } | undefined;
};
