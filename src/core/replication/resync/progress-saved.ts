/**
 * What a target has written is made safe while the resync goes on: as often as a page of the bitmap's worth of data has
 * come, the data are flushed and the bits that were cleared for them are written. So a crash does not begin the resync
 * anew, and little is left to be flushed at the end. Scattered blocks take the disk far longer than their bytes say:
 * so data are flushed after so many writes, too.
 *
 * Not as Primary: transactions of the activity log would wait for the flush, and the guests for them.
 */
import { Role } from "../../../formats/drbd/drbd-state.ts";
import type { MetaStep } from "../metadata/meta-lane.ts";
import { writeMetadata } from "../metadata/metadata-writer.ts";
import type { Resource } from "../resource.ts";
import { defaultProgressSaving } from "../settings.ts";
import type { Volume } from "../volume.ts";

/** So many bytes of the resync are on the disk, as far as the operating system is concerned. */
export function noteWritten(r: Resource, v: Volume, bytes: number): void {
  const { resync: run } = v;
  if (run === undefined) return;
  run.unsavedBytes += bytes;
  run.unflushedWrites++;
  const { bytes: bytesMax, writes: writesMax } = r.settings.progressSaving ?? defaultProgressSaving;
  const savesPages = run.unsavedBytes >= bytesMax;
  if (!savesPages && run.unflushedWrites < writesMax) return;
  if (run.isSaving || r.role === Role.Primary) return;
  run.isSaving = true;
  run.unflushedWrites = 0;
  if (savesPages) run.unsavedBytes = 0;
  const saved = { step: "progress-saved", volume: v.number, session: r.link.session } as const;
  // Safety: the pages are taken as they are now, and written after the data for which their bits were cleared.
  const step: MetaStep = savesPages ? { op: "pages", pages: "dirty" } : { op: "flush-data" };
  writeMetadata(r, v, [step], [saved]);
}

export function onProgressSaved(v: Volume): void {
  if (v.resync !== undefined) v.resync.isSaving = false;
}
