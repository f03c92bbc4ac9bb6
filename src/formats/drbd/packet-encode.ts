/**
 * A packet -> bytes. Header and fixed part are one small array, a payload goes along as it is: the two are written to
 * the socket one after the other, without a copy.
 */
import { assert, unreachable } from "../../base/assert.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import { FixedPart } from "./fixed-part.ts";
import type {
  AuthPacket,
  BitmapPacket,
  CompressedBitmapPacket,
  DelayProbePacket,
  DigestPacket,
  FeaturesPacket,
  Packet,
  ProtocolPacket,
  RangePacket,
  RequestPacket,
  SizesPacket,
  StateChangePacket,
  StateChangeReplyPacket,
  StatePacket,
  SyncParamPacket,
  SyncUuidPacket,
  UuidsPacket,
  WsamePacket,
  ZeroPacket,
} from "./packet.ts";
import { encodeHeader, type HeaderKind, headerBytesOf } from "./packet-header.ts";
import { PacketType } from "./packet-type.ts";
import { encodeStateWord } from "./state-word.ts";

export function encodePacket(packet: Packet, kind: HeaderKind): readonly Uint8Array[] {
  switch (packet.type) {
    case PacketType.Data:
    case PacketType.DataReply:
    case PacketType.RsDataReply: {
      const { digest, payload } = packet;
      const more = payload.length + (digest?.length ?? 0);
      const [head, body] = start(packet.type, packet.volume, 24, more, kind);
      setU64(body, 0, packet.sector);
      body.setBigUint64(8, packet.id);
      body.setUint32(16, packet.seq);
      body.setUint32(20, packet.flags);
      return digest === undefined ? [head, payload] : [head, digest, payload];
    }
    case PacketType.RecvAck:
    case PacketType.WriteAck:
    case PacketType.RsWriteAck:
    case PacketType.Superseded:
    case PacketType.NegAck:
    case PacketType.NegDreply:
    case PacketType.NegRsDreply:
    case PacketType.OvResult:
    case PacketType.RsIsInSync:
    case PacketType.RsCancel:
    case PacketType.RetryWrite: {
      const [head, body] = start(packet.type, packet.volume, 24, 0, kind);
      setU64(body, 0, packet.sector);
      body.setBigUint64(8, packet.id);
      body.setUint32(16, packet.sizeBytes);
      body.setUint32(20, packet.seq);
      return [head];
    }
    case PacketType.Barrier:
      return numbers(packet.type, 0, [packet.barrier, 0], kind);
    case PacketType.BarrierAck:
      return numbers(packet.type, 0, [packet.barrier, packet.setSize], kind);
    case PacketType.UnplugRemote:
    case PacketType.Ping:
    case PacketType.PingAck:
    case PacketType.InitialMeta:
    case PacketType.InitialData:
      return numbers(packet.type, 0, [], kind);
    case PacketType.Trim:
    case PacketType.Zeroes:
    case PacketType.Wsame:
    case PacketType.DataRequest:
    case PacketType.RsDataRequest:
    case PacketType.RsThinReq:
    case PacketType.OvRequest:
    case PacketType.CsumRsRequest:
    case PacketType.OvReply:
    case PacketType.OutOfSync:
    case PacketType.RsDeallocated:
    case PacketType.Bitmap:
    case PacketType.CompressedBitmap:
      return encodeRange(packet, kind);
    default:
      return encodeSetting(packet, kind);
  }
}

type PacketOfRange =
  | ZeroPacket
  | WsamePacket
  | RequestPacket
  | DigestPacket
  | RangePacket
  | BitmapPacket
  | CompressedBitmapPacket;

