/**
 * As SyncTarget: this node drives the resync. It walks its bitmap, asks, writes what comes, clears the bits and acks; at
 * the end it makes all stable, takes over the source's generation, and says so.
 *
 * Invariants:
 * - Nothing is asked for before the metadata say "Inconsistent" and the united bitmap is on disk.
 * - The disk is UpToDate only after all that came is on stable storage.
 */
import { assert } from "../../../base/assert.ts";
import { after, type Instant } from "../../../base/time.ts";
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import type { AckPacket, DataPacket, RangePacket } from "../../../formats/drbd/packet.ts";
import { Feature, sectorBytes, syncerId } from "../../../formats/drbd/packet-flags.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { sendPing } from "../connection/ping.ts";
import { sendState } from "../connection/send-parameters.ts";
import {
  findAllocation,
  notice,
  runHandler,
  sendData,
  sendMeta,
  writeDisk,
  zeroDisk,
} from "../emit.ts";
import type { DiskDone } from "../events.ts";
import { finishSyncTarget, formatUuids } from "../generation/generation-uuids.ts";
import { blockBytes } from "../metadata/bitmap.ts";
import { writeMetadata } from "../metadata/metadata-writer.ts";
import { markInSync } from "../out-of-sync.ts";
import { type RangeLock, Use } from "../requests/range-locks.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { LockOwner, ResyncRequest, ResyncWrite, Volume } from "../volume.ts";
import { targetIsReady } from "./before-resync.ts";
import { noteWritten } from "./progress-saved.ts";
import { checksumRequestBytes, checksumsFor, readForChecksum } from "./resync-checksums.ts";
import { endRun, markProgress, newRun } from "./resync-progress.ts";
import {
  fillBudget,
  mayAsk,
  onDataCame,
  onZerosCame,
  presentRate,
  rateCap,
  rateTickMs,
  requestBytesAt,
} from "./resync-rate.ts";
import { beganText } from "./resync-source.ts";
import { beginYielding } from "./yielding.ts";

/** P_SYNC_UUID: the source is ready. */
export function onSyncUuid(r: Resource, v: Volume, uuid: bigint): void {
  // Its answer to "invalidate" takes the other socket, and may come after this.
  const asked = r.change?.purpose === "invalidate" && r.change.volumes.includes(v);
  if (asked || v.conn === Conn.WFBitMapT || v.conn === Conn.StartingSyncT) {
    v.pendingSyncUuid = uuid;
    return;
  }
  if (v.conn !== Conn.WFSyncUUID && v.conn !== Conn.Behind) return;
  targetIsReady(r, v, uuid);
}

/** The state has become SyncTarget (or PausedSyncT). */
export function beginSyncTarget(r: Resource, v: Volume): void {
  const { backing } = v;
  assert(backing !== undefined, "a target has a disk");
  v.resync = newRun(r, backing.bitmap.weight);
  v.resync.checksums = checksumsFor(r, v, backing);
  beginYielding(v.yielding, rateCap(v.settings), r.now);
  notice(r, "info", "resync-began", beganText("SyncTarget", backing.bitmap.weight), {
    volume: v,
    fields: { bits: backing.bitmap.weight, label: v.lastSyncDecision },
  });
  // Safety: from the first block on this copy is neither the old nor the new one; its metadata say so before that.
  writeMetadata(
    r,
    v,
    [{ op: "pages", pages: "dirty" }, { op: "superblock" }],
    [{ step: "target-ready", volume: v.number, session: r.link.session }],
  );
}

export function onTargetReady(r: Resource, v: Volume): void {
  if (v.resync === undefined) return;
  v.resync.ready = true;
  askForMore(r, v);
}

/** When `askForMore` has to be called again. */
export function resyncDeadline(v: Volume): Instant | undefined {
  const run = v.resync;
  if (run === undefined || !run.ready || v.conn !== Conn.SyncTarget || run.ending !== "no") {
    return undefined;
  }
  return after(run.pace.budgetAt, rateTickMs);
}

