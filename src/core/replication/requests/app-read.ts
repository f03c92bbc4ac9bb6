/** A user's read: from the local disk when its copy is good there, else from the peer's. */
import { assert } from "../../../base/assert.ts";
import { Conn, Disk } from "../../../formats/drbd/drbd-state.ts";
import type { AckPacket, DataPacket } from "../../../formats/drbd/packet.ts";
import { requestBytesMax, sectorBytes } from "../../../formats/drbd/packet-flags.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { replyIo, sendData } from "../emit.ts";
import type { ReadRequest } from "../io.ts";
import { isOutOfSync } from "../out-of-sync.ts";
import { nextToken, type Resource, volumeOf } from "../resource.ts";
import { isTarget } from "../state/sync-states.ts";
import type { PeerRead, Volume } from "../volume.ts";
import { objectionTo } from "./app-write.ts";

export function onAppRead(r: Resource, request: ReadRequest): void {
  const v = volumeOf(r, request.volume);
  const objection = objectionTo(r, v, request.offset, request.length);
  if (v === undefined || objection !== undefined) {
    replyIo(r, request.id, objection ?? "invalid");
    return;
  }
  if (request.localReadFailed) {
    const what = `read ${request.length} bytes at ${request.offset}`;
    r.steps.push({ step: "disk-failed", volume: v, what, error: "EIO", metadata: false });
  }
  if (r.susp || r.suspNod || r.suspFen) {
    v.held.push({ ...request, kind: "read" });
    return;
  }
  if (!request.localReadFailed && readableHere(v, request)) {
    v.counters.read += request.length;
    const { id, volume, offset, length } = request;
    r.effects.push({ kind: "io-read", id, volume, offset, length });
  } else if (v.pdsk === Disk.UpToDate && v.conn >= Conn.Connected && r.link.data !== undefined) {
    askPeer(r, v, request);
  } else {
    replyIo(r, request.id, request.localReadFailed ? "io-error" : "no-data");
  }
}

/** A part of the peer's copy. @returns false if nobody asked for it. */
export function onDataReply(r: Resource, v: Volume, packet: DataPacket): boolean {
  const token = Number(packet.id);
  const read = r.peerReads.get(token);
  if (read === undefined || read.volume !== v) return false;
  const at = packet.sector * sectorBytes - read.offset;
  if (at < 0 || at + packet.payload.length > read.bytes.length) return false;
  r.peerReads.delete(token);
  read.bytes.set(packet.payload, at);
  v.counters.received += packet.payload.length;
  read.pending--;
  if (read.pending === 0) {
    v.appPending--;
    r.effects.push({ kind: "io-reply", id: read.id, bytes: read.bytes });
    if (v.appPending === 0 && r.demotion !== undefined) r.steps.push({ step: "demotion-next" });
  }
  return true;
}

/** The peer can't read it either. */
export function onNegativeDataReply(r: Resource, v: Volume, packet: AckPacket): boolean {
  const read = r.peerReads.get(Number(packet.id));
  if (read === undefined || read.volume !== v) return false;
  for (const [token, other] of r.peerReads) if (other === read) r.peerReads.delete(token);
  v.appPending--;
  replyIo(r, read.id, "io-error");
  return true;
}

/** The connection is lost: what it was to bring is looked for anew, here or later. */
export function restartPeerReads(r: Resource): void {
  const reads = new Set(r.peerReads.values());
  r.peerReads.clear();
  for (const { id, volume, offset, bytes } of reads) {
    volume.appPending--;
    onAppRead(r, { kind: "read", id, volume: volume.number, offset, length: bytes.length });
  }
}

function readableHere(
  v: Volume,
  range: { readonly offset: number; readonly length: number },
): boolean {
  if (v.backing === undefined) return false;
  if (v.disk === Disk.UpToDate) return true;
  return v.disk === Disk.Inconsistent && isTarget(v.conn) && !isOutOfSync(v, range);
}

function askPeer(r: Resource, volume: Volume, request: ReadRequest): void {
  const { id, offset, length } = request;
  volume.appPending++;
  const bytes = new Uint8Array(length);
  const read: PeerRead = {
    kind: "peer-read",
    id,
    volume,
    offset,
    bytes,
    askedAt: r.now,
    pending: 0,
  };
  for (let at = 0; at < length; at += requestBytesMax) {
    const token = nextToken(r);
    read.pending++;
    r.peerReads.set(token, read);
    sendData(r, {
      type: PacketType.DataRequest,
      volume: volume.number,
      sector: (offset + at) / sectorBytes,
      id: BigInt(token),
      sizeBytes: Math.min(requestBytesMax, length - at),
    });
  }
  assert(read.pending > 0, "a read asks for something");
}
