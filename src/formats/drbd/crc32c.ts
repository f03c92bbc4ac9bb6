/**
 * CRC-32C (reflected polynomial 0x82F63B78), in the two ways in which DRBD has it: its activity log begins with 0 and
 * does not invert the end; as a digest on the wire it is the usual one of the catalogues.
 */
/** Row k is for a byte with k more behind it: four bytes are looked up at once. */
const tables: readonly [Uint32Array, Uint32Array, Uint32Array, Uint32Array] = makeTables();

/** Of the activity log: initial value 0 and no final inversion. */
export function rawCrc32c(bytes: Uint8Array): number {
  return update(0, bytes);
}

/** The usual CRC-32C. */
export function crc32c(bytes: Uint8Array): number {
  return ~update(0xffffffff, bytes) >>> 0;
}

function update(start: number, bytes: Uint8Array): number {
  const [t0, t1, t2, t3] = tables;
  const at = (i: number): number => bytes[i] as number;
  let crc = start;
  let i = 0;
  for (; i + 4 <= bytes.length; i += 4) {
    crc ^= at(i) | (at(i + 1) << 8) | (at(i + 2) << 16) | (at(i + 3) << 24);
    const high = (t3[crc & 0xff] as number) ^ (t2[(crc >>> 8) & 0xff] as number);
    crc = high ^ (t1[(crc >>> 16) & 0xff] as number) ^ (t0[crc >>> 24] as number);
  }
  for (; i < bytes.length; i++) crc = (crc >>> 8) ^ (t0[(crc ^ at(i)) & 0xff] as number);
  return crc >>> 0;
}

function makeTables(): typeof tables {
  const first = makeTable();
  const shifted = (row: Uint32Array): Uint32Array =>
    row.map((c) => (c >>> 8) ^ (first[c & 0xff] as number));
  const second = shifted(first);
  const third = shifted(second);
  return [first, second, third, shifted(third)];
}

function makeTable(): Uint32Array {
  const out = new Uint32Array(256);
  for (let i = 0; i < 256; i++) {
    let c = i;
    for (let bit = 0; bit < 8; bit++) c = c & 1 ? (c >>> 1) ^ 0x82f63b78 : c >>> 1;
    out[i] = c;
  }
  return out;
}
