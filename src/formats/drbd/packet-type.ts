/** The packets of DRBD's wire protocol: their numbers, and the size of their fixed part. */
export const PacketType = {
  Data: 0x00,
  DataReply: 0x01,
  RsDataReply: 0x02,
  Barrier: 0x03,
  Bitmap: 0x04,
  UnplugRemote: 0x07,
  DataRequest: 0x08,
  RsDataRequest: 0x09,
  SyncParam: 0x0a,
  Protocol: 0x0b,
  Uuids: 0x0c,
  Sizes: 0x0d,
  State: 0x0e,
  SyncUuid: 0x0f,
  AuthChallenge: 0x10,
  AuthResponse: 0x11,
  StateChgReq: 0x12,
  Ping: 0x13,
  PingAck: 0x14,
  RecvAck: 0x15,
  WriteAck: 0x16,
  RsWriteAck: 0x17,
  Superseded: 0x18,
  NegAck: 0x19,
  NegDreply: 0x1a,
  NegRsDreply: 0x1b,
  BarrierAck: 0x1c,
  StateChgReply: 0x1d,
  OvRequest: 0x1e,
  OvReply: 0x1f,
  OvResult: 0x20,
  CsumRsRequest: 0x21,
  RsIsInSync: 0x22,
  SyncParam89: 0x23,
  CompressedBitmap: 0x24,
  DelayProbe: 0x27,
  OutOfSync: 0x28,
  RsCancel: 0x29,
  ConnStChgReq: 0x2a,
  ConnStChgReply: 0x2b,
  RetryWrite: 0x2c,
  ProtocolUpdate: 0x2d,
  Trim: 0x31,
  RsThinReq: 0x32,
  RsDeallocated: 0x33,
  Wsame: 0x34,
  Zeroes: 0x36,
  InitialMeta: 0xfff1,
  InitialData: 0xfff2,
  ConnectionFeatures: 0xfffe,
} as const;
export type PacketType = (typeof PacketType)[keyof typeof PacketType];

/** What may follow the fixed part of a packet. */
export type PacketShape = {
  readonly name: string;
  readonly fixedBytes: number;
  /** The most bytes after the fixed part; 0 when the size is exact. A longer packet is refused before it is read. */
  readonly moreBytesMax: number;
};

/** 1 MiB of data, and a digest of at most 64 bytes in front of it. */
const dataMax = 1024 * 1024 + 64;
/** A bitmap packet fills a 4 KiB buffer, header included. */
const bitmapMax = 4096;
const nameMax = 64;
const digestMax = 64;

const shapes: readonly (readonly [PacketType, string, number, number])[] = [
  [PacketType.Data, "P_DATA", 24, dataMax],
  [PacketType.DataReply, "P_DATA_REPLY", 24, dataMax],
  [PacketType.RsDataReply, "P_RS_DATA_REPLY", 24, dataMax],
  [PacketType.Barrier, "P_BARRIER", 8, 0],
  [PacketType.Bitmap, "P_BITMAP", 0, bitmapMax],
  [PacketType.UnplugRemote, "P_UNPLUG_REMOTE", 0, 0],
  [PacketType.DataRequest, "P_DATA_REQUEST", 24, 0],
  [PacketType.RsDataRequest, "P_RS_DATA_REQUEST", 24, 0],
  [PacketType.SyncParam, "P_SYNC_PARAM", 4, nameMax],
  [PacketType.Protocol, "P_PROTOCOL", 24, nameMax],
  [PacketType.Uuids, "P_UUIDS", 48, 0],
  [PacketType.Sizes, "P_SIZES", 32, 24],
  [PacketType.State, "P_STATE", 4, 0],
  [PacketType.SyncUuid, "P_SYNC_UUID", 8, 0],
  [PacketType.AuthChallenge, "P_AUTH_CHALLENGE", 0, 128],
  [PacketType.AuthResponse, "P_AUTH_RESPONSE", 0, digestMax],
  [PacketType.StateChgReq, "P_STATE_CHG_REQ", 8, 0],
  [PacketType.Ping, "P_PING", 0, 0],
  [PacketType.PingAck, "P_PING_ACK", 0, 0],
  [PacketType.RecvAck, "P_RECV_ACK", 24, 0],
  [PacketType.WriteAck, "P_WRITE_ACK", 24, 0],
  [PacketType.RsWriteAck, "P_RS_WRITE_ACK", 24, 0],
  [PacketType.Superseded, "P_SUPERSEDED", 24, 0],
  [PacketType.NegAck, "P_NEG_ACK", 24, 0],
  [PacketType.NegDreply, "P_NEG_DREPLY", 24, 0],
  [PacketType.NegRsDreply, "P_NEG_RS_DREPLY", 24, 0],
  [PacketType.BarrierAck, "P_BARRIER_ACK", 8, 0],
  [PacketType.StateChgReply, "P_STATE_CHG_REPLY", 4, 0],
  [PacketType.OvRequest, "P_OV_REQUEST", 24, 0],
  [PacketType.OvReply, "P_OV_REPLY", 24, digestMax],
  [PacketType.OvResult, "P_OV_RESULT", 24, 0],
  [PacketType.CsumRsRequest, "P_CSUM_RS_REQUEST", 24, digestMax],
  [PacketType.RsIsInSync, "P_RS_IS_IN_SYNC", 24, 0],
  [PacketType.SyncParam89, "P_SYNC_PARAM89", 132, 16],
  [PacketType.CompressedBitmap, "P_COMPRESSED_BITMAP", 1, bitmapMax],
  [PacketType.DelayProbe, "P_DELAY_PROBE", 8, 0],
  [PacketType.OutOfSync, "P_OUT_OF_SYNC", 16, 0],
  [PacketType.RsCancel, "P_RS_CANCEL", 24, 0],
  [PacketType.ConnStChgReq, "P_CONN_ST_CHG_REQ", 8, 0],
  [PacketType.ConnStChgReply, "P_CONN_ST_CHG_REPLY", 4, 0],
  [PacketType.RetryWrite, "P_RETRY_WRITE", 24, 0],
  [PacketType.ProtocolUpdate, "P_PROTOCOL_UPDATE", 24, nameMax],
  [PacketType.Trim, "P_TRIM", 28, 0],
  [PacketType.RsThinReq, "P_RS_THIN_REQ", 24, 0],
  [PacketType.RsDeallocated, "P_RS_DEALLOCATED", 16, 0],
  [PacketType.Wsame, "P_WSAME", 28, dataMax],
  [PacketType.Zeroes, "P_ZEROES", 28, digestMax],
  [PacketType.InitialMeta, "P_INITIAL_META", 0, 0],
  [PacketType.InitialData, "P_INITIAL_DATA", 0, 0],
  [PacketType.ConnectionFeatures, "P_CONNECTION_FEATURES", 72, 0],
];

const shapeByType: ReadonlyMap<number, PacketShape> = new Map(
  shapes.map(([type, name, fixedBytes, moreBytesMax]) => [
    type,
    { name, fixedBytes, moreBytesMax },
  ]),
);

/** Undefined for a number that is no packet of protocol 86 to 101. */
export function packetShape(type: number): PacketShape | undefined {
  return shapeByType.get(type);
}

export function packetName(type: number): string {
  return shapeByType.get(type)?.name ?? `packet 0x${type.toString(16)}`;
}
