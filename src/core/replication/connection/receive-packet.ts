/** What the peer sends, socket by socket. A packet that makes no sense ends the connection, and nothing else. */
import { after } from "../../../base/time.ts";
import { Disk, Role } from "../../../formats/drbd/drbd-state.ts";
import type { Packet } from "../../../formats/drbd/packet.ts";
import { sectorBytes, syncerId } from "../../../formats/drbd/packet-flags.ts";
import type { PacketError } from "../../../formats/drbd/packet-reader.ts";
import { PacketType, packetName } from "../../../formats/drbd/packet-type.ts";
import { notice, readDisk, sendMeta } from "../emit.ts";
import { markOutOfSync } from "../out-of-sync.ts";
import { onBarrier, onUnplugRemote } from "../peer/epoch-flush.ts";
import { onPeerWrite, tooMuchForPeer } from "../peer/peer-write.ts";
import { onDataReply, onNegativeDataReply } from "../requests/app-read.ts";
import { onBarrierAck, onWriteAck } from "../requests/peer-acks.ts";
import { type Resource, volumeOf } from "../resource.ts";
import { onBitmap } from "../resync/bitmap-exchange.ts";
import { onEqualBlock } from "../resync/resync-checksums.ts";
import { onResyncRequest, onResyncWriteAck } from "../resync/resync-source.ts";
import {
  onDeallocated,
  onEndingPingAcked,
  onNegativeResyncReply,
  onResyncData,
  onSyncUuid,
} from "../resync/resync-target.ts";
import { noteSyncAck, noteSyncPacket } from "../resync/stall-watch.ts";
import { onVerifyPingAcked, onVerifyRefused, onVerifyReply } from "../resync/verify-source.ts";
import { onVerifyResult } from "../resync/verify-target.ts";
import { onChangeReply, onChangeRequest } from "../roles/cluster-change.ts";
import { isResizing } from "../size/resize.ts";
import { onSizes } from "../size/sizes.ts";
import type { Volume } from "../volume.ts";
import { onHandshakePacket, onProtocol, protocolError } from "./handshake.ts";
import { carriesData, opened } from "./integrity.ts";
import { onGreeting } from "./link-setup.ts";
import { adoptProtocol } from "./net-options.ts";
import { onPingAck } from "./ping.ts";
import { onPeerState } from "./receive-state.ts";
import { onSyncParam } from "./receive-sync-param.ts";
import { onUuids } from "./receive-uuids.ts";

/** Packets of the data socket kept while acks are awaited, at most. */
const holdMax = 10_000;

export function onPacket(r: Resource, connection: number, packet: Packet): void {
  const { link } = r;
  if (link.greeting.has(connection)) {
    onGreeting(r, connection, packet);
    return;
  }
  if (connection === link.data) {
    link.lastHeard = r.now;
    // The peer may have both sockets before this node has: its first packets wait.
    if (link.phase === "seeking" || r.dataHold.size > 0) holdPacket(r, packet);
    else onDataPacket(r, packet);
  } else if (connection === link.meta) {
    link.lastHeard = r.now;
    if (link.phase === "running") onMetaPacket(r, packet);
    else if (packet.type === PacketType.Ping) sendMeta(r, { type: PacketType.PingAck });
    if (r.dataHold.size > 0 && link.phase === "running") r.steps.push({ step: "held-packets" });
  }
}

export function onPacketError(r: Resource, connection: number, error: PacketError): void {
  const { link } = r;
  if (link.greeting.delete(connection)) {
    r.effects.push({ kind: "close", connection });
    return;
  }
  if (connection === link.data || connection === link.meta) protocolError(r, error.message);
}

/** Packets that waited for the handshake to begin, or for acks that were sent before them. */
export function onHeldPackets(r: Resource): void {
  while (r.dataHold.size > 0) {
    const packet = r.dataHold.peek();
    if (packet === undefined || mustWait(r, packet)) return;
    r.dataHold.shift();
    r.dataHoldUntil = undefined;
    onDataPacket(r, packet);
  }
}

function onDataPacket(r: Resource, packet: Packet): void {
  const { link } = r;
  if (link.phase === "idle") return;
  if (link.phase !== "running") {
    onHandshakePacket(r, packet);
    return;
  }
  if (packet.type === PacketType.Protocol) {
    onProtocol(r, packet);
    return;
  }
  if (link.peerAllowsTwoPrimaries === undefined) {
    protocolError(r, `expected Protocol packet, received: ${packetName(packet.type)}`);
    return;
  }
  if (mustWait(r, packet)) {
    holdPacket(r, packet);
    return;
  }
  const fault = dispatchData(r, packet);
  if (fault !== undefined) protocolError(r, fault);
}

