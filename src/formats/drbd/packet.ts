/**
 * DRBD's packets as values. Sectors are 512 bytes; sizes are bytes; `id` is the opaque 64-bit number (block_id) that an
 * answer carries back; `volume` is 0 where the header has none. Payloads are views of what was received.
 */
import type { DrbdState } from "./drbd-state.ts";
import type { PacketType } from "./packet-type.ts";

type T = typeof PacketType;

export type Packet =
  | DataPacket
  | ZeroPacket
  | WsamePacket
  | RequestPacket
  | DigestPacket
  | AckPacket
  | BarrierPacket
  | BarrierAckPacket
  | RangePacket
  | BitmapPacket
  | CompressedBitmapPacket
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
  | DelayProbePacket
  | EmptyPacket;

export type DataPacket = {
  readonly type: T["Data"] | T["DataReply"] | T["RsDataReply"];
  readonly volume: number;
  readonly sector: number;
  readonly id: bigint;
  readonly seq: number;
  readonly flags: number;
  /** The data; of one that was received, where data-integrity-alg is agreed, their digest before them. */
  readonly payload: Uint8Array;
  /** Only of one that is to be sent: goes before the data. */
  readonly digest?: Uint8Array;
};

export type ZeroPacket = {
  readonly type: T["Trim"] | T["Zeroes"];
  readonly volume: number;
  readonly sector: number;
  readonly id: bigint;
  readonly seq: number;
  readonly flags: number;
  readonly sizeBytes: number;
};

export type WsamePacket = {
  readonly type: T["Wsame"];
  readonly volume: number;
  readonly sector: number;
  readonly id: bigint;
  readonly seq: number;
  readonly flags: number;
  readonly sizeBytes: number;
  readonly payload: Uint8Array;
};

export type RequestPacket = {
  readonly type: T["DataRequest"] | T["RsDataRequest"] | T["RsThinReq"] | T["OvRequest"];
  readonly volume: number;
  readonly sector: number;
  readonly id: bigint;
  readonly sizeBytes: number;
};

export type DigestPacket = {
  readonly type: T["CsumRsRequest"] | T["OvReply"];
  readonly volume: number;
  readonly sector: number;
  readonly id: bigint;
  readonly sizeBytes: number;
  readonly payload: Uint8Array;
};

export type AckPacket = {
  readonly type:
    | T["RecvAck"]
    | T["WriteAck"]
    | T["RsWriteAck"]
    | T["Superseded"]
    | T["NegAck"]
    | T["NegDreply"]
    | T["NegRsDreply"]
    | T["OvResult"]
    | T["RsIsInSync"]
    | T["RsCancel"]
    | T["RetryWrite"];
  readonly volume: number;
  readonly sector: number;
  readonly id: bigint;
  readonly sizeBytes: number;
  readonly seq: number;
};

/** `barrier` is the sender's own, echoed and never interpreted. */
export type BarrierPacket = { readonly type: T["Barrier"]; readonly barrier: number };
export type BarrierAckPacket = {
  readonly type: T["BarrierAck"];
  readonly barrier: number;
  readonly setSize: number;
};

export type RangePacket = {
  readonly type: T["OutOfSync"] | T["RsDeallocated"];
  readonly volume: number;
  readonly sector: number;
  readonly sizeBytes: number;
};

export type BitmapPacket = {
  readonly type: T["Bitmap"];
  readonly volume: number;
  readonly payload: Uint8Array;
};

/** `payload`: the encoding byte, then the code. */
export type CompressedBitmapPacket = {
  readonly type: T["CompressedBitmap"];
  readonly volume: number;
  readonly payload: Uint8Array;
};

export type ProtocolPacket = {
  readonly type: T["Protocol"] | T["ProtocolUpdate"];
  /** 1 = A, 2 = B, 3 = C. */
  readonly protocol: number;
  readonly afterSb0p: number;
  readonly afterSb1p: number;
  readonly afterSb2p: number;
  /** See `ConnFlag`. */
  readonly connFlags: number;
  readonly twoPrimaries: number;
  readonly integrityAlg: string;
};

export type SyncParamPacket = {
  readonly type: T["SyncParam89"];
  readonly volume: number;
  readonly resyncRateKiBs: number;
  readonly verifyAlg: string;
  readonly csumsAlg: string;
  /** From protocol 95 on. */
  readonly controller?: {
    readonly planAheadTenths: number;
    readonly delayTargetTenths: number;
    readonly fillTargetSectors: number;
    readonly maxRateKiBs: number;
  };
};

/** Sizes in sectors; 0 = none. */
export type SizesPacket = {
  readonly type: T["Sizes"];
  readonly volume: number;
  readonly diskSectors: number;
  readonly userSectors: number;
  readonly currentSectors: number;
  readonly maxBioBytes: number;
  readonly queueOrderType: number;
  readonly ddsFlags: number;
  /** Carried if and only if the WSAME feature is agreed. */
  readonly limits?: QueueLimits;
};

export type QueueLimits = {
  readonly physicalBlockBytes: number;
  readonly logicalBlockBytes: number;
  readonly alignmentOffset: number;
  readonly ioMin: number;
  readonly ioOpt: number;
  readonly discardEnabled: boolean;
  readonly discardZeroesData: boolean;
  readonly writeSameCapable: boolean;
};

export type UuidsPacket = {
  readonly type: T["Uuids"];
  readonly volume: number;
  readonly current: bigint;
  readonly bitmap: bigint;
  readonly history1: bigint;
  readonly history2: bigint;
  readonly bits: number;
  /** See `UuidFlag`. */
  readonly flags: number;
};

export type SyncUuidPacket = {
  readonly type: T["SyncUuid"];
  readonly volume: number;
  readonly uuid: bigint;
};

export type StatePacket = {
  readonly type: T["State"];
  readonly volume: number;
  readonly state: DrbdState;
};

/** `mask` and `value` are state words from the sender's point of view. */
export type StateChangePacket = {
  readonly type: T["StateChgReq"] | T["ConnStChgReq"];
  readonly volume: number;
  readonly mask: number;
  readonly value: number;
};

export type StateChangeReplyPacket = {
  readonly type: T["StateChgReply"] | T["ConnStChgReply"];
  readonly volume: number;
  readonly code: number;
};

export type FeaturesPacket = {
  readonly type: T["ConnectionFeatures"];
  readonly protocolMin: number;
  readonly protocolMax: number;
  /** See `Feature`. */
  readonly features: number;
};

export type AuthPacket = {
  readonly type: T["AuthChallenge"] | T["AuthResponse"];
  readonly payload: Uint8Array;
};

export type DelayProbePacket = { readonly type: T["DelayProbe"] | T["SyncParam"] };

export type EmptyPacket = {
  readonly type: T["UnplugRemote"] | T["Ping"] | T["PingAck"] | T["InitialMeta"] | T["InitialData"];
};
