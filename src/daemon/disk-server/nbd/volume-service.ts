/** What the NBD front of a disk server needs from the rest of it. */

import type { ExportDetails } from "../../../core/nbd/types.ts";
import type { IoRequest } from "../../../core/replication/io.ts";
import type { Extent, Store } from "../../../ports/store.ts";

export type ExportAnswer =
  | { readonly ok: true; readonly details: ExportDetails }
  | { readonly ok: false; readonly reason: "unknown" | "refused"; readonly message: string };

export type ByteRange = { readonly offset: number; readonly length: number };

export type VolumeService = {
  exportNames(): readonly string[];
  /** @param socketVolume the volume that the empty name means on this socket. */
  findExport(name: string, socketVolume: number): ExportAnswer;
  /** The volume is in use, or no longer: each `opened` is followed by one `released`. */
  opened(volume: number): void;
  released(volume: number): void;
  /** The data device, if the range may be read from it as it is; if that fails, the request is submitted. */
  localStore(volume: number, range: ByteRange): Store | undefined;
  /** Answered exactly once, to the connection to which the id belongs. */
  submit(request: IoRequest): void;
  /** Undefined when nothing is known. */
  allocation(
    volume: number,
    range: ByteRange,
    done: (extents: readonly Extent[] | undefined) => void,
  ): void;
};