/** Asks for as many blocks as the rate allows; begins the end when none is left. */
export function askForMore(r: Resource, v: Volume): void {
  const { backing, resync: run } = v;
  if (run === undefined || backing === undefined) return;
  if (!run.ready || v.conn !== Conn.SyncTarget || run.ending !== "no") return;
  fillBudget(r, run.pace, v);
  markProgress(r, v);
  const { bitmap } = backing;
  while (run.position < bitmap.bits) {
    const allowed = mayAsk(r, run.pace, v);
    if (allowed < blockBytes) return;
    const from = bitmap.nextSet(run.position);
    if (from === bitmap.bits) {
      run.position = from;
      break;
    }
    const requestMax =
      run.checksums === undefined ? requestBytesAt(presentRate(r, v)) : checksumRequestBytes;
    const most = Math.min(requestMax, allowed) / blockBytes;
    // A request stays inside an aligned piece of that size, so that neighbours meet where requests end.
    const unit = requestMax / blockBytes;
    const border = from - (from % unit) + unit;
    const limit = Math.min(from + Math.floor(most), border, bitmap.bits);
    const to = Math.min(limit, bitmap.endOfRun(from));
    run.position = to;
    ask(r, v, from, to);
  }
  finishIfDone(r, v);
}

/** P_RS_DATA_REPLY. @returns what is wrong with the packet, if anything is. */
export function onResyncData(r: Resource, v: Volume, packet: DataPacket): string | undefined {
  const { sector, id, payload } = packet;
  v.counters.received += payload.length;
  if (v.resync !== undefined) onDataCame(r, v.resync.pace, v, payload.length);
  return take(r, v, { sector, id, sizeBytes: payload.length, bytes: payload });
}

/** P_RS_DEALLOCATED: the range reads as zeros. */
export function onDeallocated(r: Resource, v: Volume, packet: RangePacket): string | undefined {
  const { sector, sizeBytes } = packet;
  if (v.resync !== undefined) onZerosCame(v.resync.pace);
  return take(r, v, { sector, id: syncerId, sizeBytes, bytes: undefined });
}

/** The source can't read the block. Its bits stay set. */
export function onNegativeResyncReply(r: Resource, v: Volume, packet: AckPacket): void {
  const offset = packet.sector * sectorBytes;
  const request = v.locks.find({ offset, length: packet.sizeBytes }, Use.ResyncRequest);
  if (request === undefined || v.resync === undefined) return;
  if (request.owner.kind === "resync-request" && request.owner.answered) return;
  v.resync.failedBits += Math.ceil(packet.sizeBytes / blockBytes);
  v.resync.pace.inFlightBytes -= packet.sizeBytes;
  unlock(r, v, request);
  askForMore(r, v);
}

/** The resync has come to an end that is not its own: a disk is gone, or the connection. */
export function abortResync(r: Resource, v: Volume): void {
  v.resync = undefined;
  // Safety: nothing that still comes is written; and no user's write waits for what may never come.
  const woken = v.locks.removeAll(Use.ResyncRequest);
  if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
}

/** Nothing else is being written there. */
export function startResyncWrite(
  r: Resource,
  lock: RangeLock<LockOwner>,
  write: ResyncWrite,
): void {
  const { volume, sector, sizeBytes, bytes } = write;
  const offset = sector * sectorBytes;
  if (volume.backing === undefined || volume.disk < Disk.Inconsistent) {
    endResyncWrite(r, lock, write, "EIO");
    return;
  }
  const task = { kind: "resync-write-done", volume, write, lock } as const;
  if (bytes === undefined) {
    // Zeros over a hole are no work: first see what is there.
    findAllocation(r, { ...task, probe: true }, { offset, length: sizeBytes });
    return;
  }
  volume.counters.written += sizeBytes;
  writeDisk(r, { ...task, probe: false }, { device: "data", offset, bytes, durable: false });
}

