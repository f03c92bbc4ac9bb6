/**
 * Writes that the peer sends: written here in their order where they overlap, acked one by one, and made stable epoch
 * by epoch (epoch-flush.ts).
 *
 * Invariants:
 * - A write is acked only when the local disk has it.
 * - While the Primary is diskless this is the only copy: its writes take the activity log and mark their blocks.
 */
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import type { AckPacket, DataPacket, ZeroPacket } from "../../../formats/drbd/packet.ts";
import {
  DataFlag,
  requestBytesMax,
  sectorBytes,
  zeroRequestBytesMax,
} from "../../../formats/drbd/packet-flags.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { sendMeta, writeDisk, zeroDisk } from "../emit.ts";
import { activateExtents, releaseExtents } from "../metadata/al-transactions.ts";
import { markInSync, markOutOfSync } from "../out-of-sync.ts";
import { Use } from "../requests/range-locks.ts";
import type { Resource } from "../resource.ts";
import { inResync } from "../state/sync-states.ts";
import type { PeerWrite, Volume } from "../volume.ts";
import { flushClosedEpochs } from "./epoch-flush.ts";
import { type PeerConflict, peerConflict } from "./peer-conflict.ts";
import { drainable, mustDrainFirst } from "./peer-epochs.ts";

/**
 * Bytes of the peer's writes that wait or are under way on a volume, at most. Protocol A has nothing that would hold a
 * Primary back whose peer's disk is slow: the connection is lost before this process' memory is.
 */
const pendingBytesMax = 512 * 1024 * 1024;
/** Writes and reads of the peer that wait or are under way on a volume, at most. */
const pendingRequestsMax = 65_536;

/** What the peer wants done at once is more than it may. @returns that in words. */
export function tooMuchForPeer(v: Volume): string | undefined {
  if (v.peerWriteBytes > pendingBytesMax) {
    return `more than ${pendingBytesMax} bytes of the peer's wait for this disk`;
  }
  if (v.peerIoPending > pendingRequestsMax) {
    return `more than ${pendingRequestsMax} requests of the peer's wait for this disk`;
  }
  return undefined;
}

/** @returns what is wrong with the packet, if anything is. */
export function onPeerWrite(
  r: Resource,
  v: Volume,
  packet: DataPacket | ZeroPacket,
): string | undefined {
  const length = "payload" in packet ? packet.payload.length : packet.sizeBytes;
  const max = "payload" in packet ? requestBytesMax : zeroRequestBytesMax;
  const offset = packet.sector * sectorBytes;
  if (length === 0 || length % sectorBytes !== 0 || length > max)
    return `a write of ${length} bytes`;
  if (v.sizeBytes > 0 && offset + length > v.sizeBytes)
    return "a write beyond the end of the volume";
  // (Deviation: the kernel writes whatever comes. Nobody has a reason to send this, and the data may be in use here.)
  if (r.link.peerRole !== Role.Primary) return "a write from a node that is not Primary";
  const epoch = r.peerEpochs.current;
  epoch.size++;
  v.counters.received += length;
  if (v.backing === undefined || v.disk < Disk.Inconsistent) {
    ack(r, v, PacketType.NegAck, { sector: packet.sector, id: packet.id, length });
    return undefined;
  }
  const write: PeerWrite = {
    kind: "peer-write",
    session: r.link.session,
    volume: v,
    sector: packet.sector,
    id: packet.id,
    offset,
    length,
    bytes: "payload" in packet ? packet.payload : undefined,
    flags: packet.flags,
    mayUnmap: packet.type === PacketType.Trim || (packet.flags & DataFlag.Discard) !== 0,
    epoch,
    onlyCopy: peerIsDiskless(v),
    // In a resync a write of protocol A or B asks for P_WRITE_ACK, but its answer does not wait for that.
    early: r.net.protocol !== "C" || (packet.flags & DataFlag.SendWriteAck) === 0,
    lock: undefined,
    log: undefined,
  };
  // Safety: before the peer's next packet, by which it may have a disk again and want to know what that lacks.
  if (write.onlyCopy) markOutOfSync(v, write);
  epoch.active++;
  epoch.volumes.add(v);
  v.peerIoPending++;
  v.peerWriteBytes += write.bytes?.length ?? 0;
  if (write.early) epoch.early = true;
  if ((write.flags & DataFlag.SendReceiveAck) !== 0) ack(r, v, PacketType.RecvAck, write);
  // Locked also if it has to wait for an older epoch: what the peer asks for next must see it.
  write.lock = v.locks.add(write, Use.PeerWrite, write);
  if (write.lock.active) startPeerWrite(r, write);
  return undefined;
}

