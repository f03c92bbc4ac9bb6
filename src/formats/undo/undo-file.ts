/**
 * The undo file: what a resync is about to overwrite on the node whose changes are given up (docs/formats/undo.md).
 *
 *     0   8 bytes   "HFUNDO1\n"
 *     8   4 bytes   length of the header, big-endian
 *    12   header    JSON, UTF-8; zeros up to the next multiple of 4096
 *         data      the ranges' bytes, one after the other
 *         32 bytes  SHA-256 of everything before
 */
import { err, ok, type Result } from "../../base/result.ts";
import { decodeUtf8, encodeUtf8 } from "../../base/utf8.ts";
import { list, object, parseJson, type Shape, text, whole } from "../json/json-shape.ts";

const magic = "HFUNDO1\n";
/** Magic and length: what has to be read before it is known how long the header is. */
export const undoPrefixBytes = 12;
const alignment = 4096;
/** Ranges are read, written and compared in pieces of at most this. */
export const undoPieceBytes: number = 1024 * 1024;
export const undoDigestBytes = 32;
/** A header of more bytes is none: some ten million ranges. */
const headerBytesMax = 512 * 1024 * 1024;

export type UndoHeader = {
  readonly resource: string;
  readonly volume: number;
  /** Whose copy this was. */
  readonly node: string;
  readonly peer: string;
  /** Milliseconds since 1970. */
  readonly savedAtMs: number;
  /** For people: why it was saved. */
  readonly reason: string;
  readonly sizeBytes: number;
  /** This node's generation then, and the peer's: 16 hexadecimal digits each. */
  readonly current: string;
  readonly bitmap: string;
  readonly peerCurrent: string;
  /** Ascending and apart: offset and length in bytes. */
  readonly ranges: readonly UndoRange[];
};

export type UndoRange = { readonly offset: number; readonly length: number };

type StoredHeader = Omit<UndoHeader, "ranges"> & { readonly ranges: readonly number[] };

const shape: Shape<StoredHeader> = object<StoredHeader>({
  resource: text,
  volume: whole,
  node: text,
  peer: text,
  savedAtMs: whole,
  reason: text,
  sizeBytes: whole,
  current: text,
  bitmap: text,
  peerCurrent: text,
  ranges: list(whole),
});

/** With magic, length and padding. */
export function encodeUndoHeader(header: UndoHeader): Uint8Array {
  const ranges = header.ranges.flatMap(({ offset, length }) => [offset, length]);
  const json = encodeUtf8(JSON.stringify({ ...header, ranges }));
  const bytes = new Uint8Array(headerRoom(json.length));
  bytes.set(encodeUtf8(magic));
  new DataView(bytes.buffer).setUint32(magic.length, json.length);
  bytes.set(json, undoPrefixBytes);
  return bytes;
}

/** @param bytes the first `undoPrefixBytes`. @returns where the data begin. */
export function undoDataOffset(bytes: Uint8Array): Result<number> {
  if (bytes.length < undoPrefixBytes) return err("it is too short");
  if (decodeUtf8(bytes.subarray(0, magic.length)) !== magic) return err("it is no undo file");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length);
  if (length > headerBytesMax) return err("its header is too long");
  return ok(headerRoom(length));
}

/** @param bytes up to where the data begin. */
export function decodeUndoHeader(bytes: Uint8Array): Result<UndoHeader> {
  const offset = undoDataOffset(bytes);
  if (!offset.ok) return offset;
  if (bytes.length < offset.value) return err("its header is cut off");
  const length = new DataView(bytes.buffer, bytes.byteOffset).getUint32(magic.length);
  const parsed = parseJson(decodeUtf8(bytes.subarray(undoPrefixBytes, undoPrefixBytes + length)));
  if (!parsed.ok) return err("its header is no JSON");
  const stored = shape(parsed.value);
  if (!stored.ok) return err(`its header is broken: ${stored.error}`);
  const ranges = rangesOf(stored.value);
  return ranges.ok ? ok({ ...stored.value, ranges: ranges.value }) : ranges;
}

export function undoDataBytes(ranges: readonly UndoRange[]): number {
  return ranges.reduce((sum, { length }) => sum + length, 0);
}

/** The ranges in their order, cut into pieces. */
export function* undoPieces(ranges: readonly UndoRange[]): Generator<UndoRange> {
  for (const { offset, length } of ranges) {
    for (let done = 0; done < length; done += undoPieceBytes) {
      yield { offset: offset + done, length: Math.min(undoPieceBytes, length - done) };
    }
  }
}

function rangesOf({ ranges, sizeBytes }: StoredHeader): Result<readonly UndoRange[]> {
  const found: UndoRange[] = [];
  let end = 0;
  for (let i = 0; i < ranges.length; i += 2) {
    const [offset = -1, length = -1] = ranges.slice(i, i + 2);
    if (offset < end || length <= 0 || length % 512 !== 0 || offset + length > sizeBytes) {
      return err("its ranges are not in order, or outside the volume");
    }
    end = offset + length;
    found.push({ offset, length });
  }
  return ok(found);
}

function headerRoom(jsonBytes: number): number {
  return Math.ceil((undoPrefixBytes + jsonBytes) / alignment) * alignment;
}
