/**
 * The body of a packet -> a value. The caller has checked the length against the packet's shape. Anything that a
 * well-behaved peer never sends is an error text, never a throw.
 */
import { err, ok, type Result } from "../../base/result.ts";
import { decodeUtf8 } from "../../base/utf8.ts";
import type { AckPacket, Packet, ProtocolPacket, QueueLimits, SyncParamPacket } from "./packet.ts";
import type { PacketHeader } from "./packet-header.ts";
import { PacketType } from "./packet-type.ts";
import { decodeStateWord } from "./state-word.ts";

/** A name's field, NUL included. */
const nameFieldBytes = 64;

export function decodePacket(header: PacketHeader, body: Uint8Array): Result<Packet> {
  const view = new DataView(body.buffer, body.byteOffset, body.byteLength);
  const { volume } = header;
  switch (header.type) {
    case PacketType.Data:
    case PacketType.DataReply:
    case PacketType.RsDataReply: {
      const sector = sectorAt(view, 0);
      if (sector === undefined) return badSector();
      return ok({
        type: header.type,
        volume,
        sector,
        id: view.getBigUint64(8),
        seq: view.getUint32(16),
        flags: view.getUint32(20),
        payload: body.subarray(24),
      });
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
    case PacketType.RetryWrite:
      return decodeAck(header.type, volume, view);
    case PacketType.Barrier:
      return ok({ type: header.type, barrier: view.getUint32(0) });
    case PacketType.BarrierAck:
      return ok({ type: header.type, barrier: view.getUint32(0), setSize: view.getUint32(4) });
    case PacketType.UnplugRemote:
    case PacketType.Ping:
    case PacketType.PingAck:
    case PacketType.InitialMeta:
    case PacketType.InitialData:
    case PacketType.DelayProbe:
    case PacketType.SyncParam:
      return ok({ type: header.type });
    case PacketType.Bitmap:
    case PacketType.CompressedBitmap:
      return ok({ type: header.type, volume, payload: body });
    case PacketType.AuthChallenge:
    case PacketType.AuthResponse:
      return ok({ type: header.type, payload: body });
    default:
      return decodeRequest(header, view, body) ?? decodeSetting(header, view, body);
  }
}

function decodeAck(type: AckPacket["type"], volume: number, view: DataView): Result<Packet> {
  const sector = sectorAt(view, 0);
  if (sector === undefined) return badSector();
  return ok({
    type,
    volume,
    sector,
    id: view.getBigUint64(8),
    sizeBytes: view.getUint32(16),
    seq: view.getUint32(20),
  });
}

/** Packets that ask for or tell about a range of the disk. */
function decodeRequest(
  header: PacketHeader,
  view: DataView,
  body: Uint8Array,
): Result<Packet> | undefined {
  const { type, volume } = header;
  switch (type) {
    case PacketType.DataRequest:
    case PacketType.RsDataRequest:
    case PacketType.RsThinReq:
    case PacketType.OvRequest: {
      const sector = sectorAt(view, 0);
      if (sector === undefined) return badSector();
      return ok({ type, volume, sector, id: view.getBigUint64(8), sizeBytes: view.getUint32(16) });
    }
    case PacketType.CsumRsRequest:
    case PacketType.OvReply: {
      const sector = sectorAt(view, 0);
      if (sector === undefined) return badSector();
      const id = view.getBigUint64(8);
      const sizeBytes = view.getUint32(16);
      return ok({ type, volume, sector, id, sizeBytes, payload: body.subarray(24) });
    }
    case PacketType.Trim:
    case PacketType.Zeroes:
    case PacketType.Wsame: {
      const sector = sectorAt(view, 0);
      if (sector === undefined) return badSector();
      const request = {
        volume,
        sector,
        id: view.getBigUint64(8),
        seq: view.getUint32(16),
        flags: view.getUint32(20),
        sizeBytes: view.getUint32(24),
      };
      return type === PacketType.Wsame
        ? ok({ type, ...request, payload: body.subarray(28) })
        : ok({ type, ...request });
    }
    case PacketType.OutOfSync:
    case PacketType.RsDeallocated: {
      const sector = sectorAt(view, 0);
      if (sector === undefined) return badSector();
      return ok({ type, volume, sector, sizeBytes: view.getUint32(8) });
    }
    default:
      return undefined;
  }
}

/** Packets of the handshake, and about state. */
function decodeSetting(header: PacketHeader, view: DataView, body: Uint8Array): Result<Packet> {
  const { type, volume } = header;
  switch (type) {
    case PacketType.State: {
      const state = decodeStateWord(view.getUint32(0));
      return state.ok ? ok({ type, volume, state: state.value }) : state;
    }
    case PacketType.StateChgReq:
    case PacketType.ConnStChgReq:
      return ok({ type, volume, mask: view.getUint32(0), value: view.getUint32(4) });
    case PacketType.StateChgReply:
    case PacketType.ConnStChgReply:
      return ok({ type, volume, code: view.getInt32(0) });
    case PacketType.SyncUuid:
      return ok({ type, volume, uuid: view.getBigUint64(0) });
    case PacketType.Uuids:
      return decodeUuids(volume, view);
    case PacketType.ConnectionFeatures:
      return ok({
        type,
        protocolMin: view.getUint32(0),
        features: view.getUint32(4),
        protocolMax: view.getUint32(8),
      });
    case PacketType.Protocol:
    case PacketType.ProtocolUpdate:
      return decodeProtocol(type, view, body);
    case PacketType.SyncParam89:
      return decodeSyncParam(volume, view, body);
    case PacketType.Sizes:
      return decodeSizes(volume, view);
    default:
      return err(`${type} is no packet of this protocol`);
  }
}

function decodeProtocol(
  type: ProtocolPacket["type"],
  view: DataView,
  body: Uint8Array,
): Result<Packet> {
  const integrityAlg = nameAt(body, 24, body.length - 24);
  if (integrityAlg === undefined) return badName();
  return ok({
    type,
    protocol: view.getUint32(0),
    afterSb0p: view.getUint32(4),
    afterSb1p: view.getUint32(8),
    afterSb2p: view.getUint32(12),
    connFlags: view.getUint32(16),
    twoPrimaries: view.getUint32(20),
    integrityAlg,
  });
}

function decodeUuids(volume: number, view: DataView): Result<Packet> {
  const bits = numberAt(view, 32);
  if (bits === undefined) return err("an impossible number of bits in P_UUIDS");
  return ok({
    type: PacketType.Uuids,
    volume,
    current: view.getBigUint64(0),
    bitmap: view.getBigUint64(8),
    history1: view.getBigUint64(16),
    history2: view.getBigUint64(24),
    bits,
    flags: view.getUint32(44),
  });
}

function decodeSyncParam(volume: number, view: DataView, body: Uint8Array): Result<Packet> {
  if (body.length !== 132 && body.length !== 148) return err("P_SYNC_PARAM89 has 132 or 148 bytes");
  const verifyAlg = nameAt(body, 4, 64);
  const csumsAlg = nameAt(body, 68, 64);
  if (verifyAlg === undefined || csumsAlg === undefined) return badName();
  const packet: SyncParamPacket = {
    type: PacketType.SyncParam89,
    volume,
    resyncRateKiBs: view.getUint32(0),
    verifyAlg,
    csumsAlg,
  };
  if (body.length === 132) return ok(packet);
  const controller = {
    planAheadTenths: view.getUint32(132),
    delayTargetTenths: view.getUint32(136),
    fillTargetSectors: view.getUint32(140),
    maxRateKiBs: view.getUint32(144),
  };
  return ok({ ...packet, controller });
}

function decodeSizes(volume: number, view: DataView): Result<Packet> {
  if (view.byteLength !== 32 && view.byteLength !== 56) return err("P_SIZES has 32 or 56 bytes");
  const diskSectors = numberAt(view, 0);
  const userSectors = numberAt(view, 8);
  const currentSectors = numberAt(view, 16);
  if (diskSectors === undefined || userSectors === undefined || currentSectors === undefined) {
    return err("an impossible size in P_SIZES");
  }
  const packet = {
    type: PacketType.Sizes,
    volume,
    diskSectors,
    userSectors,
    currentSectors,
    maxBioBytes: view.getUint32(24),
    queueOrderType: view.getUint16(28),
    ddsFlags: view.getUint16(30),
  };
  return view.byteLength === 32 ? ok(packet) : ok({ ...packet, limits: decodeLimits(view) });
}

function decodeLimits(view: DataView): QueueLimits {
  return {
    physicalBlockBytes: view.getUint32(32),
    logicalBlockBytes: view.getUint32(36),
    alignmentOffset: view.getUint32(40),
    ioMin: view.getUint32(44),
    ioOpt: view.getUint32(48),
    discardEnabled: view.getUint8(52) !== 0,
    discardZeroesData: view.getUint8(53) !== 0,
    writeSameCapable: view.getUint8(54) !== 0,
  };
}

/** A sector number below 2^53 / 512, so that bytes stay safe integers too; else undefined. */
function sectorAt(view: DataView, at: number): number | undefined {
  const high = view.getUint32(at);
  return high < 0x1000 ? high * 0x100000000 + view.getUint32(at + 4) : undefined;
}

function numberAt(view: DataView, at: number): number | undefined {
  const high = view.getUint32(at);
  return high < 0x200000 ? high * 0x100000000 + view.getUint32(at + 4) : undefined;
}

function badSector(): Result<never> {
  return err("an impossible sector number");
}

/** The name of an algorithm, ended with NUL within its field of at most 64 bytes. Undefined for what is no name. */
function nameAt(body: Uint8Array, at: number, length: number): string | undefined {
  const field = body.subarray(at, at + length);
  const end = field.indexOf(0);
  const name = end < 0 ? field : field.subarray(0, end);
  if (name.length >= nameFieldBytes || !name.every(isGraphic)) return undefined;
  return decodeUtf8(name);
}

function isGraphic(byte: number): boolean {
  return byte > 0x20 && byte < 0x7f;
}

function badName(): Result<never> {
  return err("the name of an algorithm is none");
}
