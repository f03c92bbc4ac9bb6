/**
 * A user's flush: answered when every write answered before it is on stable storage here, and on the peer's side, too,
 * if it is connected: the epochs that hold those writes have been acked, which the peer does after it has flushed.
 */
import { Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import { flushDisk, replyIo } from "../emit.ts";
import type { FlushRequest, IoErrorCode } from "../io.ts";
import { type Resource, volumeOf } from "../resource.ts";
import type { AppFlush } from "../volume.ts";
import { urgeBarrierAcks } from "./send-barrier.ts";
import { lastSent } from "./transfer-log.ts";

export function onAppFlush(r: Resource, request: FlushRequest): void {
  const volume = volumeOf(r, request.volume);
  if (volume === undefined) {
    replyIo(r, request.id, "invalid");
    return;
  }
  volume.appPending++;
  submitFlush(r, {
    kind: "app-flush",
    id: request.id,
    volume,
    localPending: false,
    localFailed: false,
    epoch: undefined,
  });
}

export function submitFlush(r: Resource, flush: AppFlush): void {
  const v = flush.volume;
  if (r.role !== Role.Primary) {
    answer(r, flush, "not-primary");
    return;
  }
  if (v.holding) {
    v.held.push(flush);
    return;
  }
  if (v.disk !== Disk.UpToDate && v.pdsk !== Disk.UpToDate) {
    // Safety: what was acknowledged may be in the memory of a node that can't be reached now.
    answer(r, flush, "no-data");
    return;
  }
  urgeBarrierAcks(r);
  flush.epoch = lastSent(r.log);
  if (v.backing !== undefined && v.disk >= Disk.Inconsistent) {
    flush.localPending = true;
    flushDisk(r, flush);
  }
  r.flushes.push(flush);
  answerFlushes(r);
}

export function onLocalFlushDone(r: Resource, flush: AppFlush, error: string | undefined): void {
  flush.localPending = false;
  if (error !== undefined) {
    flush.localFailed = true;
    const what = "flush";
    r.steps.push({ step: "disk-failed", volume: flush.volume, what, error, metadata: false });
  }
  answerFlushes(r);
}

/** Answers those that nothing is waited for any more. */
export function answerFlushes(r: Resource): void {
  if (r.flushes.length === 0) return;
  const waiting: AppFlush[] = [];
  for (const flush of r.flushes) {
    const v = flush.volume;
    const metadata = v.generationWriting || v.newGenerationPending || v.spoilWriting;
    if (flush.localPending || flush.epoch !== undefined || metadata) waiting.push(flush);
    else answer(r, flush, flush.localFailed && v.pdsk !== Disk.UpToDate ? "io-error" : undefined);
  }
  r.flushes = waiting;
}

/** The connection is lost, and with it the acks that were awaited: they begin anew when I/O may go on. */
export function restartFlushes(r: Resource): void {
  const restarted = r.flushes;
  r.flushes = [];
  for (const { id, volume } of restarted) {
    volume.held.push({
      kind: "app-flush",
      id,
      volume,
      localPending: false,
      localFailed: false,
      epoch: undefined,
    });
  }
}

function answer(r: Resource, flush: AppFlush, error: IoErrorCode | undefined): void {
  flush.volume.appPending--;
  replyIo(r, flush.id, error);
  if (flush.volume.appPending === 0 && r.demotion !== undefined) {
    r.steps.push({ step: "demotion-next" });
  }
}
