/** As SyncSource: blocks are served as the target asks for them; it also says when it has got all. */
import { assert } from "../../../base/assert.ts";
import { equalBytes, isAllZero } from "../../../base/bytes.ts";
import { Conn, Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import type { AckPacket, DigestPacket, RequestPacket } from "../../../formats/drbd/packet.ts";
import { requestBytesMax, sectorBytes, syncerId } from "../../../formats/drbd/packet-flags.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { digestNamed } from "../digest.ts";
import { findAllocation, notice, readDisk, runHandler, sendData, sendMeta } from "../emit.ts";
import type { AllocationExtent, DiskDone } from "../events.ts";
import {
  endBitmapGeneration,
  formatUuids,
  randomUuid,
  startSyncSource,
} from "../generation/generation-uuids.ts";
import { blockBytes } from "../metadata/bitmap.ts";
import { writeMetadata, writeSuperblock } from "../metadata/metadata-writer.ts";
import { markInSync } from "../out-of-sync.ts";
import { mayServeNow, nextServed, refundZeros } from "../peer/serve-requests.ts";
import { type RangeLock, Use } from "../requests/range-locks.ts";
import type { Resource } from "../resource.ts";
import { forceState } from "../state/state-change.ts";
import type { LockOwner, ResyncRead, Volume } from "../volume.ts";
import { endRun, newRun } from "./resync-progress.ts";
import { rateCap } from "./resync-rate.ts";
import { noteVerifyRequest } from "./verify-target.ts";
import { beginYielding } from "./yielding.ts";

/** Zeros in less than this, in bytes, are found by reading: that is quicker than asking where the holes are. */
const probedBytesMin: number = 64 * 1024;

/** Both bitmaps are united: a new sync UUID is written, then told to the target, which begins to ask. */
export function beginSyncSource(r: Resource, v: Volume): void {
  const { backing } = v;
  assert(backing !== undefined, "a source has a disk");
  v.resync = newRun(r, backing.bitmap.weight);
  beginYielding(v.yielding, rateCap(v.settings), r.now);
  backing.uuids = startSyncSource(backing.uuids, randomUuid(r.prng));
  notice(r, "info", "resync-began", beganText("SyncSource", backing.bitmap.weight), {
    volume: v,
    fields: { bits: backing.bitmap.weight, label: v.lastSyncDecision },
  });
  // Safety: the target takes this UUID for its data; a source that forgot it would not know its own target again.
  writeMetadata(
    r,
    v,
    [{ op: "pages", pages: "dirty" }, { op: "superblock" }],
    [{ step: "send-sync-uuid", volume: v.number, session: r.link.session }],
  );
}

export function sendSyncUuid(r: Resource, v: Volume): void {
  const { backing } = v;
  if (backing === undefined || v.resync === undefined) return;
  sendData(r, { type: PacketType.SyncUuid, volume: v.number, uuid: backing.uuids.bitmap });
}

/**
 * P_RS_DATA_REQUEST, P_RS_THIN_REQ, P_CSUM_RS_REQUEST, P_OV_REQUEST: a block is wanted, or its digest.
 * @returns what is wrong with the packet, if anything is.
 */
export function onResyncRequest(
  r: Resource,
  v: Volume,
  packet: RequestPacket | DigestPacket,
): string | undefined {
  const { sector, sizeBytes } = packet;
  const offset = sector * sectorBytes;
  if (sizeBytes === 0 || sizeBytes % sectorBytes !== 0 || sizeBytes > requestBytesMax) {
    return `a request for ${sizeBytes} bytes`;
  }
  if (offset + sizeBytes > v.sizeBytes) return "a request beyond the end of the volume";
  if (packet.type === PacketType.OvRequest) noteVerifyRequest(r, v, sector);
  if (mayServeNow(r, v, packet)) serve(r, v, packet);
  return undefined;
}

/** Requests that have waited for the guests' sake. */
export function serveWaiting(r: Resource, v: Volume): void {
  for (let next = nextServed(r, v); next !== undefined; next = nextServed(r, v)) serve(r, v, next);
}

function serve(r: Resource, v: Volume, packet: RequestPacket | DigestPacket): void {
  const { sector, sizeBytes, id } = packet;
  if (v.backing === undefined || v.disk !== Disk.UpToDate) {
    refuseRead(r, v, packet);
    return;
  }
  const session = r.link.session;
  const want = wantOf(packet);
  const read: ResyncRead = { kind: "resync-read", session, volume: v, sector, id, sizeBytes, want };
  v.peerIoPending++;
  const range = { offset: sector * sectorBytes, length: sizeBytes };
  const lock = v.locks.add(range, Use.ResyncRead, read);
  if (lock.active) startResyncRead(r, lock, read);
}

/** No write is under way there any more: what is read now is not older than anything sent before. */
export function startResyncRead(r: Resource, lock: RangeLock<LockOwner>, read: ResyncRead): void {
  const { volume } = read;
  const offset = read.sector * sectorBytes;
  const length = read.sizeBytes;
  const stale = read.session !== r.link.session;
  if (stale || volume.disk !== Disk.UpToDate) {
    if (!stale) refuseRead(r, volume, read);
    endRead(r, lock, read);
    return;
  }
  const thin = read.want.answer === "thin" && length >= probedBytesMin;
  const task = { kind: "resync-read-done", volume, read, lock, probe: thin } as const;
  if (thin) findAllocation(r, task, { offset, length });
  else readDisk(r, task, { device: "data", offset, length, forPeer: true });
}

export function onResyncReadDone(
  r: Resource,
  task: {
    readonly read: ResyncRead;
    readonly lock: RangeLock<LockOwner>;
    readonly probe: boolean;
  },
  done: DiskDone,
): void {
  const { read, lock } = task;
  const { volume, sector, sizeBytes, session } = read;
  const stale = session !== r.link.session;
  if (task.probe && !stale && volume.disk === Disk.UpToDate) {
    if (done.error !== undefined || !allHoles(done.extents)) {
      const again = { kind: "resync-read-done", volume, read, lock, probe: false } as const;
      const offset = sector * sectorBytes;
      readDisk(r, again, { device: "data", offset, length: sizeBytes, forPeer: true });
      return;
    }
    tellZeros(r, read);
  } else if (!stale && done.bytes !== undefined && done.error === undefined) {
    reply(r, read, done.bytes);
  } else {
    if (!stale) refuseRead(r, volume, read);
    if (done.error !== undefined) {
      const what = `read ${sizeBytes} bytes at ${sector * sectorBytes} for a resync`;
      r.steps.push({ step: "disk-failed", volume, what, error: done.error, metadata: false });
    }
  }
  endRead(r, lock, read);
}

/** The target has written a block: it does not differ any more. */
export function onResyncWriteAck(v: Volume, packet: AckPacket): void {
  if (packet.type === PacketType.RsWriteAck) {
    markInSync(v, { offset: packet.sector * sectorBytes, length: packet.sizeBytes });
  } else if (v.resync !== undefined) {
    v.resync.failedBits += Math.ceil(packet.sizeBytes / blockBytes);
  }
}

/** The target has said that it is UpToDate. */
export function finishSyncSource(r: Resource, v: Volume): void {
  const { backing, resync } = v;
  if (backing === undefined || resync === undefined) return;
  const left = backing.bitmap.weight;
  if (left > resync.failedBits) {
    const text = `the target says that it is UpToDate, with ${left} bits left here`;
    notice(r, "error", "resync-unfinished", text, { volume: v });
    // A new handshake finds out who is right: by their UUIDs the bits that are left are synced again.
    const reason = "the two nodes disagree about the end of the resync";
    const { session } = r.link;
    r.steps.push({ step: "drop-connection", session, conn: Conn.ProtocolError, reason });
    return;
  }
  endRun(r, v, "SyncSource");
  backing.uuids = endBitmapGeneration(backing.uuids);
  // The target has taken them over: a later resync without a handshake (invalidate) builds on that.
  v.peer.uuids = backing.uuids;
  backing.crashedPrimary = false;
  notice(r, "info", "uuids-updated", `updated UUIDs ${formatUuids(backing.uuids)}`, { volume: v });
  forceState(r, (s) => ({ ...s, conn: Conn.Connected, pdsk: Disk.UpToDate }), [v]);
  writeMetadata(r, v, [{ op: "pages", pages: "dirty" }]);
  writeSuperblock(r, v);
  if (v.settings.fencing !== "dont-care" && r.role === Role.Primary) runHandler(r, "unfence-peer");
}

/** The target has got all but what could not be read here: it stays Inconsistent, and the bits and UUIDs stay. */
export function endSyncSource(r: Resource, v: Volume): void {
  if (v.resync === undefined) return;
  endRun(r, v, "SyncSource");
  forceState(r, (s) => ({ ...s, conn: Conn.Connected, pdsk: Disk.Inconsistent }), [v]);
}

export function beganText(as: string, bits: number): string {
  return `Began resync as ${as} (will sync ${bits * 4} KB [${bits} bits set]).`;
}

function wantOf(packet: RequestPacket | DigestPacket): ResyncRead["want"] {
  switch (packet.type) {
    case PacketType.CsumRsRequest:
      return { answer: "if-other", digest: packet.payload };
    case PacketType.OvRequest:
      return { answer: "digest" };
    case PacketType.RsThinReq:
      return { answer: "thin" };
    default:
      return { answer: "data" };
  }
}

function tellZeros(r: Resource, { volume, sector, sizeBytes }: ResyncRead): void {
  sendData(r, { type: PacketType.RsDeallocated, volume: volume.number, sector, sizeBytes });
  refundZeros(volume, sizeBytes);
  serveWaiting(r, volume);
}

function reply(r: Resource, read: ResyncRead, bytes: Uint8Array): void {
  const { volume, sector, sizeBytes, id, want } = read;
  if (want.answer === "thin" && isAllZero(bytes)) {
    tellZeros(r, read);
    return;
  }
  volume.counters.read += sizeBytes;
  if (want.answer === "digest") {
    sendDigest(r, read, bytes);
    return;
  }
  if (want.answer === "if-other" && hasDigest(r, bytes, want.digest)) {
    tellInSync(r, read);
    return;
  }
  volume.counters.sent += sizeBytes;
  sendData(r, {
    type: PacketType.RsDataReply,
    volume: volume.number,
    sector,
    id,
    seq: 0,
    flags: 0,
    payload: bytes,
  });
}

/** For a verify. */
function sendDigest(r: Resource, read: ResyncRead, bytes: Uint8Array): void {
  const { volume, sector, sizeBytes, id } = read;
  const algorithm = digestNamed(r.net.verifyAlg);
  if (algorithm === undefined) {
    refuseRead(r, volume, read);
    return;
  }
  const payload = r.digest(algorithm, bytes);
  sendData(r, { type: PacketType.OvReply, volume: volume.number, sector, id, sizeBytes, payload });
}

function hasDigest(r: Resource, bytes: Uint8Array, digest: Uint8Array): boolean {
  const algorithm = digestNamed(r.net.csumsAlg);
  return algorithm !== undefined && equalBytes(r.digest(algorithm, bytes), digest);
}

/** The target's copy of the block is the same. */
function tellInSync(r: Resource, read: ResyncRead): void {
  const { volume: v, sector, sizeBytes, id } = read;
  markInSync(v, { offset: sector * sectorBytes, length: sizeBytes });
  if (v.resync !== undefined) v.resync.equalBits += Math.ceil(sizeBytes / blockBytes);
  v.sendSeq = (v.sendSeq + 1) >>> 0;
  const seq = v.sendSeq;
  sendMeta(r, { type: PacketType.RsIsInSync, volume: v.number, sector, id, sizeBytes, seq });
}

function refuseRead(
  r: Resource,
  v: Volume,
  read: { readonly sector: number; readonly sizeBytes: number },
): void {
  if (v.resync !== undefined) v.resync.refused = true;
  v.sendSeq = (v.sendSeq + 1) >>> 0;
  sendMeta(r, {
    type: PacketType.NegRsDreply,
    volume: v.number,
    sector: read.sector,
    id: syncerId,
    sizeBytes: read.sizeBytes,
    seq: v.sendSeq,
  });
}

function endRead(r: Resource, lock: RangeLock<LockOwner>, read: ResyncRead): void {
  const v = read.volume;
  v.peerIoPending--;
  const woken = v.locks.remove(lock);
  if (woken.length > 0) r.steps.push({ step: "unlocked", locks: woken });
  if (v.peerIoPending === 0 && r.link.phase === "idle") r.steps.push({ step: "reconnect" });
}

function allHoles(extents: readonly AllocationExtent[] | undefined): boolean {
  return extents !== undefined && extents.length > 0 && extents.every((extent) => extent.hole);
}
