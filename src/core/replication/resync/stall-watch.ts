/**
 * A resync, or what leads to one, in which nothing happens is ended with the connection: a new one finds out by the UUIDs
 * where both are. Two machines that must come to the same conclusion from messages that cross can always be made to wait
 * for each other; so no such wait is for ever. (Deviation: the kernel waits, and its users know "stalled" at 100 %.)
 */
import { after, type Instant } from "../../../base/time.ts";
import { Conn, Disk } from "../../../formats/drbd/drbd-state.ts";
import type { Packet } from "../../../formats/drbd/packet.ts";
import { syncerId } from "../../../formats/drbd/packet-flags.ts";
import { PacketType } from "../../../formats/drbd/packet-type.ts";
import { sendState, sendUuids } from "../connection/send-parameters.ts";
import { notice } from "../emit.ts";
import type { Resource } from "../resource.ts";
import type { NetSettings } from "../settings.ts";
import { forceState } from "../state/state-change.ts";
import type { Volume } from "../volume.ts";
import type { Pace } from "./resync-run.ts";

/** Stands in for ko-count where that is off. */
const koCountDefault = 7;
/** A node that is asked by the peer can't know why it is silent: it may be flushing all that came. */
const patience = 3;

const packetsOfSync: ReadonlySet<PacketType> = new Set<PacketType>([
  PacketType.Bitmap,
  PacketType.CompressedBitmap,
  PacketType.SyncUuid,
  PacketType.RsDataRequest,
  PacketType.RsThinReq,
  PacketType.CsumRsRequest,
  PacketType.RsDataReply,
  PacketType.RsDeallocated,
  PacketType.OvRequest,
  PacketType.OvReply,
]);

/** Something of a resync or a verify has come. */
export function noteSyncPacket(r: Resource, v: Volume, packet: Packet): void {
  if (packetsOfSync.has(packet.type)) v.progressAt = r.now;
}

export function noteSyncAck(r: Resource, v: Volume, packet: Packet): void {
  const ofSync = "id" in packet && (packet.id === syncerId || packet.type === PacketType.OvResult);
  if (ofSync) v.progressAt = r.now;
}

/** When the peer must have said something; undefined while nothing is expected of it. */
export function stallDeadline(r: Resource, v: Volume): Instant | undefined {
  // A handler takes the time it takes.
  const held = v.handlerAsked?.session === r.link.session;
  const waits = r.link.phase === "running" && !held ? waitsForPeer(v) : "no";
  if (waits === "no") return undefined;
  const limit = stallMs(r.net);
  return after(v.progressAt, waits === "asked" ? limit : limit * patience);
}

/**
 * When a resync is tried again that has ended with blocks which could not be read or written: this copy is Inconsistent,
 * and the peer is there with a good one.
 */
export function againDeadline(r: Resource, v: Volume): Instant | undefined {
  const open = v.conn === Conn.Connected && r.link.phase === "running";
  if (!open || v.disk !== Disk.Inconsistent || v.pdsk !== Disk.UpToDate) return undefined;
  return (v.backing?.bitmap.weight ?? 0) > 0 ? after(v.progressAt, stallMs(r.net)) : undefined;
}

/** The peer sees by the state that this node wants its blocks, and comes to the decision to be their source. */
export function syncAgain(r: Resource, v: Volume): void {
  notice(r, "info", "resync-again", "a resync that was left unfinished is tried again", {
    volume: v,
  });
  forceState(r, (s) => ({ ...s, conn: Conn.WFBitMapT }), [v]);
  sendUuids(r, v);
  sendState(r, v);
}

export function stallText(r: Resource, v: Volume): string {
  const seconds = Math.round((r.now - v.progressAt) / 1000);
  return `nothing has come of the resync of volume ${v.number} for ${seconds} s: the connection is made anew`;
}

function stallMs(net: NetSettings): number {
  return net.timeoutMs * (net.koCount === 0 ? koCountDefault : net.koCount);
}

/** "asked": an answer is due; "silent": the peer drives, and says nothing. */
function waitsForPeer(v: Volume): "no" | "asked" | "silent" {
  switch (v.conn) {
    case Conn.WFBitMapS:
    case Conn.WFBitMapT:
    case Conn.WFSyncUUID:
      return "asked";
    case Conn.SyncTarget:
      return hasOpenRequests(v.resync?.pace) ? "asked" : "no";
    case Conn.VerifyS:
      return hasOpenRequests(v.verify?.pace) ? "asked" : "no";
    case Conn.SyncSource:
    case Conn.VerifyT:
      return v.served.waiting.size === 0 && v.peerIoPending === 0 ? "silent" : "no";
    default:
      return "no";
  }
}

function hasOpenRequests(pace: Pace | undefined): boolean {
  return pace !== undefined && pace.inFlightBytes > pace.writingBytes;
}
