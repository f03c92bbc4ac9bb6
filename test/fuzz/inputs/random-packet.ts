/** Any packet that DRBD's protocol knows, with numbers of all sizes: what our own encoder takes. */
import { assert } from "../../../src/base/assert.ts";
import type {
  AckPacket,
  DataPacket,
  DigestPacket,
  Packet,
  ProtocolPacket,
  RangePacket,
  RequestPacket,
  SizesPacket,
  SyncParamPacket,
  WsamePacket,
  ZeroPacket,
} from "../../../src/formats/drbd/packet.ts";
import { PacketType } from "../../../src/formats/drbd/packet-type.ts";
import { decodeStateWord } from "../../../src/formats/drbd/state-word.ts";
import type { Chance } from "../fuzz-target.ts";
import { anyU32 } from "./mutate-bytes.ts";

/** What the numbers of a packet are taken from: wild ones, or such that mean something to the receiver. */
export type PacketNumbers = {
  volume(): number;
  sector(): number;
  sizeBytes(): number;
  id(): bigint;
  uuid(): bigint;
  u32(): number;
  payload(): Uint8Array;
};

type Make = (numbers: PacketNumbers, chance: Chance) => Packet;

export function wildNumbers(chance: Chance): PacketNumbers {
  const u64 = (): bigint => (chance.below(3) === 0 ? BigInt(chance.below(10)) : chance.u64());
  return {
    volume: () => (chance.below(2) === 0 ? 0 : chance.below(0x10000)),
    sector: () => (chance.below(2) === 0 ? chance.below(2 ** 17) : chance.below(2 ** 44)),
    sizeBytes: () => anyU32(chance),
    id: u64,
    uuid: u64,
    u32: () => anyU32(chance),
    payload: () => chance.bytes(chance.below(80)),
  };
}

export function randomPacket(numbers: PacketNumbers, chance: Chance): Packet {
  return chance.pick(makers)(numbers, chance);
}

const algorithms = ["", "md5", "sha1", "sha256", "crc32c", "none-such"] as const;

const makers: readonly Make[] = [
  data,
  data,
  zero,
  writeSame,
  request,
  digest,
  ack,
  ack,
  range,
  protocol,
  syncParam,
  sizes,
  (_, chance) => {
    const { Ping, PingAck, UnplugRemote, InitialMeta, InitialData } = PacketType;
    return { type: chance.pick([Ping, PingAck, UnplugRemote, InitialMeta, InitialData]) };
  },
  (_, chance) => ({ type: chance.pick([PacketType.DelayProbe, PacketType.SyncParam]) }),
  (n) => ({ type: PacketType.Barrier, barrier: n.u32() }),
  (n, chance) => ({ type: PacketType.BarrierAck, barrier: n.u32(), setSize: chance.below(9) }),
  (n, chance) => ({
    type: chance.pick([PacketType.Bitmap, PacketType.CompressedBitmap]),
    volume: n.volume(),
    payload: chance.bytes(1 + chance.below(60)),
  }),
  (n) => ({ type: PacketType.SyncUuid, volume: n.volume(), uuid: n.uuid() }),
  (n, chance) => ({
    type: PacketType.Uuids,
    volume: n.volume(),
    current: n.uuid(),
    bitmap: n.uuid(),
    history1: n.uuid(),
    history2: n.uuid(),
    bits: chance.below(2 ** 40),
    flags: chance.below(16),
  }),
  state,
  (n, chance) => ({
    type: chance.pick([PacketType.StateChgReq, PacketType.ConnStChgReq]),
    volume: n.volume(),
    mask: n.u32(),
    value: n.u32(),
  }),
  (n, chance) => ({
    type: chance.pick([PacketType.StateChgReply, PacketType.ConnStChgReply]),
    volume: n.volume(),
    code: chance.between(-30, 3),
  }),
  (n, chance) => ({
    type: PacketType.ConnectionFeatures,
    protocolMin: chance.between(80, 121),
    protocolMax: chance.between(80, 121),
    features: n.u32(),
  }),
  (_, chance) => ({
    type: chance.pick([PacketType.AuthChallenge, PacketType.AuthResponse]),
    payload: chance.bytes(chance.below(65)),
  }),
];

function data(n: PacketNumbers, chance: Chance): DataPacket {
  const { Data, DataReply, RsDataReply } = PacketType;
  return {
    type: chance.pick([Data, Data, DataReply, RsDataReply]),
    volume: n.volume(),
    sector: n.sector(),
    id: n.id(),
    seq: n.u32(),
    flags: chance.below(2048),
    payload: n.payload(),
  };
}