export function onResyncWriteDone(
  r: Resource,
  task: {
    readonly write: ResyncWrite;
    readonly lock: RangeLock<LockOwner>;
    readonly probe: boolean;
  },
  done: DiskDone,
): void {
  const { write, lock } = task;
  const { volume, sector, sizeBytes } = write;
  if (task.probe) {
    const whole = [{ offset: sector * sectorBytes, length: sizeBytes, hole: false }];
    const extents = done.error === undefined ? (done.extents ?? whole) : whole;
    const parts = extents.filter((extent) => !extent.hole);
    write.partsPending = parts.length;
    for (const { offset, length } of parts) {
      const again = { kind: "resync-write-done", volume, write, lock, probe: false } as const;
      zeroDisk(r, again, { offset, length, mayUnmap: true, durable: false });
    }
    if (parts.length === 0) endResyncWrite(r, lock, write, undefined);
    return;
  }
  write.partsPending--;
  write.error ??= done.error;
  if (write.partsPending <= 0) endResyncWrite(r, lock, write, write.error);
}

/** The peer has answered the ping that followed the last ack: it knows that all is written. */
export function onEndingPingAcked(r: Resource, v: Volume): void {
  const { resync: run } = v;
  if (run === undefined || run.ending !== "ping" || r.link.pingsAcked < run.endingPing) return;
  run.ending = "saving";
  if (run.failedBits > 0) {
    targetFinished(r, v);
    return;
  }
  // Safety: the data are stable before the metadata call them UpToDate.
  writeMetadata(
    r,
    v,
    [{ op: "flush-data" }, { op: "pages", pages: "dirty" }],
    [{ step: "target-finished", volume: v.number, session: r.link.session }],
  );
}

/** All that came is on stable storage. */
export function targetFinished(r: Resource, v: Volume): void {
  const { backing, resync: run } = v;
  if (backing === undefined || run === undefined || run.ending !== "saving") return;
  const failed = run.failedBits > 0;
  endRun(r, v, "SyncTarget");
  if (!failed) {
    const { uuids } = v.peer;
    assert(uuids !== undefined, "the source has told its UUIDs");
    assert(backing.bitmap.weight === 0, "a finished target has no differing block");
    backing.uuids = finishSyncTarget(backing.uuids, uuids, r.role === Role.Primary);
    v.peer.uuids = backing.uuids;
    v.exposedUuid = backing.uuids.current;
    backing.crashedPrimary = false;
    backing.spoiled = false;
    notice(r, "info", "uuids-updated", `updated UUIDs ${formatUuids(backing.uuids)}`, {
      volume: v,
    });
    runHandler(r, "after-resync-target", v);
  }
  const disk = failed ? Disk.Inconsistent : Disk.UpToDate;
  forceState(r, (s) => ({ ...s, conn: Conn.Connected, disk }), [v]);
  // The source relies on being told. Safety: what it is told is on disk first.
  const tell = { step: "tell-state", volume: v.number, session: r.link.session } as const;
  writeMetadata(r, v, [{ op: "superblock" }], [tell]);
}

export function tellState(r: Resource, v: Volume): void {
  sendState(r, v);
}

function ask(r: Resource, v: Volume, fromBit: number, toBit: number): void {
  const offset = fromBit * blockBytes;
  const length = Math.min(toBit * blockBytes, v.sizeBytes) - offset;
  const sector = offset / sectorBytes;
  const request: ResyncRequest = {
    kind: "resync-request",
    volume: v,
    sector,
    sizeBytes: length,
    answered: false,
  };
  const lock = v.locks.add({ offset, length }, Use.ResyncRequest, request);
  if (v.resync !== undefined) v.resync.pace.inFlightBytes += length;
  if (lock.active) sendResyncRequest(r, request);
}

/** No write of this node's own that the source does not have yet stands in the way. */
export function sendResyncRequest(r: Resource, request: ResyncRequest): void {
  const { volume: v, sector, sizeBytes } = request;
  if (v.resync?.checksums !== undefined) {
    readForChecksum(r, request);
    return;
  }
  const thin = (r.link.features & Feature.ThinResync) !== 0;
  const type = thin ? PacketType.RsThinReq : PacketType.RsDataRequest;
  sendData(r, { type, volume: v.number, sector, id: syncerId, sizeBytes });
}