function dispatchData(r: Resource, packet: Packet): string | undefined {
  switch (packet.type) {
    case PacketType.Barrier:
      onBarrier(r, packet);
      return undefined;
    case PacketType.UnplugRemote:
      onUnplugRemote(r);
      return undefined;
    case PacketType.DelayProbe:
    case PacketType.SyncParam:
      return undefined;
    case PacketType.ProtocolUpdate:
      adoptProtocol(r, packet);
      return undefined;
    case PacketType.ConnStChgReq:
      onChangeRequest(r, packet, r.volumes);
      return undefined;
    default:
  }
  if (carriesData(packet)) {
    const whole = opened(r, packet);
    return typeof whole === "string" ? whole : dispatchToVolume(r, whole);
  }
  return dispatchToVolume(r, packet);
}

function dispatchToVolume(r: Resource, packet: Packet): string | undefined {
  if (!("volume" in packet)) return `unexpected ${packetName(packet.type)} on the data socket`;
  const v = volumeOf(r, packet.volume);
  if (v !== undefined) return dispatchVolume(r, v, packet);
  switch (packet.type) {
    case PacketType.State:
    case PacketType.Uuids:
    case PacketType.Sizes:
    case PacketType.SyncParam89:
      notice(
        r,
        "warn",
        "unknown-volume",
        `packet received for volume ${packet.volume}, which is not configured locally`,
      );
      return undefined;
    default:
      return `${packetName(packet.type)} for volume ${packet.volume}, which is not configured locally`;
  }
}

function dispatchVolume(r: Resource, v: Volume, packet: Packet): string | undefined {
  noteSyncPacket(r, v, packet);
  const tooMuch = tooMuchForPeer(v);
  if (tooMuch !== undefined) return tooMuch;
  switch (packet.type) {
    case PacketType.Data:
    case PacketType.Trim:
    case PacketType.Zeroes:
      v.peerSeq = later(v.peerSeq, packet.seq);
      return onPeerWrite(r, v, packet);
    case PacketType.DataReply:
      return onDataReply(r, v, packet) ? undefined : "a data reply that was not asked for";
    case PacketType.RsDataReply:
      return onResyncData(r, v, packet);
    case PacketType.RsDeallocated:
      return onDeallocated(r, v, packet);
    case PacketType.DataRequest:
      return serveRead(r, v, packet);
    case PacketType.RsDataRequest:
    case PacketType.RsThinReq:
    case PacketType.CsumRsRequest:
    case PacketType.OvRequest:
      return onResyncRequest(r, v, packet);
    case PacketType.OvReply:
      return onVerifyReply(r, v, packet);
    case PacketType.Bitmap:
    case PacketType.CompressedBitmap:
      return onBitmap(r, v, packet);
    case PacketType.OutOfSync:
      markOutOfSync(v, { offset: packet.sector * sectorBytes, length: packet.sizeBytes });
      return undefined;
    case PacketType.State:
      onPeerState(r, v, packet.state);
      return undefined;
    case PacketType.Uuids:
      onUuids(r, v, packet);
      return undefined;
    case PacketType.Sizes:
      onSizes(r, v, packet);
      return undefined;
    case PacketType.SyncUuid:
      onSyncUuid(r, v, packet.uuid);
      return undefined;
    case PacketType.SyncParam89:
      onSyncParam(r, v, packet);
      return undefined;
    case PacketType.StateChgReq:
      onChangeRequest(r, packet, [v]);
      return undefined;
    default:
      return `unexpected ${packetName(packet.type)} on the data socket`;
  }
}

function onMetaPacket(r: Resource, packet: Packet): void {
  switch (packet.type) {
    case PacketType.Ping:
      sendMeta(r, { type: PacketType.PingAck });
      return;
    case PacketType.PingAck:
      onPingAck(r);
      for (const v of r.volumes) {
        onEndingPingAcked(r, v);
        onVerifyPingAcked(r, v);
      }
      return;
    case PacketType.BarrierAck:
      if (!onBarrierAck(r, packet)) protocolError(r, badBarrierAck(r, packet));
      return;
    case PacketType.StateChgReply:
    case PacketType.ConnStChgReply:
      onChangeReply(r, packet.code);
      return;
    case PacketType.DelayProbe:
      return;
    default:
  }
  const v = "volume" in packet ? volumeOf(r, packet.volume) : undefined;
  if (v === undefined) {
    protocolError(r, `unexpected ${packetName(packet.type)} on the meta socket`);
    return;
  }
  noteSyncAck(r, v, packet);
  const fault = dispatchAck(r, v, packet);
  if (fault !== undefined) protocolError(r, fault);
}

