/** Making extents active: transactions of the activity log, and those who wait for them. */

import {
  alRingSlot,
  alUpdatesMax,
  encodeAlBlock,
} from "../../../formats/drbd/activity-log-block.ts";
import { Disk } from "../../../formats/drbd/drbd-state.ts";
import { urgeBarrierAcks } from "../requests/send-barrier.ts";
import type { Resource } from "../resource.ts";
import type { AppRequest, Backing, PeerWrite, Volume } from "../volume.ts";
import { alExtentBytes } from "./activity-log.ts";
import type { MetaStep } from "./meta-lane.ts";
import { pageOf, writeMetadata } from "./metadata-writer.ts";

type Writer = AppRequest | PeerWrite;

/**
 * Takes references on the extents of a write if they are active, or if there is no disk that would need them.
 * @returns false if it has to wait: it is called for again by the step al-committed.
 */
export function activateExtents(r: Resource, writer: Writer): boolean {
  const v = writer.volume;
  const { backing } = v;
  if (writer.log !== undefined) return true;
  if (backing === undefined || v.disk < Disk.Inconsistent) return true;
  const { first, last } = extentsOf(writer);
  if (v.alWaiting.length === 0 && backing.activityLog.tryReference(first, last)) {
    writer.log = backing.activityLog;
    return true;
  }
  v.alWaiting.push(writer);
  beginTransaction(r, v, backing);
  return false;
}

/** The write needs its extents no longer. */
export function releaseExtents(r: Resource, writer: Writer): void {
  const { log, volume } = writer;
  if (log === undefined) return;
  writer.log = undefined;
  const { first, last } = extentsOf(writer);
  log.release(first, last);
  if (volume.alWaiting.length > 0) r.steps.push({ step: "al-next", volume });
}

/** The transaction is on disk, or the disk has failed. @returns the writes that may go on, in their order. */
export function onAlCommitted(r: Resource, v: Volume): readonly Writer[] {
  const { backing } = v;
  if (backing !== undefined && v.disk >= Disk.Inconsistent) {
    backing.activityLog.commit();
    v.counters.alWrites++;
  }
  return takeReady(r, v);
}

/** Extents were released, so that there may be room for those who wait. */
export function onAlNext(r: Resource, v: Volume): readonly Writer[] {
  return takeReady(r, v);
}

/** Whoever of those waiting has its extents; for the rest a transaction is begun. */
function takeReady(r: Resource, v: Volume): readonly Writer[] {
  const { backing } = v;
  const ready: Writer[] = [];
  const waiting: Writer[] = [];
  const usable = backing !== undefined && v.disk >= Disk.Inconsistent;
  for (const writer of v.alWaiting) {
    const { first, last } = extentsOf(writer);
    if (!usable) ready.push(writer);
    else if (backing.activityLog.tryReference(first, last)) {
      writer.log = backing.activityLog;
      ready.push(writer);
    } else waiting.push(writer);
  }
  v.alWaiting.length = 0;
  v.alWaiting.push(...waiting);
  if (usable && waiting.length > 0) beginTransaction(r, v, backing);
  return ready;
}

function beginTransaction(r: Resource, v: Volume, backing: Backing): void {
  if (backing.activityLog.transactionUnderWay) return;
  const transaction = backing.activityLog.begin(wantedExtents(v));
  if (transaction === undefined) {
    // Every slot is in use: the peer's barrier acks are what frees them.
    urgeBarrierAcks(r);
    return;
  }
  const { layout } = backing;
  const block = alRingSlot(transaction.trNumber, layout.al);
  const pages = transaction.evicted.map((extent) => pageOf(extent * alExtentBytes));
  const bytes = encodeAlBlock(transaction.block);
  // Safety: what the log forgets must be stable, and its bits on disk, before it does.
  const steps: readonly MetaStep[] =
    pages.length === 0
      ? [{ op: "log-block", block, bytes }]
      : [{ op: "flush-data" }, { op: "pages", pages }, { op: "log-block", block, bytes }];
  writeMetadata(r, v, steps, [{ step: "al-committed", volume: v.number }], true);
}

function wantedExtents(v: Volume): readonly number[] {
  const wanted: number[] = [];
  for (const writer of v.alWaiting) {
    const { first, last } = extentsOf(writer);
    for (let extent = first; extent <= last; extent++) {
      if (!wanted.includes(extent)) wanted.push(extent);
    }
    if (wanted.length >= alUpdatesMax) break;
  }
  return wanted;
}

function extentsOf(writer: Writer): { readonly first: number; readonly last: number } {
  return {
    first: Math.floor(writer.offset / alExtentBytes),
    last: Math.floor((writer.offset + writer.length - 1) / alExtentBytes),
  };
}
