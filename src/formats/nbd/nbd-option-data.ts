/** Decoding of what a client sends with an option, and encoding of the answers (sections "Option types", "Option reply types"). */
import { viewOf } from "../../base/bytes.ts";
import { err, ok, type Result } from "../../base/result.ts";
import { decodeUtf8, encodeUtf8 } from "../../base/utf8.ts";
import { infoType, optionReplyMagic, stringBytesMax } from "./nbd-constants.ts";

export type InfoRequest = { readonly exportName: string; readonly wanted: readonly number[] };

/** The data of NBD_OPT_INFO and NBD_OPT_GO. */
export function decodeInfoRequest(data: Uint8Array): Result<InfoRequest> {
  if (data.length < 6) return err("the option's data is shorter than 6 bytes");
  const view = viewOf(data);
  const nameBytes = view.getUint32(0);
  if (nameBytes > stringBytesMax || nameBytes > data.length - 6)
    return err(`a name of ${nameBytes} bytes does not fit`);
  const count = view.getUint16(4 + nameBytes);
  if (data.length !== 6 + nameBytes + 2 * count)
    return err(`${count} information requests do not fit the option's length`);
  const wanted: number[] = [];
  for (let i = 0; i < count; i++) wanted.push(view.getUint16(6 + nameBytes + 2 * i));
  return ok({ exportName: decodeUtf8(data.subarray(4, 4 + nameBytes)), wanted });
}

export type MetaContextRequest = {
  readonly exportName: string;
  readonly queries: readonly string[];
};

/** The data of NBD_OPT_LIST_META_CONTEXT and NBD_OPT_SET_META_CONTEXT. */
export function decodeMetaContextRequest(data: Uint8Array): Result<MetaContextRequest> {
  const view = viewOf(data);
  let at = 0;
  const takeText = (): string | undefined => {
    if (data.length - at < 4) return undefined;
    const length = view.getUint32(at);
    if (length > stringBytesMax || length > data.length - at - 4) return undefined;
    const text = decodeUtf8(data.subarray(at + 4, at + 4 + length));
    at += 4 + length;
    return text;
  };
  const exportName = takeText();
  if (exportName === undefined) return err("the export's name does not fit the option's length");
  if (data.length - at < 4) return err("the number of queries is missing");
  const count = view.getUint32(at);
  at += 4;
  const queries: string[] = [];
  for (let i = 0; i < count; i++) {
    const query = takeText();
    if (query === undefined) return err(`query ${i + 1} does not fit the option's length`);
    queries.push(query);
  }
  if (at !== data.length) return err("there are bytes after the last query");
  return ok({ exportName, queries });
}

export function encodeOptionReply(option: number, reply: number, data: Uint8Array): Uint8Array {
  const out = new Uint8Array(20 + data.length);
  const view = viewOf(out);
  view.setBigUint64(0, optionReplyMagic);
  view.setUint32(8, option);
  view.setUint32(12, reply);
  view.setUint32(16, data.length);
  out.set(data, 20);
  return out;
}

/** The data of NBD_REP_SERVER. */
export function encodeServerName(name: string): Uint8Array {
  const bytes = encodeUtf8(name);
  const out = new Uint8Array(4 + bytes.length);
  viewOf(out).setUint32(0, bytes.length);
  out.set(bytes, 4);
  return out;
}

export function encodeExportInfo(sizeBytes: number, flags: number): Uint8Array {
  const out = new Uint8Array(12);
  const view = viewOf(out);
  view.setUint16(0, infoType.export);
  view.setBigUint64(2, BigInt(sizeBytes));
  view.setUint16(10, flags);
  return out;
}

/** NBD_INFO_NAME or NBD_INFO_DESCRIPTION. */
export function encodeTextInfo(type: number, text: string): Uint8Array {
  const bytes = encodeUtf8(text);
  const out = new Uint8Array(2 + bytes.length);
  viewOf(out).setUint16(0, type);
  out.set(bytes, 2);
  return out;
}

export function encodeBlockSizeInfo(sizes: {
  readonly minimum: number;
  readonly preferred: number;
  readonly maximum: number;
}): Uint8Array {
  const out = new Uint8Array(14);
  const view = viewOf(out);
  view.setUint16(0, infoType.blockSize);
  view.setUint32(2, sizes.minimum);
  view.setUint32(6, sizes.preferred);
  view.setUint32(10, sizes.maximum);
  return out;
}

/** The data of NBD_REP_META_CONTEXT. */
export function encodeMetaContext(id: number, name: string): Uint8Array {
  const bytes = encodeUtf8(name);
  const out = new Uint8Array(4 + bytes.length);
  viewOf(out).setUint32(0, id);
  out.set(bytes, 4);
  return out;
}
