/**
 * CRC-32C (reflected polynomial 0x82F63B78), in the two ways in which DRBD has it: its activity log begins with 0 and
 * does not invert the end; as a digest on the wire it is the usual one of the catalogues.
 */
const table: Uint32Array = makeTable();

/** Of the activity log: initial value 0 and no final inversion. */
export function rawCrc32c(bytes: Uint8Array): number {
  return update(0, bytes);
}

/** The usual CRC-32C. */
export function crc32c(bytes: Uint8Array): number {
  return ~update(0xffffffff, bytes) >>> 0;
}

function update(start: number, bytes: Uint8Array): number {
  let crc = start;
  for (const byte of bytes) crc = (crc >>> 8) ^ (table[(crc ^ byte) & 0xff] as number);
  return crc >>> 0;
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
