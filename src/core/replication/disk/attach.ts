/**
 * Taking a disk into use: superblock, activity log and bitmap are read; if the node crashed as Primary the extents that
 * were active count as different; then the metadata say that the disk is in use. (Kernel DRBD leaves the replay to
 * drbdmeta's apply-al; an engine that owns the disk does both in one go.)
 *
 * Order on disk: the bitmap with the replayed extents, then a superblock that needs no log, then the empty log, then the
 * superblock of a disk in use. A crash in between costs nothing: what was not done is done at the next attach.
 */
import { assert } from "../../../base/assert.ts";
import { alBlockBytes } from "../../../formats/drbd/activity-log-block.ts";
import { checkSuperblock } from "../../../formats/drbd/check-superblock.ts";
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import { type MetadataLayout, metadataLayout } from "../../../formats/drbd/metadata-layout.ts";
import { sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import {
  decodeSuperblock,
  MdFlag,
  type Superblock,
  superblockBytes,
  uuidJustCreated,
} from "../../../formats/drbd/superblock.ts";
import { sendSizes, sendState, sendUuids } from "../connection/send-parameters.ts";
import { notice, readDisk, refuseAdmin, replyAdmin } from "../emit.ts";
import type { AdminCommand, DiskDone } from "../events.ts";
import {
  formatUuid,
  sameGeneration,
  withoutRole,
  withRole,
} from "../generation/generation-uuids.ts";
import { ActivityLog, alExtentBytes } from "../metadata/activity-log.ts";
import { activeExtents, activeExtentsMax } from "../metadata/al-ring.ts";
import { Bitmap, bitmapPageBytes, blockBytes } from "../metadata/bitmap.ts";
import { newMetaLane } from "../metadata/meta-lane.ts";
import { writeMetadata } from "../metadata/metadata-writer.ts";
import { notePlaced } from "../metadata/placed-metadata.ts";
import type { Resource } from "../resource.ts";
import { newCounters } from "../resync/resync-run.ts";
import { forceState } from "../state/state-change.ts";
import type { Backing, Volume } from "../volume.ts";
import type { Attachment } from "./attachment.ts";
import { hasAbandoned } from "./detach.ts";

/** Bitmap read at once. */
const readPagesMax = 256;

export function onAttachCommand(
  r: Resource,
  id: number,
  v: Volume,
  command: Extract<AdminCommand, { readonly name: "attach" }>,
): void {
  if (v.disk !== Disk.Diskless || r.detachments.has(v)) {
    refuseAdmin(r, id, 0, "Device is attached to a disk (use detach first)");
    return;
  }
  // Safety: what the old device still has to write could overwrite what it is brought up to date with.
  if (hasAbandoned(r, v)) {
    refuseAdmin(r, id, 0, "requests to the device that was detached by force have not ended yet");
    return;
  }
  const { placement, dataBytes, metaBytes } = command;
  const layout = layoutOf(command);
  if (!layout.ok) {
    refuseAdmin(r, id, 0, layout.error);
    return;
  }
  forceState(r, (s) => ({ ...s, disk: Disk.Attaching }), [v]);
  v.counters = newCounters();
  const attachment: Attachment = {
    adminId: id,
    placement,
    dataBytes,
    metaBytes,
    phase: "superblock",
    layout: layout.value,
    superblock: undefined,
    extents: [],
    bitmap: undefined,
    pagesRead: 0,
  };
  v.attachment = attachment;
  read(r, v, attachment, layout.value.superblockSector * sectorBytes, superblockBytes);
}

export function onAttachRead(
  r: Resource,
  task: { readonly volume: Volume; readonly attachment: Attachment },
  done: DiskDone,
): void {
  const { volume: v, attachment } = task;
  if (v.attachment !== attachment) return;
  if (done.error !== undefined || done.bytes === undefined) {
    fail(r, v, `the meta data can't be read: ${done.error ?? "no bytes"}`);
    return;
  }
  if (attachment.phase === "superblock") onSuperblock(r, v, attachment, done.bytes);
  else if (attachment.phase === "ring") onRing(r, v, attachment, done.bytes);
  else onBitmapPages(r, v, attachment, done.bytes);
}

/** All is on disk: the volume may be used, or, with a peer, is offered to it. */
export function onAttached(r: Resource, v: Volume): void {
  const { attachment, backing } = v;
  if (attachment === undefined || backing === undefined) return;
  v.attachment = undefined;
  // Without a peer to judge it this becomes the prepared state at once.
  forceState(r, (s) => ({ ...s, disk: Disk.Negotiating }), [v]);
  if ((v.disk as Disk) === Disk.Diskless) {
    v.backing = undefined;
    r.effects.push({ kind: "close-backing-device", volume: v.number });
    refuseAdmin(r, attachment.adminId, 0, "the data are not those that were in use");
    return;
  }
  notePlaced(r, v, backing);
  if (r.link.phase === "running") {
    sendSizes(r, v);
    sendUuids(r, v);
    sendState(r, v);
  }
  replyAdmin(r, attachment.adminId);
}

/** The disk failed before it was in use. */
export function abortAttachment(r: Resource, v: Volume): void {
  if (v.attachment !== undefined) fail(r, v, "the meta data can't be written");
}

function onSuperblock(r: Resource, v: Volume, attachment: Attachment, bytes: Uint8Array): void {
  const decoded = decodeSuperblock(bytes);
  if (!decoded.ok) {
    const { error } = decoded;
    fail(
      r,
      v,
      error.reason === "not-found"
        ? "No valid meta data found: create-md makes them"
        : `the meta data are of a kind that is not supported: ${error.message}`,
    );
    return;
  }
  const superblock = decoded.value;
  const al = { stripes: superblock.alStripes, stripeSize4k: superblock.alStripeSize4k };
  const layout = layoutOf(attachment, al);
  const fits = layout.ok
    ? checkSuperblock(superblock, layout.value, attachment.placement.kind === "internal")
    : layout;
  const objection = !fits.ok
    ? fits.error
    : layout.ok
      ? objectionTo(r, v, superblock, layout.value)
      : "";
  if (!layout.ok || objection !== undefined) {
    fail(r, v, objection ?? "the meta data don't fit the device");
    return;
  }
  attachment.superblock = superblock;
  attachment.layout = layout.value;
  attachment.phase = "ring";
  const { superblockSector, alOffset } = layout.value;
  const length = al.stripes * al.stripeSize4k * alBlockBytes;
  read(r, v, attachment, (superblockSector + alOffset) * sectorBytes, length);
}

/** Why this disk can't be taken, though its metadata are sound. */
function objectionTo(
  r: Resource,
  v: Volume,
  superblock: Superblock,
  layout: MetadataLayout,
): string | undefined {
  const consistent = (superblock.flags & MdFlag.Consistent) !== 0;
  if (consistent && layout.usableSectors < superblock.laSizeSectors) {
    return "refusing to truncate a consistent device";
  }
  if (layout.usableSectors * sectorBytes < v.sizeBytes)
    return "the device is smaller than the size in use";
  const alone = r.role === Role.Primary && r.link.conn < Conn.WFReportParams;
  if (alone && v.exposedUuid !== 0n && !sameGeneration(v.exposedUuid, superblock.uuids.current)) {
    return `Can only attach to data with current UUID=${formatUuid(v.exposedUuid)}`;
  }
  return undefined;
}

function onRing(r: Resource, v: Volume, attachment: Attachment, bytes: Uint8Array): void {
  const { superblock, layout } = attachment;
  assert(superblock !== undefined, "the superblock was read first");
  if (needsReplay(superblock)) {
    const extents = activeExtents(bytes, layout.al);
    if (!extents.ok) {
      fail(r, v, `${extents.error}, and the node crashed as Primary`);
      return;
    }
    attachment.extents = extents.value;
  }
  const sizeSectors =
    superblock.laSizeSectors > 0 ? superblock.laSizeSectors : layout.usableSectors;
  attachment.bitmap = new Bitmap(sizeSectors * sectorBytes);
  attachment.phase = "bitmap";
  readPages(r, v, attachment, attachment.bitmap);
}

function readPages(r: Resource, v: Volume, attachment: Attachment, bitmap: Bitmap): void {
  const { superblockSector, bmOffset } = attachment.layout;
  const pages = Math.min(readPagesMax, bitmap.pages - attachment.pagesRead);
  const start = (superblockSector + bmOffset) * sectorBytes;
  const offset = start + attachment.pagesRead * bitmapPageBytes;
  read(r, v, attachment, offset, pages * bitmapPageBytes);
}

function onBitmapPages(r: Resource, v: Volume, attachment: Attachment, bytes: Uint8Array): void {
  const { bitmap, superblock } = attachment;
  assert(bitmap !== undefined && superblock !== undefined, "the superblock was read first");
  bitmap.load(attachment.pagesRead, bytes);
  attachment.pagesRead += bytes.length / bitmapPageBytes;
  if (attachment.pagesRead < bitmap.pages) readPages(r, v, attachment, bitmap);
  else prepare(r, v, attachment, bitmap, superblock);
}

/** Everything is read: what does it mean, and what has to be written before use? */
function prepare(
  r: Resource,
  v: Volume,
  attachment: Attachment,
  bitmap: Bitmap,
  superblock: Superblock,
): void {
  const { flags } = superblock;
  const crashed = (flags & (MdFlag.CrashedPrimary | MdFlag.PrimaryInd)) !== 0;
  const neverUsed =
    withoutRole(superblock.uuids.current) === uuidJustCreated && superblock.laSizeSectors === 0;
  const logWasOff = crashed && (flags & MdFlag.AlDisabled) !== 0;
  if ((flags & MdFlag.FullSync) !== 0 || neverUsed || logWasOff) bitmap.setAll();
  const marked = replay(bitmap, attachment.extents);
  if (marked > 0) {
    const text = `Marked additional ${marked * 4} KB as out-of-sync based on AL.`;
    notice(r, "info", "al-replayed", text, { volume: v, fields: { bits: marked } });
  }
  const backing = backingOf(r, v, attachment, bitmap, superblock);
  v.backing = backing;
  v.sizeBytes = backing.laSizeSectors * sectorBytes;
  attachment.phase = "writing";
  writeMetadata(
    r,
    v,
    [
      // What an earlier process has acknowledged may still be in the operating system's memory.
      { op: "flush-data" },
      { op: "pages", pages: "dirty" },
      { op: "full-sync-written" },
      // Safety: a crash may leave no whole block of the ring that is being overwritten; by then nobody needs it.
      { op: "clean-superblock" },
      { op: "empty-log" },
      { op: "superblock" },
    ],
    [{ step: "attached", volume: v.number }],
  );
}

function backingOf(
  r: Resource,
  v: Volume,
  attachment: Attachment,
  bitmap: Bitmap,
  superblock: Superblock,
): Backing {
  const { layout } = attachment;
  const { flags } = superblock;
  const lastAgreed = superblock.laSizeSectors;
  const wholeDisk =
    v.settings.sizeBytes > 0 ? v.settings.sizeBytes / sectorBytes : layout.usableSectors;
  const laSizeSectors = lastAgreed > 0 ? lastAgreed : Math.min(wholeDisk, layout.usableSectors);
  if (lastAgreed === 0) bitmap.resize(laSizeSectors * sectorBytes);
  return {
    placement: attachment.placement,
    layout,
    dataBytes: attachment.dataBytes,
    bitmap,
    activityLog: new ActivityLog(Math.min(v.settings.alExtents, activeExtentsMax(layout.al))),
    lane: newMetaLane(),
    uuids: {
      ...superblock.uuids,
      current: withRole(superblock.uuids.current, r.role === Role.Primary),
    },
    deviceUuid: superblock.deviceUuid,
    laSizeSectors,
    laPeerMaxBioBytes: superblock.laPeerMaxBioBytes,
    crashedPrimary: (flags & (MdFlag.CrashedPrimary | MdFlag.PrimaryInd)) !== 0,
    fullSync: (flags & MdFlag.FullSync) !== 0,
    logCounts: false,
    overwriting: false,
    flagsWritten: 0,
    spoiled: false,
    closingDisk: undefined,
    negotiated: preparedStates(v, flags),
  };
}

/** What the flags say of both copies. Whether it holds is for the peer to judge, if it is there. */
function preparedStates(v: Volume, flags: number): { readonly disk: Disk; readonly pdsk: Disk } {
  const pdsk = (flags & MdFlag.PeerOutDated) !== 0 ? Disk.Outdated : Disk.DUnknown;
  if ((flags & MdFlag.Consistent) === 0) return { disk: Disk.Inconsistent, pdsk };
  // Safety: a disk that was let go without a word in its metadata must not pass for a good one now.
  if ((flags & MdFlag.WasUpToDate) === 0 || v.diskBehind) return { disk: Disk.Outdated, pdsk };
  const sure = pdsk === Disk.Outdated || v.settings.fencing === "dont-care";
  return { disk: sure ? Disk.UpToDate : Disk.Consistent, pdsk };
}

function needsReplay(superblock: Superblock): boolean {
  const primary = (superblock.flags & MdFlag.PrimaryInd) !== 0;
  const clean = superblock.clean && (superblock.flags & MdFlag.AlClean) !== 0;
  return primary && !clean;
}

/** @returns how many bits were clear. */
function replay(bitmap: Bitmap, extents: readonly number[]): number {
  let marked = 0;
  const bits = alExtentBytes / blockBytes;
  for (const extent of extents) {
    const from = extent * bits;
    if (from < bitmap.bits) marked += bitmap.set(from, Math.min(bitmap.bits, from + bits));
  }
  return marked;
}

function layoutOf(
  sizes: Pick<Attachment, "placement" | "dataBytes" | "metaBytes">,
  al?: { readonly stripes: number; readonly stripeSize4k: number },
): ReturnType<typeof metadataLayout> {
  const dataSectors = Math.floor(sizes.dataBytes / sectorBytes);
  const metaSectors = Math.floor(sizes.metaBytes / sectorBytes);
  return metadataLayout(sizes.placement, { dataSectors, metaSectors }, al);
}

function read(
  r: Resource,
  volume: Volume,
  attachment: Attachment,
  offset: number,
  length: number,
): void {
  readDisk(r, { kind: "attach", volume, attachment }, { device: "meta", offset, length });
}

function fail(r: Resource, v: Volume, message: string): void {
  const { attachment } = v;
  v.attachment = undefined;
  v.backing = undefined;
  if (v.disk !== Disk.Diskless) {
    if (v.disk !== Disk.Failed) forceState(r, (s) => ({ ...s, disk: Disk.Failed }), [v]);
    forceState(r, (s) => ({ ...s, disk: Disk.Diskless }), [v]);
  }
  r.effects.push({ kind: "close-backing-device", volume: v.number });
  if (attachment !== undefined) refuseAdmin(r, attachment.adminId, 0, message);
}