/** Packets that ask for or tell about a part of the disk. */
function encodeRange(packet: PacketOfRange, kind: HeaderKind): readonly Uint8Array[] {
  switch (packet.type) {
    case PacketType.Trim:
    case PacketType.Zeroes:
    case PacketType.Wsame: {
      const payload = packet.type === PacketType.Wsame ? packet.payload : undefined;
      const [head, body] = start(packet.type, packet.volume, 28, payload?.length ?? 0, kind);
      setU64(body, 0, packet.sector);
      body.setBigUint64(8, packet.id);
      body.setUint32(16, packet.seq);
      body.setUint32(20, packet.flags);
      body.setUint32(24, packet.sizeBytes);
      return payload === undefined ? [head] : [head, payload];
    }
    case PacketType.DataRequest:
    case PacketType.RsDataRequest:
    case PacketType.RsThinReq:
    case PacketType.OvRequest:
    case PacketType.CsumRsRequest:
    case PacketType.OvReply: {
      const payload = "payload" in packet ? packet.payload : undefined;
      const [head, body] = start(packet.type, packet.volume, 24, payload?.length ?? 0, kind);
      setU64(body, 0, packet.sector);
      body.setBigUint64(8, packet.id);
      body.setUint32(16, packet.sizeBytes);
      return payload === undefined ? [head] : [head, payload];
    }
    case PacketType.OutOfSync:
    case PacketType.RsDeallocated: {
      const [head, body] = start(packet.type, packet.volume, 16, 0, kind);
      setU64(body, 0, packet.sector);
      body.setUint32(8, packet.sizeBytes);
      return [head];
    }
    case PacketType.Bitmap:
    case PacketType.CompressedBitmap: {
      const [head] = start(packet.type, packet.volume, 0, packet.payload.length, kind);
      return packet.payload.length === 0 ? [head] : [head, packet.payload];
    }
    default:
      return unreachable(packet);
  }
}

type PacketOfSettings =
  | ProtocolPacket
  | SyncParamPacket
  | SizesPacket
  | UuidsPacket
  | SyncUuidPacket
  | StatePacket
  | StateChangePacket
  | StateChangeReplyPacket
  | FeaturesPacket
  | AuthPacket
  | DelayProbePacket;

/** Packets of the handshake, and about state. */
function encodeSetting(packet: PacketOfSettings, kind: HeaderKind): readonly Uint8Array[] {
  switch (packet.type) {
    case PacketType.State:
      return numbers(packet.type, packet.volume, [encodeStateWord(packet.state)], kind);
    case PacketType.StateChgReq:
    case PacketType.ConnStChgReq:
      return numbers(packet.type, packet.volume, [packet.mask, packet.value], kind);
    case PacketType.StateChgReply:
    case PacketType.ConnStChgReply:
      return numbers(packet.type, packet.volume, [packet.code], kind);
    case PacketType.SyncUuid: {
      const [head, body] = start(packet.type, packet.volume, 8, 0, kind);
      body.setBigUint64(0, packet.uuid);
      return [head];
    }
    case PacketType.Uuids: {
      const [head, body] = start(packet.type, packet.volume, 48, 0, kind);
      body.setBigUint64(0, packet.current);
      body.setBigUint64(8, packet.bitmap);
      body.setBigUint64(16, packet.history1);
      body.setBigUint64(24, packet.history2);
      setU64(body, 32, packet.bits);
      setU64(body, 40, packet.flags);
      return [head];
    }
    case PacketType.ConnectionFeatures: {
      const { protocolMin, features, protocolMax } = packet;
      const reserved = new Array<number>(15).fill(0);
      return numbers(packet.type, 0, [protocolMin, features, protocolMax, ...reserved], kind);
    }
    case PacketType.AuthChallenge:
    case PacketType.AuthResponse: {
      const [head] = start(packet.type, 0, 0, packet.payload.length, kind);
      return [head, packet.payload];
    }
    case PacketType.Protocol:
    case PacketType.ProtocolUpdate:
      return encodeProtocol(packet, kind);
    case PacketType.SyncParam89:
      return encodeSyncParam(packet, kind);
    case PacketType.Sizes:
      return encodeSizes(packet, kind);
    case PacketType.DelayProbe:
      return numbers(packet.type, 0, [0, 0], kind);
    case PacketType.SyncParam:
      return numbers(packet.type, 0, [0], kind);
    default:
      return unreachable(packet);
  }
}

