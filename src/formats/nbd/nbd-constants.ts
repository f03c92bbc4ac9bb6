/**
 * Numbers of the NBD protocol: fixed newstyle handshake, transmission with simple and structured replies.
 * Source: doc/proto.md of the NetworkBlockDevice project, sections "Values" and "Transmission". All big-endian.
 */

export const greetingMagic = 0x4e42444d41474943n;
export const optionMagic = 0x49484156454f5054n;
export const optionReplyMagic = 0x0003e889045565a9n;
export const requestMagic = 0x25609513;
export const simpleReplyMagic = 0x67446698;
export const structuredReplyMagic = 0x668e33ef;

export const handshakeFlag = { fixedNewstyle: 1, noZeroes: 2 } as const;

export const option = {
  exportName: 1,
  abort: 2,
  list: 3,
  startTls: 5,
  info: 6,
  go: 7,
  structuredReply: 8,
  listMetaContext: 9,
  setMetaContext: 10,
} as const;

export const optionReply = {
  ack: 1,
  server: 2,
  info: 3,
  metaContext: 4,
  unsupported: 0x80000001,
  policy: 0x80000002,
  invalid: 0x80000003,
  unknownExport: 0x80000006,
  shutdown: 0x80000007,
  tooBig: 0x80000009,
} as const;

export const infoType = { export: 0, name: 1, description: 2, blockSize: 3 } as const;

/** Transmission flags: what an export can do. */
export const exportFlag = {
  hasFlags: 1,
  readOnly: 2,
  flush: 4,
  fua: 8,
  trim: 32,
  writeZeroes: 64,
  dontFragment: 128,
  multiConnection: 256,
  fastZero: 2048,
} as const;

export const command = {
  read: 0,
  write: 1,
  disconnect: 2,
  flush: 3,
  trim: 4,
  cache: 5,
  writeZeroes: 6,
  blockStatus: 7,
} as const;

export const commandFlag = {
  fua: 1,
  noHole: 2,
  dontFragment: 4,
  requestOne: 8,
  fastZero: 16,
} as const;

export const chunkFlagDone = 1;

export const chunkType = {
  none: 0,
  offsetData: 1,
  blockStatus: 5,
  error: 0x8001,
} as const;

/** Bits of a block status in the context base:allocation. */
export const allocationBit = { hole: 1, zero: 2 } as const;

/** The error values that the protocol allows. */
export const nbdError = {
  none: 0,
  EPERM: 1,
  EIO: 5,
  ENOMEM: 12,
  EINVAL: 22,
  ENOSPC: 28,
  EOVERFLOW: 75,
  ENOTSUP: 95,
  ESHUTDOWN: 108,
} as const;

export const requestBytes = 28;
export const optionHeaderBytes = 16;
export const simpleReplyBytes = 16;
export const chunkHeaderBytes = 20;

/** A name or a message is at most this long (section "String"). */
export const stringBytesMax = 4096;
