/**
 * Compressed bitmaps (P_COMPRESSED_BITMAP): run lengths of alternating value as variable length integers in a bit
 * stream, least significant bit of each byte first. The first byte says the value of the first run and how many bits
 * at the end are padding. Where the runs begin is not in the packet: it goes on where the packet before ended.
 */
import { err, ok, type Result } from "../../base/result.ts";

/** What is encoded: bits in a row. */
export type BitSource = {
  readonly bits: number;
  isSet(bit: number): boolean;
  /** The first bit from `bit` on whose value differs from it, or `bits`. */
  endOfRun(bit: number): number;
};

/** Runs of alternating value, the first of `firstSet`; none is empty. */
export type BitRuns = { readonly firstSet: boolean; readonly lengths: readonly number[] };

type Level = {
  readonly prefixBits: number;
  readonly prefix: number;
  readonly dataBits: number;
  readonly base: number;
};

/** A run of length base + data is written as the prefix, then the data. */
const levels: readonly Level[] = makeLevels([
  [1, 0x00, 1],
  [2, 0x01, 1],
  [3, 0x03, 2],
  [4, 0x07, 3],
  [5, 0x0f, 5],
  [6, 0x1f, 8],
  [8, 0x3f, 13],
  [8, 0x7f, 21],
  [8, 0xbf, 34],
  [8, 0xff, 56],
]);

const codeVlq = 2;

/** Encodes from bit `from` on, as many runs as fit in `payloadBytesMax`, the first byte included. */
export function encodeBitRuns(
  source: BitSource,
  from: number,
  payloadBytesMax: number,
): { readonly payload: Uint8Array; readonly end: number } {
  const bytes = new Uint8Array(payloadBytesMax);
  const bitsMax = (payloadBytesMax - 1) * 8;
  let used = 0;
  let position = from;
  while (position < source.bits) {
    const end = source.endOfRun(position);
    const length = end - position;
    const level = levelOf(length);
    if (used + level.prefixBits + level.dataBits > bitsMax) break;
    putBits(bytes, 8 + used, level.prefix, level.prefixBits);
    putBits(bytes, 8 + used + level.prefixBits, length - level.base, level.dataBits);
    used += level.prefixBits + level.dataBits;
    position = end;
  }
  const padding = (8 - (used % 8)) % 8;
  const first = from < source.bits && source.isSet(from) ? 0x80 : 0;
  bytes[0] = codeVlq | (padding << 4) | first;
  return { payload: bytes.subarray(0, 1 + Math.ceil(used / 8)), end: position };
}

export function decodeBitRuns(payload: Uint8Array): Result<BitRuns> {
  const encoding = payload[0] ?? 0;
  if ((encoding & 0x0f) !== codeVlq) return err(`bitmap code ${encoding & 0x0f} is not known`);
  const total = payload.length * 8 - ((encoding >> 4) & 7);
  const lengths: number[] = [];
  let at = 8;
  while (at < total) {
    const level = levelAt(payload, at, total);
    if (level === undefined) return err("a cut run length in a bitmap code");
    const data = getBits(payload, at + level.prefixBits, level.dataBits);
    const length = level.base + data;
    if (!Number.isSafeInteger(length)) return err("an impossible run length in a bitmap code");
    lengths.push(length);
    at += level.prefixBits + level.dataBits;
  }
  return ok({ firstSet: (encoding & 0x80) !== 0, lengths });
}

function makeLevels(rows: readonly (readonly [number, number, number])[]): readonly Level[] {
  let base = 1;
  return rows.map(([prefixBits, prefix, dataBits]) => {
    const level = { prefixBits, prefix, dataBits, base };
    base += 2 ** dataBits;
    return level;
  });
}

function levelOf(length: number): Level {
  for (const level of levels) if (length < level.base + 2 ** level.dataBits) return level;
  return levels[levels.length - 1] as Level;
}

/** The level whose prefix stands at `at` and whose whole code ends within `total`. */
function levelAt(payload: Uint8Array, at: number, total: number): Level | undefined {
  for (const level of levels) {
    if (at + level.prefixBits + level.dataBits > total) continue;
    if (getBits(payload, at, level.prefixBits) === level.prefix) return level;
  }
  return undefined;
}

function putBits(bytes: Uint8Array, at: number, value: number, count: number): void {
  let rest = value;
  let left = count;
  let position = at;
  while (left > 0) {
    const shift = position & 7;
    const take = Math.min(8 - shift, left);
    const index = position >> 3;
    bytes[index] = (bytes[index] as number) | ((rest % 2 ** take) << shift);
    rest = Math.floor(rest / 2 ** take);
    position += take;
    left -= take;
  }
}

function getBits(bytes: Uint8Array, at: number, count: number): number {
  let value = 0;
  let done = 0;
  while (done < count) {
    const position = at + done;
    const shift = position & 7;
    const take = Math.min(8 - shift, count - done);
    const part = ((bytes[position >> 3] as number) >> shift) & (2 ** take - 1);
    value += part * 2 ** done;
    done += take;
  }
  return value;
}