function take(
  r: Resource,
  v: Volume,
  block: {
    readonly sector: number;
    readonly id: bigint;
    readonly sizeBytes: number;
    readonly bytes: Uint8Array | undefined;
  },
): string | undefined {
  const { sector, sizeBytes } = block;
  const range = { offset: sector * sectorBytes, length: sizeBytes };
  const request = v.locks.find(range, Use.ResyncRequest);
  const asked = request?.owner.kind === "resync-request" ? request.owner : undefined;
  if (asked === undefined || asked.sector !== sector || asked.sizeBytes !== sizeBytes) {
    // What was asked for before the resync was given up: its bits are still set.
    if (v.resync === undefined) return undefined;
    return "a resync reply that was not asked for";
  }
  // Safety: two writes to one place must not be under way together.
  if (asked.answered) return "a resync reply that has come before";
  asked.answered = true;
  const write: ResyncWrite = {
    kind: "resync-write",
    session: r.link.session,
    volume: v,
    request: request as RangeLock<LockOwner>,
    ...block,
    partsPending: 1,
    error: undefined,
  };
  v.peerIoPending++;
  if (v.resync !== undefined) v.resync.pace.writingBytes += sizeBytes;
  const lock = v.locks.add(range, Use.ResyncWrite, write);
  if (lock.active) startResyncWrite(r, lock, write);
  return undefined;
}

function endResyncWrite(
  r: Resource,
  lock: RangeLock<LockOwner>,
  write: ResyncWrite,
  error: string | undefined,
): void {
  const { volume: v, sector, sizeBytes } = write;
  const range = { offset: sector * sectorBytes, length: sizeBytes };
  unlock(r, v, lock);
  v.peerIoPending--;
  if (error !== undefined) {
    const what = `write ${sizeBytes} bytes at ${range.offset} of a resync`;
    r.steps.push({ step: "disk-failed", volume: v, what, error, metadata: false });
  }
  // A connection that is lost has taken its requests' locks with it.
  // So has a resync that was given up.
  if (write.session === r.link.session && v.locks.holds(write.request)) {
    unlock(r, v, write.request);
    if (v.resync !== undefined) {
      v.resync.pace.inFlightBytes -= sizeBytes;
      v.resync.pace.writingBytes -= sizeBytes;
      if (error !== undefined) v.resync.failedBits += Math.ceil(sizeBytes / blockBytes);
    }
    if (error === undefined) {
      markInSync(v, range);
      if (write.bytes !== undefined) noteWritten(r, v, sizeBytes);
    }
    ackBlock(r, write, error === undefined);
    askForMore(r, v);
  }
  if (v.peerIoPending === 0 && r.link.phase === "idle") r.steps.push({ step: "reconnect" });
}

function ackBlock(r: Resource, write: ResyncWrite, good: boolean): void {
  const { volume: v, sector, sizeBytes, id } = write;
  v.sendSeq = (v.sendSeq + 1) >>> 0;
  sendMeta(r, {
    type: good ? PacketType.RsWriteAck : PacketType.NegAck,
    volume: v.number,
    sector,
    id,
    sizeBytes,
    seq: v.sendSeq,
  });
}

function finishIfDone(r: Resource, v: Volume): void {
  const { backing, resync: run } = v;
  if (run === undefined || backing === undefined || run.ending !== "no") return;
  if (run.position < backing.bitmap.bits || run.pace.inFlightBytes > 0) return;
  const left = backing.bitmap.weight;
  if (left > run.failedBits) {
    // Bits were set behind the position: they are next.
    run.position = 0;
    if (mayAsk(r, run.pace, v) >= blockBytes) askForMore(r, v);
    return;
  }
  run.ending = "ping";
  run.endingPing = sendPing(r);
}

function unlock(r: Resource, v: Volume, lock: RangeLock<LockOwner>): void {
  const woken = v.locks.remove(lock);
  if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
}
