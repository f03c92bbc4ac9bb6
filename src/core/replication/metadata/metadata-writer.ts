/** Performs the jobs of the metadata lanes, and composes the superblock from what is known. */
import { assert, unreachable } from "../../../base/assert.ts";
import { alBlockBytes } from "../../../formats/drbd/activity-log-block.ts";
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import { sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import { encodeSuperblock, MdFlag, superblockBytes } from "../../../formats/drbd/superblock.ts";
import { flushDisk, writeDisk } from "../emit.ts";
import { withRole } from "../generation/generation-uuids.ts";
import type { Resource } from "../resource.ts";
import type { Backing, Volume } from "../volume.ts";
import { initialisedRing } from "./al-ring.ts";
import { bitmapPageBytes, pageCoversBytes } from "./bitmap.ts";
import type { LayoutChange, MetaJob, MetaStep, MetaThen, PageRun } from "./meta-lane.ts";
import { withoutLog } from "./metadata-move.ts";

/** Pages written at once, at most: 256 KiB of bitmap. */
const runPagesMax = 64;
/** Such writes under way together. */
const runsMax = 8;

/**
 * Queues a job. Without a disk there is nothing that could have to be on it: its steps are run at once.
 * `urgent`: a transaction of the activity log.
 */
export function writeMetadata(
  r: Resource,
  v: Volume,
  steps: readonly MetaStep[],
  andThen: readonly MetaThen[] = [],
  urgent = false,
): void {
  const { backing } = v;
  const usable = v.disk > Disk.Failed || backing?.closingDisk !== undefined;
  if (backing === undefined || (!usable && v.disk !== Disk.Attaching)) {
    for (const step of andThen) r.steps.push(step);
    return;
  }
  const { lane } = backing;
  const queue = urgent ? lane.urgent : lane.normal;
  queue.push({ steps, at: 0, pageAt: 0, andThen, exclusive: false });
  if (lane.running === undefined) runLane(r, v, backing);
}

/** Queues a job in which the metadata get another place or length: no transaction of the log comes between its steps. */
export function layOutMetadata(
  r: Resource,
  v: Volume,
  backing: Backing,
  job: { readonly steps: readonly MetaStep[]; readonly andThen: readonly MetaThen[] },
): void {
  backing.lane.normal.push({ ...job, at: 0, pageAt: 0, exclusive: true });
  if (backing.lane.running === undefined) runLane(r, v, backing);
}

/** The superblock is to be written, with whatever it says by then. */
export function writeSuperblock(r: Resource, v: Volume, ...andThen: MetaThen[]): void {
  writeMetadata(r, v, [{ op: "superblock" }], andThen);
}

/** A storage effect of a lane has ended. */
export function onMetaDone(
  r: Resource,
  task: { readonly volume: Volume; readonly job: MetaJob; readonly part: "flush" | "write" },
  error: string | undefined,
): void {
  const { volume } = task;
  const { backing } = volume;
  if (backing === undefined || backing.lane.running !== task.job) return;
  const { lane } = backing;
  if (error !== undefined) {
    const what = "write its meta data";
    r.steps.push({ step: "disk-failed", volume, what, error, metadata: true });
    return;
  }
  if (task.part === "flush" && lane.batch.length > 0) {
    writeBatch(r, volume, backing, task.job);
    return;
  }
  lane.pending--;
  if (lane.pending > 0) return;
  runLane(r, volume, backing);
}

/** The disk is gone: nothing more is written, and who waited goes on. */
export function abandonMetadata(r: Resource, v: Volume): void {
  const { backing } = v;
  if (backing === undefined) return;
  const { lane } = backing;
  lane.running = undefined;
  lane.pending = 0;
  lane.batch = [];
  for (const queue of [lane.urgent, lane.normal]) {
    for (let job = queue.shift(); job !== undefined; job = queue.shift()) {
      for (const step of job.andThen) r.steps.push(step);
    }
  }
}

/** The part of the bitmap that stands for an extent of the activity log. */
export function pageOf(extentOffset: number): number {
  return Math.floor(extentOffset / pageCoversBytes);
}

/** Goes on with the first job until something is under way. */
function runLane(r: Resource, v: Volume, backing: Backing): void {
  const { lane } = backing;
  lane.running = undefined;
  for (;;) {
    const begun = lane.normal.peek();
    const isExclusive = begun?.exclusive === true && begun.at > 0;
    const queue = lane.urgent.size > 0 && !isExclusive ? lane.urgent : lane.normal;
    const job = queue.peek();
    if (job === undefined) return;
    const step = job.steps[job.at];
    if (step === undefined) {
      queue.shift();
      for (const next of job.andThen) r.steps.push(next);
      continue;
    }
    if (!beginStep(r, v, backing, job, step)) {
      lane.running = job;
      return;
    }
  }
}

/** @returns whether the step is done already. */
function beginStep(
  r: Resource,
  v: Volume,
  backing: Backing,
  job: MetaJob,
  step: MetaStep,
): boolean {
  const { lane } = backing;
  if (step.op === "pages") return beginPages(r, v, backing, job, step.pages);
  job.at++;
  switch (step.op) {
    case "full-sync-written":
      backing.fullSync = false;
      return true;
    case "log-settled":
      backing.logCounts = primaryNow(r, v);
      return true;
    case "flush-data":
      lane.pending = 1;
      flushDisk(r, { kind: "meta", volume: v, job, part: "flush" });
      return false;
    case "lay-out":
      layOut(backing, step.plan);
      return true;
    case "overwriting":
      backing.overwriting = step.begins;
      return true;
    case "take-size":
      backing.laSizeSectors = step.sectors;
      return true;
    default: {
      const { offset, bytes } = written(r, v, backing, step);
      lane.pending = 1;
      const task = { kind: "meta", volume: v, job, part: "write" } as const;
      writeDisk(r, task, { device: "meta", offset, bytes, durable: true });
      return false;
    }
  }
}

type WritingStep = Extract<
  MetaStep,
  {
    readonly op:
      | "superblock"
      | "clean-superblock"
      | "log-block"
      | "empty-log"
      | "whole-log"
      | "erase-superblock";
  }
>;

/** What the step writes, and where: told when it begins, since metadata may have moved since it was queued. */
function written(
  r: Resource,
  v: Volume,
  backing: Backing,
  step: WritingStep,
): { readonly offset: number; readonly bytes: Uint8Array } {
  const { superblockSector, alOffset, al } = backing.layout;
  const superblockAt = superblockSector * sectorBytes;
  const logAt = (superblockSector + alOffset) * sectorBytes;
  switch (step.op) {
    case "superblock":
    case "clean-superblock": {
      const bytes = composeSuperblock(r, v, backing, step.op === "clean-superblock");
      return { offset: superblockAt, bytes };
    }
    case "log-block":
      return { offset: logAt + step.block * alBlockBytes, bytes: step.bytes };
    case "empty-log":
      return { offset: logAt, bytes: initialisedRing(al) };
    case "whole-log":
      return { offset: logAt, bytes: backing.activityLog.wholeRing(al) };
    case "erase-superblock":
      return { offset: step.sector * sectorBytes, bytes: new Uint8Array(superblockBytes) };
    default:
      return unreachable(step);
  }
}

function layOut(backing: Backing, plan: LayoutChange): void {
  const { bitmap } = backing;
  const { layout, sectors } = plan;
  backing.layout = layout;
  backing.dataBytes = plan.dataBytes;
  bitmap.resize(sectors * sectorBytes, plan.newDiffers);
  const room = (layout.alOffset < 0 ? layout.alOffset : layout.mdSizeSectors) - layout.bmOffset;
  assert(bitmap.pages * bitmapPageBytes <= room * sectorBytes, "the bitmap has its room");
  if (plan.moves) for (let page = 0; page < bitmap.pages; page++) bitmap.markDirty(page);
}

function beginPages(
  r: Resource,
  v: Volume,
  backing: Backing,
  job: MetaJob,
  pages: "dirty" | readonly number[],
): boolean {
  const { runs, cleared } = takePages(backing, job, pages);
  if (runs.length === 0) {
    job.at++;
    job.pageAt = 0;
    return true;
  }
  v.counters.bmWrites += runs.length;
  backing.lane.batch = runs;
  if (cleared) {
    // Safety: a clear bit on disk vouches for data; they are made stable first.
    backing.lane.pending = 1;
    flushDisk(r, { kind: "meta", volume: v, job, part: "flush" });
  } else {
    writeBatch(r, v, backing, job);
  }
  return false;
}

/** The next dirty pages of the step, as copies, in runs of adjacent ones. */
function takePages(
  backing: Backing,
  job: MetaJob,
  pages: "dirty" | readonly number[],
): { readonly runs: readonly PageRun[]; readonly cleared: boolean } {
  const { bitmap } = backing;
  const runs: PageRun[] = [];
  let cleared = false;
  while (runs.length < runsMax) {
    const page = nextPage(backing, job, pages);
    if (page === undefined) break;
    let end = page;
    const copies: Uint8Array[] = [];
    while (end < bitmap.pages && bitmap.isPageDirty(end) && end - page < runPagesMax) {
      if (pages !== "dirty" && end > page) break;
      cleared ||= bitmap.pageHasCleared(end);
      copies.push(bitmap.takePage(end));
      end++;
    }
    // A page that changes again meanwhile is for a later job, or this one would not end before a resync does.
    if (pages === "dirty") job.pageAt = end;
    const bytes = new Uint8Array(copies.length * bitmapPageBytes);
    for (const [i, copy] of copies.entries()) bytes.set(copy, i * bitmapPageBytes);
    runs.push({ page, bytes });
  }
  return { runs, cleared };
}

function nextPage(
  backing: Backing,
  job: MetaJob,
  pages: "dirty" | readonly number[],
): number | undefined {
  const { bitmap } = backing;
  if (pages === "dirty") {
    const page = bitmap.nextDirtyPage(job.pageAt);
    if (page !== undefined) job.pageAt = page;
    return page;
  }
  while (job.pageAt < pages.length) {
    const page = pages[job.pageAt] as number;
    job.pageAt++;
    if (page < bitmap.pages && bitmap.isPageDirty(page)) return page;
  }
  return undefined;
}

function writeBatch(r: Resource, v: Volume, backing: Backing, job: MetaJob): void {
  const { lane, layout } = backing;
  const start = (layout.superblockSector + layout.bmOffset) * sectorBytes;
  const runs = lane.batch;
  lane.batch = [];
  lane.pending = runs.length;
  for (const { page, bytes } of runs) {
    const task = { kind: "meta", volume: v, job, part: "write" } as const;
    const offset = start + page * bitmapPageBytes;
    writeDisk(r, task, { device: "meta", offset, bytes, durable: true });
  }
}

/** What the superblock has to say at this moment. The magic is "unclean" while the volume is in use. */
function composeSuperblock(r: Resource, v: Volume, backing: Backing, clean = false): Uint8Array {
  assert(v.disk !== Disk.Diskless, "a superblock is written to an attached disk");
  const { layout } = backing;
  if (primaryNow(r, v)) backing.logCounts = true;
  const flags = superblockFlags(r, v, backing);
  backing.flagsWritten = flags;
  return encodeSuperblock({
    laSizeSectors: backing.laSizeSectors,
    uuids: {
      ...backing.uuids,
      current: withRole(backing.uuids.current, r.role === Role.Primary),
    },
    deviceUuid: backing.deviceUuid,
    flags: flags | (clean ? MdFlag.AlClean : 0),
    clean,
    mdSizeSectors: layout.mdSizeSectors,
    alOffset: layout.alOffset,
    alExtents: backing.activityLog.slots,
    bmOffset: layout.bmOffset,
    laPeerMaxBioBytes: backing.laPeerMaxBioBytes,
    alStripes: layout.al.stripes,
    alStripeSize4k: layout.al.stripeSize4k,
  });
}

/** Writes are made under the activity log: as Primary, or for a Primary without a disk of its own. */
function primaryNow(r: Resource, v: Volume): boolean {
  return (
    r.role === Role.Primary || (v.pdsk < Disk.Inconsistent && r.link.peerRole === Role.Primary)
  );
}

/** Is the log to be left to itself? Then what it stands for has to be in the bitmap on disk first. */
export function logMayBeSettled(r: Resource, v: Volume): boolean {
  return v.backing?.logCounts === true && !primaryNow(r, v);
}

/** The steps after which a crash needs no replay of the activity log. */
export const settleLogSteps: readonly MetaStep[] = [
  { op: "flush-data" },
  { op: "pages", pages: "dirty" },
  { op: "log-settled" },
  { op: "superblock" },
];

export function superblockFlags(r: Resource, v: Volume, backing: Backing): number {
  const disk = backing.closingDisk ?? backing.negotiated?.disk ?? v.disk;
  const pdsk = backing.negotiated?.pdsk ?? v.pdsk;
  let flags = 0;
  if (backing.crashedPrimary) flags |= MdFlag.CrashedPrimary;
  if (backing.logCounts || primaryNow(r, v)) flags |= MdFlag.PrimaryInd;
  const connected = r.link.conn === Conn.WFReportParams && v.conn >= Conn.Connected;
  if (connected) flags |= MdFlag.ConnectedInd;
  if (disk > Disk.Inconsistent && !backing.spoiled) flags |= MdFlag.Consistent;
  if (disk > Disk.Outdated && !backing.spoiled) flags |= MdFlag.WasUpToDate;
  if (pdsk >= Disk.Inconsistent && pdsk <= Disk.Outdated) flags |= MdFlag.PeerOutDated;
  if (backing.fullSync) flags |= MdFlag.FullSync;
  return backing.overwriting ? withoutLog(flags) : flags;
}