/** Nothing that overlaps is under way any more. */
export function startPeerWrite(r: Resource, write: PeerWrite): void {
  const v = write.volume;
  if (write.early && r.link.phase !== "running") {
    // Safety: what came before it may not have been begun when the connection was lost, and is not going to be.
    endPeerWrite(r, write);
    return;
  }
  if (mustDrainFirst(r.peerEpochs, write.epoch)) {
    r.peerDrain.push(write);
    return;
  }
  if (v.generationWriting) {
    // The peer's disk is gone: this is the only copy, and its metadata are about to say so.
    v.waitingPeerWrites.push(write);
    return;
  }
  const conflict = peerConflict(r, write);
  if (conflict !== "none") {
    settleConflict(r, write, conflict);
    return;
  }
  if (write.onlyCopy || peerIsDiskless(v)) {
    markOutOfSync(v, write);
    if (!activateExtents(r, write)) return;
  }
  writePeerData(r, write);
}

export function writePeerData(r: Resource, write: PeerWrite): void {
  const { volume, offset, length, bytes, mayUnmap } = write;
  const durable = (write.flags & DataFlag.Fua) !== 0;
  if (volume.backing === undefined || volume.disk < Disk.Inconsistent) {
    finishPeerWrite(r, write, "EIO");
    return;
  }
  volume.counters.written += length;
  if (bytes === undefined) zeroDisk(r, write, { offset, length, mayUnmap, durable });
  else writeDisk(r, write, { device: "data", offset, bytes, durable });
}

export function finishPeerWrite(r: Resource, write: PeerWrite, error: string | undefined): void {
  const v = write.volume;
  if (error !== undefined) {
    markOutOfSync(v, write);
    const what = `write ${write.length} bytes at ${write.offset} for the peer`;
    r.steps.push({ step: "disk-failed", volume: v, what, error, metadata: false });
    // The answer waits until this copy's metadata say that it lacks something.
    v.failedPeerWrites.push(write);
  } else if (write.session === r.link.session) {
    ackPeerWrite(r, write);
  }
  releaseExtents(r, write);
  endPeerWrite(r, write);
}

/** The metadata say that this copy lacks something: the peer is told which writes. */
export function refuseFailedWrites(r: Resource, v: Volume): void {
  const failed = v.failedPeerWrites;
  v.failedPeerWrites = [];
  for (const write of failed) {
    if (write.session === r.link.session) ack(r, v, PacketType.NegAck, write);
  }
}

/** The connection is lost: what has not begun is not begun. */
export function abandonPeerDrain(r: Resource): void {
  const waiting = r.peerDrain;
  r.peerDrain = [];
  for (const write of waiting) endPeerWrite(r, write);
  for (const v of r.volumes) {
    const held = v.waitingPeerWrites;
    v.waitingPeerWrites = [];
    for (const write of held) endPeerWrite(r, write);
  }
}

/** What they waited for may have changed. */
export function retryWaitingWrites(r: Resource, v: Volume): void {
  const waiting = v.waitingPeerWrites;
  v.waitingPeerWrites = [];
  for (const write of waiting) startPeerWrite(r, write);
}

/** The Primary writes nowhere but here. */
function peerIsDiskless(v: Volume): boolean {
  return v.pdsk < Disk.Inconsistent && v.conn >= Conn.Connected;
}

function ackPeerWrite(r: Resource, write: PeerWrite): void {
  const v = write.volume;
  const maySetInSync = (write.flags & DataFlag.MaySetInSync) !== 0 && inResync(v.conn);
  if (maySetInSync) markInSync(v, write);
  if ((write.flags & DataFlag.SendWriteAck) === 0) return;
  ack(r, v, maySetInSync ? PacketType.RsWriteAck : PacketType.WriteAck, write);
}

function settleConflict(r: Resource, write: PeerWrite, conflict: PeerConflict): void {
  if (conflict === "wait") {
    write.volume.waitingPeerWrites.push(write);
    return;
  }
  const type = conflict === "superseded" ? PacketType.Superseded : PacketType.RetryWrite;
  if (write.session === r.link.session) ack(r, write.volume, type, write);
  endPeerWrite(r, write);
}

/** Its part of the epoch is done, and others may go on. */
function endPeerWrite(r: Resource, write: PeerWrite): void {
  const v = write.volume;
  v.peerIoPending--;
  v.peerWriteBytes -= write.bytes?.length ?? 0;
  write.epoch.active--;
  if (write.lock !== undefined) {
    const woken = v.locks.remove(write.lock);
    write.lock = undefined;
    if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
  }
  if (write.epoch.active === 0 && r.peerDrain.length > 0) drain(r);
  flushClosedEpochs(r);
  if (v.peerIoPending === 0 && r.link.phase === "idle") r.steps.push({ step: "reconnect" });
}

function drain(r: Resource): void {
  const { begun, rest } = drainable(r.peerEpochs, r.peerDrain);
  r.peerDrain = rest;
  for (const write of begun) startPeerWrite(r, write);
}

function ack(
  r: Resource,
  v: Volume,
  type: AckPacket["type"],
  write: { readonly sector: number; readonly id: bigint; readonly length: number },
): void {
  v.sendSeq = (v.sendSeq + 1) >>> 0;
  sendMeta(r, {
    type,
    volume: v.number,
    sector: write.sector,
    id: write.id,
    sizeBytes: write.length,
    seq: v.sendSeq,
  });
}
