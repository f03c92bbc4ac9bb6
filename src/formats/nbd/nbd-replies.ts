/** Encoding of what the server sends in the greeting and in the transmission phase. Offsets into `out` are the caller's. */
import { viewOf } from "../../base/bytes.ts";
import { encodeUtf8 } from "../../base/utf8.ts";
import {
  chunkFlagDone,
  chunkHeaderBytes,
  chunkType,
  greetingMagic,
  handshakeFlag,
  optionMagic,
  simpleReplyBytes,
  simpleReplyMagic,
  stringBytesMax,
  structuredReplyMagic,
} from "./nbd-constants.ts";

/** A request's cookie, as two halves: a bigint for each request would cost more than the request. */
export type Cookie = { readonly high: number; readonly low: number };

export function encodeGreeting(): Uint8Array {
  const out = new Uint8Array(18);
  const view = viewOf(out);
  view.setBigUint64(0, greetingMagic);
  view.setBigUint64(8, optionMagic);
  view.setUint16(16, handshakeFlag.fixedNewstyle | handshakeFlag.noZeroes);
  return out;
}

/** The answer to NBD_OPT_EXPORT_NAME: no frame, and 124 zero bytes unless the client can do without. */
export function encodeExportNameReply(
  sizeBytes: number,
  options: { readonly flags: number; readonly withZeroes: boolean },
): Uint8Array {
  const out = new Uint8Array(options.withZeroes ? 134 : 10);
  const view = viewOf(out);
  view.setBigUint64(0, BigInt(sizeBytes));
  view.setUint16(8, options.flags);
  return out;
}

/** Writes 16 bytes at `at`. In a simple reply to a read, the data follows. */
export function putSimpleReply(
  view: DataView,
  at: number,
  reply: { readonly cookie: Cookie; readonly error: number },
): void {
  view.setUint32(at, simpleReplyMagic);
  view.setUint32(at + 4, reply.error);
  view.setUint32(at + 8, reply.cookie.high);
  view.setUint32(at + 12, reply.cookie.low);
}

/** Bytes before the data of a read: in a simple reply, in the one data chunk of a structured reply. */
export const simpleReadHeadBytes: number = simpleReplyBytes;
export const structuredReadHeadBytes: number = chunkHeaderBytes + 8;

/** Writes 28 bytes: the head of the only chunk of a structured reply to a read, which ends the reply. */
export function putReadChunk(
  out: Uint8Array,
  cookie: Cookie,
  range: { readonly offset: number; readonly lengthBytes: number },
): void {
  const view = viewOf(out);
  putChunkHeader(view, cookie, { type: chunkType.offsetData, lengthBytes: 8 + range.lengthBytes });
  view.setUint32(20, Math.floor(range.offset / 0x100000000));
  view.setUint32(24, range.offset >>> 0);
}

export function encodeErrorChunk(cookie: Cookie, error: number, message: string): Uint8Array {
  const text = encodeUtf8(message).subarray(0, stringBytesMax);
  const out = new Uint8Array(chunkHeaderBytes + 6 + text.length);
  const view = viewOf(out);
  putChunkHeader(view, cookie, { type: chunkType.error, lengthBytes: 6 + text.length });
  view.setUint32(20, error);
  view.setUint16(24, text.length);
  out.set(text, 26);
  return out;
}

export type StatusDescriptor = { readonly lengthBytes: number; readonly status: number };

export function encodeBlockStatus(
  cookie: Cookie,
  contextId: number,
  descriptors: readonly StatusDescriptor[],
): Uint8Array {
  const lengthBytes = 4 + 8 * descriptors.length;
  const out = new Uint8Array(chunkHeaderBytes + lengthBytes);
  const view = viewOf(out);
  putChunkHeader(view, cookie, { type: chunkType.blockStatus, lengthBytes });
  view.setUint32(20, contextId);
  descriptors.forEach((descriptor, i) => {
    view.setUint32(24 + 8 * i, descriptor.lengthBytes);
    view.setUint32(28 + 8 * i, descriptor.status);
  });
  return out;
}

function putChunkHeader(
  view: DataView,
  cookie: Cookie,
  chunk: { readonly type: number; readonly lengthBytes: number },
): void {
  view.setUint32(0, structuredReplyMagic);
  view.setUint16(4, chunkFlagDone);
  view.setUint16(6, chunk.type);
  view.setUint32(8, cookie.high);
  view.setUint32(12, cookie.low);
  view.setUint32(16, chunk.lengthBytes);
}
