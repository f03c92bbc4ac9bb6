/** The bits inside DRBD's packets, and the numbers that never change. */

/** dp_flags of P_DATA and its kin. */
export const DataFlag = {
  RwSync: 2,
  /** Sent while a resync runs: the receiver may clear the bits of what it writes, and then acks with P_RS_WRITE_ACK. */
  MaySetInSync: 4,
  Unplug: 8,
  Fua: 16,
  Flush: 32,
  Discard: 64,
  /** Protocol B: answer with P_RECV_ACK. */
  SendReceiveAck: 128,
  /** Protocol C, and any write during a resync: answer with P_WRITE_ACK. */
  SendWriteAck: 256,
  Wsame: 512,
  /** With Discard: may unmap; alone: zeros must be allocated. */
  Zeroes: 1024,
} as const;

/** Features offered in P_CONNECTION_FEATURES; in force if both sides offer them. */
export const Feature = { Trim: 1, ThinResync: 2, Wsame: 4, Wzeroes: 8 } as const;

/** conn_flags of P_PROTOCOL. */
export const ConnFlag = { DiscardMyData: 1, DryRun: 2 } as const;

/** Flags of P_UUIDS. */
/** Of P_SIZES: how a resize was meant. */
export const SizesFlag = {
  /** Not connected, the peer's disk was taken for as large as this one. */
  Forced: 1,
  /** What is new counts as equal. */
  NoResync: 2,
} as const;

export const UuidFlag = {
  DiscardMyData: 1,
  CrashedPrimary: 2,
  /** My disk, being negotiated, is Inconsistent. */
  Inconsistent: 4,
  SkipInitialSync: 8,
} as const;

/** The block_id of P_OV_RESULT: what the comparison said. */
export const VerifyResult = { Equal: 4711n, Different: 4712n } as const;

/** The block_id of every packet that belongs to a resync or verify. */
export const syncerId = 0xffffffffffffffffn;

export const sectorBytes = 512;
/** The largest data request over the wire from protocol 100 on. */
export const requestBytesMax: number = 1024 * 1024;
/** The largest discard or write-zeroes over the wire when WSAME is agreed. */
export const zeroRequestBytesMax: number = 128 * 1024 * 1024;

export const protocolVersionMin = 100;
export const protocolVersionMax = 101;
