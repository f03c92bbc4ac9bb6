/**
 * A user's write, discard or write-zeroes on its way: locked against what overlaps, its extents active in the log,
 * then sent to the peer and written here, and answered when both have it (protocol C) or the one that counts.
 *
 * Invariants:
 * - Nothing is written or sent before the activity log has its extents on disk.
 * - What goes to the local disk only sets its bits in the bitmap before it is written.
 * - Nothing that only this node has is answered while a change of generation is being written.
 */
import { assert } from "../../../base/assert.ts";
import { elapsedMs } from "../../../base/time.ts";
import { Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import { DataFlag, Feature, sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { replyIo, sendData, writeDisk, zeroDisk } from "../emit.ts";
import type { IoErrorCode, WriteRequest, ZeroRequest } from "../io.ts";
import { activateExtents, releaseExtents } from "../metadata/al-transactions.ts";
import { markInSync, markOutOfSync } from "../out-of-sync.ts";
import { nextToken, type Resource, volumeOf } from "../resource.ts";
import { isSyncing } from "../resync/resync-progress.ts";
import { noteAnswer } from "../resync/yielding.ts";
import { inResync } from "../state/sync-states.ts";
import type { Volume } from "../volume.ts";
import { type AppParent, type AppRequest, Net } from "../volume.ts";
import { checkCongestion } from "./congestion.ts";
import { Use } from "./range-locks.ts";
import { idleBarrierAt, sendBarrier } from "./send-barrier.ts";

/** A part of a write never crosses such a border; it is also the most that one packet carries. */
const partBytesMax = 1024 * 1024;
/** A part of a discard lies in one extent of the activity log. */
const zeroPartBytesMax = 4 * 1024 * 1024;

export function onAppWrite(r: Resource, request: WriteRequest | ZeroRequest): void {
  const v = volumeOf(r, request.volume);
  const length = request.kind === "write" ? request.bytes.length : request.length;
  const objection = objectionTo(r, v, request.offset, length);
  if (v === undefined || objection !== undefined) {
    replyIo(r, request.id, objection ?? "invalid");
    return;
  }
  const partMax = request.kind === "write" ? partBytesMax : zeroPartBytesMax;
  const firstEnd = request.offset - (request.offset % partMax) + partMax;
  if (request.offset + length <= firstEnd) {
    submit(r, newRequest(r, v, request, { offset: request.offset, length, parent: undefined }));
    return;
  }
  const parent: AppParent = { id: request.id, pending: 0, error: undefined };
  const parts: AppRequest[] = [];
  const end = request.offset + length;
  for (let offset = request.offset; offset < end; ) {
    const partEnd = Math.min(end, offset - (offset % partMax) + partMax);
    parent.pending++;
    parts.push(newRequest(r, v, request, { offset, length: partEnd - offset, parent }));
    offset = partEnd;
  }
  for (const part of parts) submit(r, part);
}

/** Why a request can't be taken at all; undefined if it can. */
export function objectionTo(
  r: Resource,
  v: Volume | undefined,
  offset: number,
  length: number,
): IoErrorCode | undefined {
  if (v === undefined) return "invalid";
  if (offset % sectorBytes !== 0 || length % sectorBytes !== 0) return "invalid";
  if (offset < 0 || length <= 0 || offset + length > v.sizeBytes) return "invalid";
  if (r.role !== Role.Primary || r.demotion !== undefined) return "not-primary";
  return undefined;
}

/** Goes on with a request that is no longer held back. */
export function submit(r: Resource, request: AppRequest): void {
  const v = request.volume;
  if (v.holding) {
    v.held.push(request);
    return;
  }
  request.lock ??= v.locks.add(request, Use.App, request);
  if (request.lock.active) proceedUnlocked(r, request);
}

/** Nothing that overlaps is under way any more. */
export function proceedUnlocked(r: Resource, request: AppRequest): void {
  if (request.volume.holding) {
    // It keeps its lock, and its place: what was asked for later and overlaps waits behind it.
    request.volume.held.push(request);
    return;
  }
  if (!activateExtents(r, request)) return;
  issue(r, request);
}

/** The extents are active: off it goes. */
export function issue(r: Resource, request: AppRequest): void {
  const v = request.volume;
  if (v.holding) {
    v.held.push(request);
    return;
  }
  if (v.disk !== Disk.UpToDate && v.pdsk !== Disk.UpToDate) {
    finish(r, request, "no-data");
    return;
  }
  const local = v.backing !== undefined && v.disk >= Disk.Inconsistent;
  assert(!local || request.log !== undefined, "a write's extents are active before it is written");
  if (v.replicating) checkCongestion(r, v);
  if (v.replicating) {
    if (!local) v.diskBehind = true;
    send(r, request);
  } else {
    markOutOfSync(v, request);
    if (v.sendingOos) {
      const { offset, length } = request;
      const sector = offset / sectorBytes;
      const type = PacketType.OutOfSync;
      sendData(r, { type, volume: v.number, sector, sizeBytes: length });
    }
  }
  if (local) writeLocally(r, request);
  else if (request.net === Net.None) finish(r, request, "no-data");
}

/** Sends the write, in the current epoch or, if an answered write closed that, in a new one. */
export function send(r: Resource, request: AppRequest): void {
  const v = request.volume;
  if (r.log.current.mustClose || r.log.current.requests.length >= r.net.maxEpochSize) {
    sendBarrier(r);
  }
  request.epoch = r.log.current;
  request.epoch.requests.push(request);
  if (request.forgotten) v.underWayBytes += request.length;
  request.forgotten = false;
  request.net = Net.Sent;
  request.sentAt = r.now;
  r.unacked.set(request.token, request);
  v.counters.sent += request.length;
  v.sendSeq = (v.sendSeq + 1) >>> 0;
  const place = {
    volume: v.number,
    sector: request.offset / sectorBytes,
    id: BigInt(request.token),
    seq: v.sendSeq,
  };
  request.ack = ackOf(r, request);
  const flags = dataFlags(request);
  if (request.kind === "write") {
    const payload = request.bytes;
    assert(payload !== undefined, "an unanswered write has its bytes");
    const early = request.ack === "none";
    if (early) r.sentMarks.push(request);
    sendData(r, { type: PacketType.Data, ...place, flags, payload }, early);
    return;
  }
  const zeroes = (r.link.features & Feature.Wzeroes) !== 0;
  const type = zeroes ? PacketType.Zeroes : PacketType.Trim;
  const how = zeroes
    ? DataFlag.Zeroes | (request.mayUnmap ? DataFlag.Discard : 0)
    : DataFlag.Discard;
  sendData(r, { type, ...place, flags: flags | how, sizeBytes: request.length });
}

/** What the write's answer will have waited for, apart from the local disk. */
function ackOf(r: Resource, request: AppRequest): AppRequest["ack"] {
  // Zeros have no payload worth waiting for in a send buffer: they are acked in every protocol. So are all in a resync.
  if (inResync(request.volume.conn) || request.kind === "zero") return "written";
  // Safety: with FUA it is on stable storage of both when it is answered, whatever the protocol.
  if (request.fua) return "written";
  return ackOfProtocol[r.net.protocol];
}

const ackOfProtocol = { A: "none", B: "received", C: "written" } as const;

function dataFlags(request: AppRequest): number {
  const ack = {
    none: 0,
    received: DataFlag.SendReceiveAck,
    written: DataFlag.SendWriteAck,
  }[request.ack];
  const resync = inResync(request.volume.conn) ? DataFlag.MaySetInSync : 0;
  return DataFlag.RwSync | (request.fua ? DataFlag.Fua : 0) | resync | ack;
}

/** The local disk is done with a write. */
export function onLocalDone(r: Resource, request: AppRequest, error: string | undefined): void {
  const v = request.volume;
  request.localPending = false;
  request.localError = error;
  const { lock } = request;
  assert(lock !== undefined, "a write under way holds its lock");
  if (error !== undefined) {
    markOutOfSync(v, request);
    const what = `write ${request.length} bytes at ${request.offset}`;
    r.steps.push({ step: "disk-failed", volume: v, what, error, metadata: false });
  } else {
    clearIfInSync(request);
  }
  const woken = v.locks.localDone(lock);
  if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
  // Safety: what this copy lacks is not acknowledged before the failure has been taken notice of, by the step above.
  if (error === undefined) answerIfDone(r, request);
  else r.steps.push({ step: "answer-write", request });
}

/** The peer has cleared its bits for this write, and so may we, once our disk has it too. */
export function clearIfInSync(request: AppRequest): void {
  if (!request.inSync || request.localPending || request.localError !== undefined) return;
  if (request.volume.disk >= Disk.Inconsistent) markInSync(request.volume, request);
}

/** Answers a write when all that its answer promises has happened. */
export function answerIfDone(r: Resource, request: AppRequest): void {
  if (request.answered || request.localPending || request.net === Net.Sent) return;
  const v = request.volume;
  const shared = request.net === Net.Done;
  // Safety: what only this node has is not acknowledged before its new generation is on disk,
  // nor what only the peer has before this copy's metadata say that it lacks something.
  const early = shared
    ? request.localError !== undefined && v.spoilWriting
    : v.generationWriting || v.newGenerationPending || r.resending !== undefined;
  if (early) {
    v.unanswered.push(request);
    return;
  }
  if (request.refused) finish(r, request, "io-error");
  else if (shared) finish(r, request, undefined);
  else if (request.localError === "ENOSPC") finish(r, request, "no-space");
  else if (request.localError !== undefined || v.backing === undefined)
    finish(r, request, "io-error");
  // Safety: alone, only an UpToDate copy that has it counts; another one will be overwritten by the peer's.
  else
    finish(r, request, v.disk === Disk.UpToDate && hasLocalCopy(request) ? undefined : "io-error");
}

/** Metadata that answers waited for are written. */
export function answerWaiting(r: Resource, v: Volume): void {
  const waiting = v.unanswered;
  v.unanswered = [];
  for (const request of waiting) answerIfDone(r, request);
}

/** Gives the answer, and lets go of all that was held for the request but its share in the transfer log. */
export function finish(r: Resource, request: AppRequest, error: IoErrorCode | undefined): void {
  assert(!request.answered, "a request is answered once");
  const v = request.volume;
  request.answered = true;
  // Safety: what only a peer has may have to be sent to it again; the asker is free to change its bytes now.
  const onlyThere = !request.forgotten && !hasLocalCopy(request);
  request.bytes = onlyThere ? request.bytes?.slice() : undefined;
  v.appPending--;
  noteAnswer(v.yielding, elapsedMs(request.askedAt, r.now), isSyncing(v), r.now);
  closeEpochSoon(r, request);
  if (request.lock !== undefined) {
    const woken = v.locks.remove(request.lock);
    request.lock = undefined;
    if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
  }
  if (request.forgotten) forget(r, request);
  reply(r, request, error);
  if (v.appPending === 0 && r.demotion !== undefined) r.steps.push({ step: "demotion-next" });
}

/** What is written from here on may depend on this write: it must not be in the same epoch. */
export function closeEpochSoon(r: Resource, request: AppRequest): void {
  if (request.epoch === undefined || request.epoch !== r.log.current) return;
  request.epoch.mustClose = true;
  r.barrierAt ??= idleBarrierAt(r);
}

/** The peer's part is over (its barrier ack, or the connection's end): the log's extents may be evicted again. */
export function forget(r: Resource, request: AppRequest): void {
  if (!request.forgotten) request.volume.underWayBytes -= request.length;
  request.forgotten = true;
  request.epoch = undefined;
  if (!request.answered) return;
  request.bytes = undefined;
  releaseExtents(r, request);
}

/** The local disk has what the write wrote, or what came after it. */
export function hasLocalCopy(request: AppRequest): boolean {
  const { backing, disk } = request.volume;
  if (backing === undefined || disk < Disk.Inconsistent) return false;
  return request.writtenTo === backing && request.localError === undefined;
}

function writeLocally(r: Resource, request: AppRequest): void {
  const { offset, length, fua, mayUnmap } = request;
  request.localPending = true;
  request.writtenTo = request.volume.backing;
  request.volume.counters.written += length;
  if (request.kind === "zero") {
    zeroDisk(r, request, { offset, length, mayUnmap, durable: fua });
    return;
  }
  const { bytes } = request;
  assert(bytes !== undefined, "an unanswered write has its bytes");
  writeDisk(r, request, { device: "data", offset, bytes, durable: fua });
}

function reply(r: Resource, request: AppRequest, error: IoErrorCode | undefined): void {
  const { parent } = request;
  if (parent === undefined) {
    replyIo(r, request.id, error);
    return;
  }
  parent.error ??= error;
  parent.pending--;
  if (parent.pending === 0) replyIo(r, parent.id, parent.error);
}

function newRequest(
  r: Resource,
  volume: Volume,
  request: WriteRequest | ZeroRequest,
  part: {
    readonly offset: number;
    readonly length: number;
    readonly parent: AppParent | undefined;
  },
): AppRequest {
  volume.appPending++;
  const { offset, length, parent } = part;
  const write = request.kind === "write";
  const whole = parent === undefined;
  const start = offset - request.offset;
  return {
    kind: write ? "write" : "zero",
    id: request.id,
    parent,
    volume,
    offset,
    length,
    bytes: !write
      ? undefined
      : whole
        ? request.bytes
        : request.bytes.subarray(start, start + length),
    mayUnmap: request.kind === "discard" || (request.kind === "write-zeroes" && request.mayUnmap),
    fua: request.fua,
    askedAt: r.now,
    token: nextToken(r),
    lock: undefined,
    log: undefined,
    localPending: false,
    localError: undefined,
    writtenTo: undefined,
    net: Net.None,
    ack: "none",
    inSync: false,
    answered: false,
    refused: false,
    forgotten: true,
    epoch: undefined,
    sentAt: r.now,
  };
}