function dispatchAck(r: Resource, v: Volume, packet: Packet): string | undefined {
  switch (packet.type) {
    case PacketType.RecvAck:
    case PacketType.WriteAck:
    case PacketType.RsWriteAck:
    case PacketType.Superseded:
    case PacketType.NegAck:
    case PacketType.RetryWrite:
      v.peerSeq = later(v.peerSeq, packet.seq);
      if (packet.id === syncerId) onResyncWriteAck(v, packet);
      else if (!onWriteAck(r, v, packet))
        return `${packetName(packet.type)} for no request of mine`;
      return undefined;
    case PacketType.RsIsInSync:
      v.peerSeq = later(v.peerSeq, packet.seq);
      onEqualBlock(r, v, packet);
      return undefined;
    case PacketType.OvResult:
      v.peerSeq = later(v.peerSeq, packet.seq);
      onVerifyResult(r, v, packet);
      return undefined;
    case PacketType.NegDreply:
      v.peerSeq = later(v.peerSeq, packet.seq);
      return onNegativeDataReply(r, v, packet)
        ? undefined
        : "a refused read that was not asked for";
    case PacketType.NegRsDreply:
    case PacketType.RsCancel:
      v.peerSeq = later(v.peerSeq, packet.seq);
      if (!onVerifyRefused(r, v, packet)) onNegativeResyncReply(r, v, packet);
      return undefined;
    default:
      return `unexpected ${packetName(packet.type)} on the meta socket`;
  }
}

/** P_DATA_REQUEST: the peer's user reads this copy. */
function serveRead(
  r: Resource,
  volume: Volume,
  packet: { readonly sector: number; readonly id: bigint; readonly sizeBytes: number },
): string | undefined {
  const { sector, id, sizeBytes } = packet;
  const offset = sector * sectorBytes;
  if (sizeBytes === 0 || sizeBytes % sectorBytes !== 0) return `a read of ${sizeBytes} bytes`;
  if (id === syncerId) return "a user's read with the number of a resync";
  if (offset + sizeBytes > volume.sizeBytes) return "a read beyond the end of the volume";
  if (volume.backing === undefined || volume.disk !== Disk.UpToDate) {
    volume.sendSeq = (volume.sendSeq + 1) >>> 0;
    const seq = volume.sendSeq;
    sendMeta(r, { type: PacketType.NegDreply, volume: volume.number, sector, id, sizeBytes, seq });
    return undefined;
  }
  volume.peerIoPending++;
  const session = r.link.session;
  const task = { kind: "read-for-peer", session, volume, sector, id, sizeBytes } as const;
  readDisk(r, task, { device: "data", offset, length: sizeBytes, forPeer: true });
  return undefined;
}

function badBarrierAck(
  r: Resource,
  packet: { readonly barrier: number; readonly setSize: number },
): string {
  const expected = r.log.sent.peek();
  return (
    `BAD! BarrierAck #${packet.barrier} received with n_writes=${packet.setSize}, ` +
    `expected #${expected?.barrier ?? "none"} with n_writes=${expected?.requests.length ?? 0}!`
  );
}

/** Packets of the data socket are in order: one that waits keeps back those behind it. */
function mustWait(r: Resource, packet: Packet): boolean {
  return isResizing(r) || waitsForAcks(r, packet);
}

/**
 * With two Primaries the node that arbitrates must see a write only after the acks that were sent before it over the
 * other socket.
 */
function waitsForAcks(r: Resource, packet: Packet): boolean {
  if (!r.link.resolveConflicts || r.role !== Role.Primary || r.link.peerRole !== Role.Primary)
    return false;
  const sequenced =
    packet.type === PacketType.Data ||
    packet.type === PacketType.Trim ||
    packet.type === PacketType.Zeroes;
  if (!sequenced) return false;
  const v = volumeOf(r, packet.volume);
  return v !== undefined && ((packet.seq - v.peerSeq) | 0) > 1;
}

function holdPacket(r: Resource, packet: Packet): void {
  r.dataHold.push(packet);
  // How long metadata take to be written is not the peer's fault.
  if (!isResizing(r)) r.dataHoldUntil ??= after(r.now, r.net.pingTimeoutMs);
  if (r.dataHold.size > holdMax) protocolError(r, "too many packets wait for missing acks");
}

function later(a: number, b: number): number {
  return ((b - a) | 0) > 0 ? b : a;
}