function encodeProtocol(packet: ProtocolPacket, kind: HeaderKind): readonly Uint8Array[] {
  const name = encodeUtf8(packet.integrityAlg);
  assert(name.length < 64, "an algorithm's name and its NUL fit in 64 bytes");
  const [head, body] = start(packet.type, 0, 24 + name.length + 1, 0, kind);
  body.setUint32(0, packet.protocol);
  body.setUint32(4, packet.afterSb0p);
  body.setUint32(8, packet.afterSb1p);
  body.setUint32(12, packet.afterSb2p);
  body.setUint32(16, packet.connFlags);
  body.setUint32(20, packet.twoPrimaries);
  setName(body, 24, name);
  return [head];
}

function encodeSyncParam(packet: SyncParamPacket, kind: HeaderKind): readonly Uint8Array[] {
  const { controller } = packet;
  const verify = encodeUtf8(packet.verifyAlg);
  const csums = encodeUtf8(packet.csumsAlg);
  assert(
    verify.length < 64 && csums.length < 64,
    "an algorithm's name and its NUL fit in 64 bytes",
  );
  const [head, body] = start(packet.type, packet.volume, controller ? 148 : 132, 0, kind);
  body.setUint32(0, packet.resyncRateKiBs);
  setName(body, 4, verify);
  setName(body, 68, csums);
  if (controller) {
    body.setUint32(132, controller.planAheadTenths);
    body.setUint32(136, controller.delayTargetTenths);
    body.setUint32(140, controller.fillTargetSectors);
    body.setUint32(144, controller.maxRateKiBs);
  }
  return [head];
}

function encodeSizes(packet: SizesPacket, kind: HeaderKind): readonly Uint8Array[] {
  const { limits } = packet;
  const [head, body] = start(packet.type, packet.volume, limits ? 56 : 32, 0, kind);
  setU64(body, 0, packet.diskSectors);
  setU64(body, 8, packet.userSectors);
  setU64(body, 16, packet.currentSectors);
  body.setUint32(24, packet.maxBioBytes);
  body.setUint16(28, packet.queueOrderType);
  body.setUint16(30, packet.ddsFlags);
  if (limits) {
    body.setUint32(32, limits.physicalBlockBytes);
    body.setUint32(36, limits.logicalBlockBytes);
    body.setUint32(40, limits.alignmentOffset);
    body.setUint32(44, limits.ioMin);
    body.setUint32(48, limits.ioOpt);
    body.setUint8(52, limits.discardEnabled ? 1 : 0);
    body.setUint8(53, limits.discardZeroesData ? 1 : 0);
    body.setUint8(54, limits.writeSameCapable ? 1 : 0);
  }
  return [head];
}

/** A packet of 32-bit numbers only. */
function numbers(
  type: PacketType,
  volume: number,
  values: readonly number[],
  kind: HeaderKind,
): readonly Uint8Array[] {
  const [head, body] = start(type, volume, 4 * values.length, 0, kind);
  for (const [i, value] of values.entries()) body.setUint32(4 * i, value);
  return [head];
}

/** Header and room for the fixed part, which is written through the second. */
function start(
  type: PacketType,
  volume: number,
  fixedBytes: number,
  payloadBytes: number,
  kind: HeaderKind,
): readonly [Uint8Array, FixedPart] {
  const headerLength = headerBytesOf(kind);
  const head = new Uint8Array(headerLength + fixedBytes);
  const length = fixedBytes + payloadBytes;
  encodeHeader(new FixedPart(head, 0), { kind, type, volume, length });
  return [head, new FixedPart(head, headerLength)];
}

function setU64(view: FixedPart, at: number, value: number): void {
  assert(Number.isSafeInteger(value) && value >= 0, "a 64-bit field holds a safe integer");
  view.setUint32(at, Math.floor(value / 0x100000000));
  view.setUint32(at + 4, value % 0x100000000);
}

function setName(view: FixedPart, at: number, name: Uint8Array): void {
  for (const [i, byte] of name.entries()) view.setUint8(at + i, byte);
}