function zero(n: PacketNumbers, chance: Chance): ZeroPacket {
  return {
    type: chance.pick([PacketType.Trim, PacketType.Zeroes]),
    volume: n.volume(),
    sector: n.sector(),
    id: n.id(),
    seq: n.u32(),
    flags: chance.below(2048),
    sizeBytes: n.sizeBytes(),
  };
}

function writeSame(n: PacketNumbers, chance: Chance): WsamePacket {
  return { ...zero(n, chance), type: PacketType.Wsame, payload: chance.bytes(512) };
}

function request(n: PacketNumbers, chance: Chance): RequestPacket {
  const { DataRequest, RsDataRequest, RsThinReq, OvRequest } = PacketType;
  return {
    type: chance.pick([DataRequest, RsDataRequest, RsThinReq, OvRequest]),
    volume: n.volume(),
    sector: n.sector(),
    id: n.id(),
    sizeBytes: n.sizeBytes(),
  };
}

function digest(n: PacketNumbers, chance: Chance): DigestPacket {
  return {
    type: chance.pick([PacketType.CsumRsRequest, PacketType.OvReply]),
    volume: n.volume(),
    sector: n.sector(),
    id: n.id(),
    sizeBytes: n.sizeBytes(),
    payload: chance.bytes(chance.pick([0, 4, 16, 20, 32, 64])),
  };
}

const ackTypes: readonly AckPacket["type"][] = [
  PacketType.RecvAck,
  PacketType.WriteAck,
  PacketType.RsWriteAck,
  PacketType.Superseded,
  PacketType.NegAck,
  PacketType.NegDreply,
  PacketType.NegRsDreply,
  PacketType.OvResult,
  PacketType.RsIsInSync,
  PacketType.RsCancel,
  PacketType.RetryWrite,
];

function ack(n: PacketNumbers, chance: Chance): AckPacket {
  return {
    type: chance.pick(ackTypes),
    volume: n.volume(),
    sector: n.sector(),
    id: n.id(),
    sizeBytes: n.sizeBytes(),
    seq: n.u32(),
  };
}

function range(n: PacketNumbers, chance: Chance): RangePacket {
  return {
    type: chance.pick([PacketType.OutOfSync, PacketType.RsDeallocated]),
    volume: n.volume(),
    sector: n.sector(),
    sizeBytes: n.sizeBytes(),
  };
}

function protocol(_: PacketNumbers, chance: Chance): ProtocolPacket {
  return {
    type: chance.pick([PacketType.Protocol, PacketType.ProtocolUpdate]),
    protocol: chance.below(5),
    afterSb0p: chance.below(8),
    afterSb1p: chance.below(8),
    afterSb2p: chance.below(8),
    connFlags: chance.below(4),
    twoPrimaries: chance.below(2),
    integrityAlg: chance.pick(algorithms),
  };
}

function syncParam(n: PacketNumbers, chance: Chance): SyncParamPacket {
  const packet: SyncParamPacket = {
    type: PacketType.SyncParam89,
    volume: n.volume(),
    resyncRateKiBs: n.u32(),
    verifyAlg: chance.pick(algorithms),
    csumsAlg: chance.pick(algorithms),
  };
  if (chance.below(4) === 0) return packet;
  const controller = {
    planAheadTenths: n.u32(),
    delayTargetTenths: n.u32(),
    fillTargetSectors: n.u32(),
    maxRateKiBs: n.u32(),
  };
  return { ...packet, controller };
}

function sizes(n: PacketNumbers, chance: Chance): SizesPacket {
  const packet: SizesPacket = {
    type: PacketType.Sizes,
    volume: n.volume(),
    diskSectors: n.sector(),
    userSectors: chance.below(3) === 0 ? n.sector() : 0,
    currentSectors: n.sector(),
    maxBioBytes: n.u32(),
    queueOrderType: chance.below(3),
    ddsFlags: chance.below(4),
  };
  if (chance.below(4) === 0) return packet;
  const limits = {
    physicalBlockBytes: n.u32(),
    logicalBlockBytes: n.u32(),
    alignmentOffset: n.u32(),
    ioMin: n.u32(),
    ioOpt: n.u32(),
    discardEnabled: chance.below(2) === 0,
    discardZeroesData: chance.below(2) === 0,
    writeSameCapable: chance.below(2) === 0,
  };
  return { ...packet, limits };
}

function state(n: PacketNumbers, chance: Chance): Packet {
  const word =
    chance.below(3) |
    (chance.below(3) << 2) |
    (chance.below(24) << 4) |
    (chance.below(9) << 9) |
    (chance.below(9) << 13) |
    (chance.below(64) << 17);
  const decoded = decodeStateWord(word);
  assert(decoded.ok, "every field of the word is a number that it knows");
  return { type: PacketType.State, volume: n.volume(), state: decoded.value };
}
