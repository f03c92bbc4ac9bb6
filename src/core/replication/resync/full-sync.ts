/**
 * A full sync: every block counts as different. The flag FULL_SYNC is on disk before the bits are, and goes when all of
 * them are: a crash in between is seen at the next attach. What comes later in the metadata lane (new UUIDs) is written
 * after that.
 */
import { Conn } from "../../../formats/drbd/drbd-state.ts";
import { notice } from "../emit.ts";
import { writeMetadata } from "../metadata/metadata-writer.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { Volume } from "../volume.ts";
import { sourceIsReady } from "./before-resync.ts";

export function beginFullSync(r: Resource, v: Volume): void {
  const { backing } = v;
  if (backing === undefined) return;
  backing.fullSync = true;
  backing.bitmap.setAll();
  notice(r, "info", "full-sync", "all blocks are marked out of sync", { volume: v });
  writeMetadata(r, v, [
    { op: "superblock" },
    { op: "pages", pages: "dirty" },
    { op: "full-sync-written" },
    { op: "superblock" },
  ]);
}

/** All bits are set on both sides: no bitmaps are exchanged. */
export function fullSyncNext(r: Resource, v: Volume): void {
  if (v.conn === Conn.StartingSyncT) forceState(r, (s) => ({ ...s, conn: Conn.WFSyncUUID }), [v]);
  if (v.conn === Conn.StartingSyncS) sourceIsReady(r, v);
}
